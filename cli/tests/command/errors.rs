//! Every mistake is one line on standard error: 2 for a call that makes no sense, 1 for a failure; nothing is written.

use std::fs;
use std::process::Stdio;

use crate::support::{Folder, coffee, fails, manylane, manylane_without_gpu, ran, run};

#[test]
fn no_command() {
    fails(&run([] as [&str; 0]), 2, &["no command", "info, bench, image, plan or models"]);
    fails(&run(["dance"]), 2, &["dance"]);
    fails(&run(["info", "--jsn"]), 2, &["--jsn"]);
}

#[test]
fn unknown_names_on_the_command_line() {
    fails(&run(["bench", "--kernels", "saxpi"]), 2, &["`saxpi`", "saxpy, distance, black_scholes"]);
    fails(&run(["bench", "--targets", "cuda"]), 2, &["`cuda`", "scalar, simd, threads, gpu"]);
    fails(&run(["bench", "--sizes", "12q"]), 2, &["`12q`", "64k"]);
    fails(&run(["bench", "--sizes", "0"]), 2, &["`0`", "from 1 on"]);
    fails(&run(["plan", "--kernel", "saxpi", "--size", "1k"]), 2, &["`saxpi`"]);
    fails(
        &run(["image", "a.png", "b.png", "--op", "emboss"]),
        2,
        &["`emboss`", "gray, brightness, contrast", "blur, box"],
    );
    fails(&run(["image", "a.png", "b.png", "--op", "blur:900"]), 2, &["900", "256"]);
    fails(&run(["image", "a.png", "b.png", "--op", "gray", "--target", "tpu"]), 2, &["`tpu`"]);
    fails(&run(["image", "a.png", "--op", "gray"]), 2, &["IN… OUT"]);
    fails(&run(["image", "a.png", "b.png"]), 2, &["--op"]);
}

#[test]
fn a_forced_gpu_where_there_is_none() {
    let folder = Folder::new("forced-gpu");
    let out = folder.at("out.png");
    let image = [coffee().as_os_str(), out.as_os_str()].map(ToOwned::to_owned);
    let ran_image =
        ran(manylane_without_gpu().arg("image").args(image).args(["--op", "sobel", "--target", "gpu"]));
    fails(&ran_image, 1, &["no GPU", "install"]);
    let bench = ran(manylane_without_gpu().args(["bench", "--quick", "--targets", "gpu:0"]));
    fails(&bench, 1, &["no GPU", "install"]);
    assert!(folder.names().is_empty());
}

#[test]
fn a_size_beyond_the_memory() {
    fails(&run(["bench", "--kernels", "saxpy", "--sizes", "1000000G"]), 1, &["this machine has", "smaller"]);
}

#[test]
fn an_unknown_level() {
    fails(&ran(manylane().env("MANYLANE_SIMD", "mmx").arg("info")), 2, &["`mmx`", "avx2"]);
}

#[test]
fn pictures_that_cannot_be_read() {
    let folder = Folder::new("unreadable");
    let out = folder.at("out.png");
    let tried = |name: &str, bytes: &[u8]| {
        let place = folder.at(name);
        fs::write(&place, bytes).expect("written");
        let ran =
            ran(manylane().arg("image").arg(&place).arg(&out).args(["--op", "sobel", "--target", "simd"]));
        fs::remove_file(&place).expect("removed");
        ran
    };
    let photograph = fs::read(coffee()).expect("the photograph");
    fails(&tried("half.png", &photograph[..photograph.len() / 2]), 1, &["half.png", "damaged"]);
    fails(&tried("empty.png", b""), 1, &["empty.png", "empty"]);
    fails(&tried("text.png", b"this is a text, not a picture"), 1, &["text.png"]);
    fails(&tried("zeros.jpg", &[0; 4096]), 1, &["zeros.jpg"]);
    let mut flipped = photograph.clone();
    for byte in &mut flipped[2000..2100] {
        *byte ^= 0x5a;
    }
    fails(&tried("flipped.png", &flipped), 1, &["flipped.png", "damaged"]);
    // A header that asks for 100,000 x 100,000 pixels, its checksum right.
    let huge = [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        b"\0\0\0\x0dIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0",
        &crc(b"IHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0").to_be_bytes(),
        b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82",
    ]
    .concat();
    fails(&tried("huge.png", &huge), 1, &["huge.png", "too large", "65535"]);
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xa0\x86\x01\0\xa0\x86\x01\0\x01\0\x18\0".to_vec();
    bmp.resize(4096, 0);
    fails(&tried("huge.bmp", &bmp), 1, &["huge.bmp", "too large"]);
    let mut none = bmp.clone();
    none[18..26].fill(0);
    fails(&tried("none.bmp", &none), 1, &["none.bmp"]);
    let empty = [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        b"\0\0\0\x0dIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0",
        &crc(b"IHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0").to_be_bytes(),
    ]
    .concat();
    fails(&tried("none.png", &empty), 1, &["none.png"]);
    let picture = image::open(coffee()).expect("the photograph");
    for name in ["half.jpg", "half.webp", "half.tiff", "half.bmp"] {
        let whole = folder.at(&format!("whole-{name}"));
        picture.save(&whole).expect("written");
        let bytes = fs::read(&whole).expect("a picture");
        fs::remove_file(whole).expect("removed");
        fails(&tried(name, &bytes[..bytes.len() / 2]), 1, &[name, "damaged"]);
        fails(&tried(name, &bytes[..20]), 1, &[name]);
    }
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    for side in [256u16, 257] {
        tiff.extend([side.to_le_bytes(), 4u16.to_le_bytes()].concat());
        tiff.extend([1u32.to_le_bytes(), 100_000u32.to_le_bytes()].concat());
    }
    tiff.extend([0; 64]);
    fails(&tried("huge.tiff", &tiff), 1, &["huge.tiff"]);

    let absent = ran(manylane().arg("image").arg(folder.at("absent.png")).arg(&out).args(["--op", "gray"]));
    fails(&absent, 1, &["absent.png", "no such file"]);
    let no_pictures = ran(manylane().arg("image").arg(folder.path()).arg(&out).args(["--op", "gray"]));
    fails(&no_pictures, 1, &["folder", "holds no picture"]);
    let no_files = ran(manylane().arg("image").arg(folder.at("*.png")).arg(&out).args(["--op", "gray"]));
    fails(&no_files, 1, &["*.png", "no file fits"]);
    #[cfg(unix)]
    {
        let device = ran(manylane().args(["image", "/dev/zero"]).arg(&out).args(["--op", "gray"]));
        fails(&device, 1, &["/dev/zero", "regular file"]);
    }
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn places_that_cannot_be_written() {
    let folder = Folder::new("unwritable");
    let to = |place: &std::path::Path| {
        ran(manylane().arg("image").arg(coffee()).arg(place).args(["--op", "gray", "--target", "simd"]))
    };
    fails(&to(&folder.at("absent/out.png")), 1, &["out.png", "does not exist"]);
    fails(&to(&folder.at("out.xyz")), 2, &["out.xyz", ".png"]);
    fails(&to(&folder.at("out")), 2, &["out", ".png"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let kept = folder.at("kept.png");
        fs::write(&kept, "mine").expect("written");
        fs::set_permissions(&kept, fs::Permissions::from_mode(0o444)).expect("read-only");
        fails(&to(&kept), 1, &["kept.png", "read-only"]);
        assert_eq!(fs::read(&kept).expect("kept"), b"mine");
        fs::remove_file(&kept).expect("removed");
    }
    let record = ran(manylane().args(["bench", "--quick", "--json"]).arg(folder.at("absent/x.json")));
    fails(&record, 1, &["x.json", "does not exist"]);
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away() {
    for args in [["image", "--list"], ["info", "--json"], ["--help", "info"]] {
        let mut child = manylane()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{args:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{args:?}: {output:?}");
    }
}

#[test]
fn help_is_no_mistake() {
    for args in [["--help"].as_slice(), &["bench", "--help"], &["--version"]] {
        let ran = run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert!(!ran.out.is_empty());
    }
}

/// The checksum of PNG chunks.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}
