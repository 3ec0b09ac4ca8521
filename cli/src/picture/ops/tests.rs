use super::*;

fn parsed(text: &str) -> manylane::Result<Op> {
    text.parse()
}

fn small(rt: &Runtime) -> manylane::Result<Vec<Picture>> {
    let byte = |at: usize| (at * 37 % 251) as u8;
    let (width, height) = (13, 12);
    let n = width * height;
    Ok(vec![
        Picture::Gray(rt.picture((0..n).map(byte).collect::<Vec<u8>>(), (width, height))?),
        Picture::Rgb(rt.picture(
            (0..n).map(|at| [byte(at), byte(at + 1), byte(2 * at)]).collect::<Vec<_>>(),
            (width, height),
        )?),
        Picture::Rgba(rt.picture(
            (0..n).map(|at| [byte(at), byte(at + 1), byte(2 * at), byte(3 * at)]).collect::<Vec<_>>(),
            (width, height),
        )?),
    ])
}

/// Arguments for those that have no defaults.
fn example(entry: &Entry) -> &'static str {
    match entry.name {
        "brightness" => "brightness:20",
        "contrast" => "contrast:1.5",
        "gamma" => "gamma:2.2",
        "threshold" => "threshold:127",
        "convolve" => "convolve:0,1,0,1,-4,1,0,1,0",
        "resize" => "resize:50%",
        "rotate" => "rotate:30",
        "affine" => "affine:1,0.1,0,0,1,0",
        "perspective" => "perspective:1,0,0,0,1,0,0.01,0,1",
        "mandelbrot" => "mandelbrot:20x10",
        "julia" => "julia:20x10",
        name => name,
    }
}

#[test]
fn the_table_is_sound() {
    let mut names: Vec<&str> = entries().map(|entry| entry.name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|a, b| a < b), "two of one name: {names:?}");
    for entry in entries() {
        let given = entry.args.iter().skip_while(|arg| arg.default.is_none());
        assert!(given.into_iter().all(|arg| arg.default.is_some()), "{}: defaults come last", entry.name);
        if !entry.args.iter().any(|arg| matches!(arg.kind, parse::Kind::File)) {
            parsed(example(entry)).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        }
        if entry.args.first().is_some_and(|arg| arg.default.is_none()) {
            let error = parsed(entry.name).expect_err("it needs an argument").to_string();
            assert!(error.contains("needs") && error.contains(entry.args[0].name), "{error}");
        }
    }
}

#[test]
fn every_operation_runs_on_every_kind_of_picture() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    let on = On { rt: &rt, target: Target::Scalar };
    for entry in entries().filter(|entry| entry.name != "over") {
        let op = parsed(example(entry))?;
        for picture in small(&rt)? {
            let channels = picture.channels();
            let got = op.run(on, Some(picture))?;
            assert!(op.makes() || channels != 4 || got.channels() == 4, "{} keeps transparency", entry.name);
            assert!(got.shape().0 > 0 && got.shape().1 > 0);
        }
    }
    Ok(())
}

#[test]
fn arguments_by_kind() {
    let debug = |text: &str| parsed(text).map(|op| op.given);
    assert_eq!(debug("blur").expect("its default").number(0), 2.0);
    assert_eq!(debug("blur:0.5").expect("a number").number(0), 0.5);
    assert_eq!(debug("unsharp:3").expect("the second by default").number(1), 1.0);
    assert_eq!(debug("erode:5").expect("one for both").size(0), (5, 5));
    assert_eq!(debug("erode:5x1").expect("both").size(0), (5, 1));
    assert_eq!(debug("resize:50%").expect("percent").scale(0), parse::Scale::By(0.5));
    assert_eq!(debug("resize:2").expect("a factor").scale(0), parse::Scale::By(2.0));
    assert_eq!(debug("resize:640x480").expect("a size").scale(0), parse::Scale::To(640, 480));
    assert_eq!(debug("resize:2,nearest").expect("a filter").word(1), "nearest");
    let ninth = debug("convolve:1/9,1/9,1/9,1/9,1/9,1/9,1/9,1/9,1/9").expect("nine");
    assert_eq!(ninth.numbers(0), [1.0 / 9.0; 9]);
    let shear = debug("affine:1,0,0,0,1,0,nearest").expect("six and a word");
    assert_eq!((shear.numbers(0).len(), shear.word(1)), (6, "nearest"));
}

#[test]
fn what_is_wrong_names_the_value_the_limit_and_the_remedy() {
    for (wrong, parts) in [
        ("", ["``", "gray", "sobel"]),
        ("Gray", ["`Gray`", "gray", "sobel"]),
        ("gray:1", ["`gray`", "0 arguments", "1 are given"]),
        ("blur:", ["``", "SIGMA", "from 0 to 256"]),
        ("blur:x", ["`x`", "SIGMA", "from 0 to 256"]),
        ("blur:-1", ["`-1`", "SIGMA", "from 0 to 256"]),
        ("blur:NaN", ["`NaN`", "SIGMA", "from 0 to 256"]),
        ("blur:257", ["`257`", "SIGMA", "from 0 to 256"]),
        ("blur:1/0", ["`1/0`", "SIGMA", "from 0 to 256"]),
        ("blur:1,2", ["1 arguments", "2 are given", "blur[:SIGMA]"]),
        ("median:4", ["`4`", "SIZE", "one of 3, 5"]),
        ("erode:4", ["`4`", "SIZE", "odd columns and rows from 1 to 1001"]),
        ("dilate:3x2", ["`3x2`", "SIZE", "odd columns and rows from 1 to 1001"]),
        ("convolve:1,2,3,4", ["(4 numbers)", "9, 25, 49", "63"]),
        ("convolve:1", ["`1`", "9, 25, 49", "63"]),
        ("affine:1,2", ["(2 numbers)", "affine", "6 numbers"]),
        ("affine:1,2,3,4,5,inf", ["(6 numbers)", "affine", "6 numbers"]),
        ("resize", ["`resize` needs SIZE", "640x480", "resize:SIZE[,FILTER[,SHRINK]]"]),
        ("resize:0", ["`0`", "SIZE", "640x480"]),
        ("resize:0x5", ["`0x5`", "SIZE", "from 1 to 65535"]),
        ("resize:100000x5", ["`100000x5`", "SIZE", "from 1 to 65535"]),
        ("resize:-50%", ["`-50%`", "SIZE", "50%"]),
        ("resize:2,linear", ["`linear`", "FILTER", "bilinear"]),
        ("turn:45", ["`45`", "DEGREES", "90, 180, 270"]),
        ("over", ["needs FILE", "the other picture", "over:FILE[,OPACITY]"]),
        ("over:", ["``", "FILE", "without a comma"]),
        ("over:a.png,2", ["`2`", "OPACITY", "from 0 to 1"]),
    ] {
        let error = parsed(wrong).expect_err(wrong);
        assert_eq!(error.kind(), ErrorKind::Setting, "{wrong}");
        for part in parts {
            assert!(error.to_string().contains(part), "`{wrong}` gives `{error}` without `{part}`");
        }
    }
}

#[test]
fn the_list_has_each_with_its_arguments() {
    let list = list();
    for entry in entries() {
        assert!(list.contains(&parse::usage(entry.name, entry.args)), "{}", entry.name);
        assert!(list.contains(entry.about));
    }
    assert!(list.contains("a number from 0 to 256; 2 where none is given"), "{list}");
}
