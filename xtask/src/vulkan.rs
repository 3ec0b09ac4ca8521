//! Is there a Vulkan adapter that the tests can use, and if not, installs one: Mesa's software device.
//!
//! It reads what is installed and opens no device: that the adapter works is found by the library's self-test,
//! which the tests run with `MANYLANE_REQUIRE_GPU=1`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::apt::{self, Apt};
use crate::run::{command, output};

/// Mesa before this stops a shader's loops after 65,535 turns, silently.
const OLDEST_MESA: u32 = 25;
const PACKAGES: [&str; 2] = ["mesa-vulkan-drivers", "libvulkan1"];
const BACKPORTS: &str = "bookworm-backports";
const BACKPORTS_SOURCE: &str = "# Added by `cargo xtask test`: Mesa 25 for the GPU tests.\n\
    deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] \
    http://deb.debian.org/debian bookworm-backports main\n";

/// Makes sure of a usable adapter, installing Mesa's software Vulkan where there is none.
///
/// # Errors
/// Where none is there and none can be installed, with what to do by hand.
pub fn ensure() -> Result<()> {
    let Err(why) = usable().map(|found| println!("vulkan: {found}")) else { return Ok(()) };
    println!("vulkan: {why}; installing Mesa's software Vulkan");
    let apt = match Apt::find() {
        Ok(apt) => apt,
        Err(reason) => bail!("cannot install Vulkan: {reason}.\n{}", by_hand()),
    };
    install(&apt)?;
    match usable() {
        Ok(found) => println!("vulkan: {found}"),
        Err(why) => bail!("Vulkan was installed, but {why}.\n{}", by_hand()),
    }
    Ok(())
}

fn install(apt: &Apt) -> Result<()> {
    apt.update()?;
    let recent = |version: Option<String>| version.as_deref().and_then(apt::major) >= Some(OLDEST_MESA);
    if recent(apt::candidate(PACKAGES[0])) {
        return apt.install(&PACKAGES, None);
    }
    let codename = os_release("VERSION_CODENAME");
    if codename.as_deref() != Some("bookworm") {
        bail!(
            "this release ({}) has Mesa {}, and Mesa {OLDEST_MESA} is needed.\n{}",
            codename.as_deref().unwrap_or("unnamed"),
            apt::candidate(PACKAGES[0]).as_deref().unwrap_or("in no version"),
            by_hand()
        );
    }
    if !apt::knows_release(BACKPORTS) {
        apt.add_source("manylane-bookworm-backports.list", BACKPORTS_SOURCE)?;
        apt.update()?;
    }
    apt.install(&PACKAGES, Some(BACKPORTS))
}

fn by_hand() -> String {
    format!(
        "By hand: install a Vulkan loader (libvulkan.so.1) and a driver: the GPU vendor's, or Mesa {OLDEST_MESA} \
         or later for the software device (Debian 13, Ubuntu 25.04 or later: apt-get install {packages}; Debian \
         12: the same with `-t {BACKPORTS}`; Fedora: dnf install mesa-vulkan-drivers vulkan-loader; Arch: pacman -S \
         vulkan-swrast vulkan-icd-loader). Or name a driver's manifest in VK_DRIVER_FILES.",
        packages = PACKAGES.join(" ")
    )
}

/// What there is that can be used, in words, or why nothing can.
fn usable() -> Result<String, String> {
    if cfg!(not(target_os = "linux")) {
        return Ok("not asked for here: the GPU lanes use the system's own interface".into());
    }
    if !has_loader() {
        return Err("there is no Vulkan loader (libvulkan.so.1)".into());
    }
    if let Some(named) = std::env::var_os("VK_DRIVER_FILES").or_else(|| std::env::var_os("VK_ICD_FILENAMES"))
    {
        return named_drivers(&named);
    }
    let hardware = Hardware {
        nvidia: Path::new("/dev/nvidiactl").exists() || Path::new("/dev/dxg").exists(),
        render_node: has_render_node(),
    };
    judge(&manifests(), &hardware, apt::installed(PACKAGES[0]).as_deref())
}

/// What of a GPU the kernel shows.
struct Hardware {
    nvidia: bool,
    render_node: bool,
}

/// Judges the drivers by their manifests' names: Mesa's package brings those of all GPUs, here or not.
fn judge(manifests: &[PathBuf], hardware: &Hardware, mesa: Option<&str>) -> Result<String, String> {
    let stems: Vec<&str> =
        manifests.iter().filter_map(|path| path.file_stem().and_then(OsStr::to_str)).collect();
    let is_software = |stem: &&str| stem.starts_with("lvp_") || stem.contains("swiftshader");
    if let Some(stem) = stems.iter().find(|stem| stem.starts_with("nvidia"))
        && hardware.nvidia
    {
        return Ok(format!("a GPU, by {stem}"));
    }
    if let Some(stem) = stems.iter().find(|stem| !is_software(stem) && !stem.starts_with("nvidia"))
        && hardware.render_node
    {
        return Ok(format!("a GPU, by {stem} or one beside it"));
    }
    if stems.iter().any(|stem| stem.contains("swiftshader")) {
        return Ok("SwiftShader, software".into());
    }
    if !stems.iter().any(|stem| stem.starts_with("lvp_")) {
        return Err("no driver is installed for a device that is here".into());
    }
    match mesa {
        // Not a package of Debian's: the library's self-test is the judge.
        None => Ok("Mesa's software device, version unknown".into()),
        Some(version) if apt::major(version) >= Some(OLDEST_MESA) => {
            Ok(format!("Mesa {version}, software device"))
        }
        Some(version) => Err(format!("Mesa {version} is older than {OLDEST_MESA} and stops loops early")),
    }
}

fn named_drivers(named: &OsStr) -> Result<String, String> {
    match std::env::split_paths(named).find(|path| !path.exists()) {
        None => Ok(format!("the drivers named in the environment: {}", named.to_string_lossy())),
        Some(missing) => {
            Err(format!("the driver named in the environment is missing: {}", missing.display()))
        }
    }
}

fn has_loader() -> bool {
    // Debian keeps it out of a plain user's path.
    let listed = ["ldconfig", "/sbin/ldconfig"]
        .into_iter()
        .any(|program| output(command(program).arg("-p")).is_ok_and(|text| text.contains("libvulkan.so.1")));
    listed
        || std::env::var_os("LD_LIBRARY_PATH").is_some_and(|paths| {
            std::env::split_paths(&paths).any(|folder| folder.join("libvulkan.so.1").exists())
        })
}

fn manifests() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share/vulkan/icd.d"));
    ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
        .into_iter()
        .map(PathBuf::from)
        .chain(home)
        .flat_map(|folder| entries(&folder))
        .filter(|path| path.extension() == Some(OsStr::new("json")))
        .collect()
}

fn has_render_node() -> bool {
    entries(Path::new("/dev/dri"))
        .iter()
        .any(|path| path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with("renderD")))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn os_release(key: &str) -> Option<String> {
    let text = std::fs::read_to_string("/etc/os-release").ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
        .map(|value| value.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Hardware = Hardware { nvidia: false, render_node: false };

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn old_mesa_is_refused_and_new_mesa_serves() {
        let mesa = paths(&["/x/intel_icd.x86_64.json", "/x/lvp_icd.x86_64.json"]);
        assert!(judge(&mesa, &NONE, Some("22.3.6-1+deb12u1")).unwrap_err().contains("22.3.6"));
        assert!(judge(&mesa, &NONE, Some("25.0.7-2~bpo12+1")).is_ok());
    }

    #[test]
    fn a_driver_without_its_device_does_not_serve() {
        let drivers = paths(&["/x/intel_icd.json", "/x/nvidia_icd.json"]);
        assert!(judge(&drivers, &NONE, None).is_err());
        assert!(judge(&drivers, &Hardware { nvidia: true, render_node: false }, None).is_ok());
        assert!(judge(&drivers, &Hardware { nvidia: false, render_node: true }, None).is_ok());
        assert!(judge(&[], &Hardware { nvidia: true, render_node: true }, None).is_err());
    }
}
