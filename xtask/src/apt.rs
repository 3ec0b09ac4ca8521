//! Installing packages on Debian and its children, as root or through `sudo` where it asks for no password.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::run::{command, output, run, succeeds};

/// The right to install: made only where there is `apt-get` and a way to be root.
pub struct Apt {
    sudo: bool,
}

impl Apt {
    /// The right to install here, or the reason why not.
    pub fn find() -> Result<Self, &'static str> {
        if !succeeds(command("apt-get").arg("--version")) {
            return Err("there is no apt-get here");
        }
        if output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
            return Ok(Apt { sudo: false });
        }
        if succeeds(command("sudo").args(["-n", "true"])) {
            return Ok(Apt { sudo: true });
        }
        Err("this user is not root and `sudo -n` asks for a password")
    }

    /// Fetches the lists of packages.
    pub fn update(&self) -> Result<()> {
        run(self.apt_get().args(["update", "-qq"]))
    }

    /// Installs `packages`, from `release` where one is given.
    pub fn install(&self, packages: &[&str], release: Option<&str>) -> Result<()> {
        let mut install = self.apt_get();
        install.args(["install", "-y", "-qq", "--no-install-recommends"]);
        if let Some(release) = release {
            install.args(["-t", release]);
        }
        run(install.args(packages))
    }

    /// Adds a file of package sources.
    pub fn add_source(&self, file: &str, text: &str) -> Result<()> {
        let path = format!("/etc/apt/sources.list.d/{file}");
        let mut tee = self.root("tee");
        tee.arg(&path).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = tee.spawn().context("cannot start `tee`")?;
        child.stdin.take().context("`tee` has no stdin")?.write_all(text.as_bytes())?;
        ensure!(child.wait()?.success(), "cannot write {path}");
        Ok(())
    }

    fn apt_get(&self) -> Command {
        let mut command = self.root("apt-get");
        command.args(["-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"]);
        command
    }

    fn root(&self, program: &str) -> Command {
        // `sudo` drops the environment, so what apt needs is set behind it.
        let mut command = if self.sudo { command("sudo") } else { command("env") };
        if self.sudo {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}

/// The version of `package` that is installed.
pub fn installed(package: &str) -> Option<String> {
    let text =
        output(command("dpkg-query").args(["-W", "-f", "${db:Status-Status} ${Version}", package])).ok()?;
    text.strip_prefix("installed ").map(str::to_owned)
}

/// The version of `package` that an installation would bring.
pub fn candidate(package: &str) -> Option<String> {
    let text = output(command("apt-cache").args(["policy", package])).ok()?;
    let line = text.lines().find_map(|line| line.trim().strip_prefix("Candidate:"))?;
    Some(line.trim().to_owned()).filter(|version| version != "(none)")
}

/// Whether the sources of packages hold `release`.
pub fn knows_release(release: &str) -> bool {
    output(command("apt-cache").arg("policy")).is_ok_and(|text| {
        text.contains(&format!("a={release}")) || { text.contains(&format!("n={release}")) }
    })
}

/// The leading number of a Debian version: 25 of `1:25.0.7-2~bpo12+1`.
pub fn major(version: &str) -> Option<u32> {
    let upstream = version.split_once(':').map_or(version, |(_, rest)| rest);
    let digits = upstream.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_past_an_epoch() {
        assert_eq!(major("25.0.7-2~bpo12+1"), Some(25));
        assert_eq!(major("1:22.3.6-1+deb12u1"), Some(22));
        assert_eq!(major("unknown"), None);
    }
}
