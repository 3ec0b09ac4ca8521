//! Our own check of deny.toml over what `cargo metadata` lists, for where cargo-deny cannot be had.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use toml::Table;

use super::licence::allows;
use crate::run::{cargo, output, root};

/// What deny.toml says, as far as this check knows it.
#[derive(Debug, Default)]
struct Rules {
    licences: Vec<String>,
    banned: Vec<String>,
    registries: Vec<String>,
}

/// One package of the dependency graph.
#[derive(Debug, Default)]
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
    /// Nothing for a member of the workspace.
    source: Option<String>,
}

/// Checks every package of the lock file that some feature or platform uses.
pub fn run() -> Result<()> {
    let rules = Rules::read(&std::fs::read_to_string(root().join("deny.toml"))?)?;
    let metadata = output(&mut cargo("metadata --format-version 1 --all-features --locked"))?;
    let packages = packages(&serde_json::from_str(&metadata)?)?;
    for warning in duplicates(&packages) {
        println!("warning: {warning}");
    }
    let errors: Vec<String> = packages.iter().flat_map(|package| errors(package, &rules)).collect();
    for error in &errors {
        println!("error: {error}");
    }
    println!("deny: {} packages, {} errors", packages.len(), errors.len());
    ensure!(errors.is_empty(), "{} dependencies are not as deny.toml says", errors.len());
    Ok(())
}

impl Rules {
    fn read(text: &str) -> Result<Self> {
        let file: Table = text.parse().context("deny.toml")?;
        let list = |section: &str, key: &str| -> Result<Vec<toml::Value>> {
            let value = file.get(section).and_then(|section| section.get(key));
            let list = value.with_context(|| format!("deny.toml has no {section}.{key}"))?;
            Ok(list.as_array().with_context(|| format!("{section}.{key} is no list"))?.clone())
        };
        let texts = |list: Vec<toml::Value>| -> Result<Vec<String>> {
            let text = |value: &toml::Value| {
                let text = value.as_str().or_else(|| value.get("crate")?.as_str());
                text.map(str::to_owned).with_context(|| format!("deny.toml: `{value:?}` names nothing"))
            };
            list.iter().map(text).collect()
        };
        Ok(Rules {
            licences: texts(list("licenses", "allow")?)?,
            banned: texts(list("bans", "deny")?)?,
            registries: texts(list("sources", "allow-registry")?)?,
        })
    }
}

fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let list = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    ensure!(!list.is_empty(), "cargo metadata lists no packages");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    list.iter()
        .map(|package| {
            Ok(Package {
                name: text(&package["name"]).context("a package without a name")?,
                version: text(&package["version"]).context("a package without a version")?,
                licence: text(&package["license"]),
                source: text(&package["source"]),
            })
        })
        .collect()
}

fn errors(package: &Package, rules: &Rules) -> Vec<String> {
    let mut errors = Vec::new();
    let shown = format!("{} {}", package.name, package.version);
    match &package.licence {
        None => errors.push(format!("{shown}: names no licence")),
        Some(licence) => match allows(licence, &rules.licences) {
            Ok(true) => {}
            Ok(false) => errors.push(format!("{shown}: the licence `{licence}` is not allowed")),
            Err(why) => errors.push(format!("{shown}: cannot read the licence `{licence}`: {why}")),
        },
    }
    if rules.banned.contains(&package.name) {
        errors.push(format!("{shown}: is banned"));
    }
    if let Some(source) = &package.source {
        let registry = source.strip_prefix("registry+").or_else(|| source.strip_prefix("sparse+"));
        if !registry.is_some_and(|registry| rules.registries.iter().any(|allowed| allowed == registry)) {
            errors.push(format!("{shown}: comes from `{source}`"));
        }
    }
    errors
}

/// Crates that stand in the graph in several versions.
fn duplicates(packages: &[Package]) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    let several = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    several
        .map(|(name, versions)| format!("{name} in {} versions: {}", versions.len(), versions.join(", ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn rules() -> Rules {
        let text = "[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ crate = 'cmake', reason = 'x' }, 'other']\n\
                    [sources]\nallow-registry = ['https://github.com/rust-lang/crates.io-index']\n";
        Rules::read(text).unwrap()
    }

    fn package(name: &str, licence: Option<&str>, source: Option<&str>) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            licence: licence.map(str::to_owned),
            source: source.map(str::to_owned),
        }
    }

    #[test]
    fn our_own_deny_toml_is_understood() {
        let rules = Rules::read(include_str!("../../../deny.toml")).unwrap();
        assert!(rules.licences.iter().any(|licence| licence == "MIT"));
        assert!(rules.banned.iter().any(|name| name == "openssl-sys"));
        assert_eq!(rules.registries.len(), 1);
    }

    #[test]
    fn each_rule_fails_when_it_is_broken() {
        let rules = rules();
        let of = |name, licence, source| errors(&package(name, licence, source), &rules).join("; ");
        assert_eq!(of("a", Some("MIT OR GPL-3.0"), Some(CRATES_IO)), "");
        assert_eq!(of("a", Some("MIT"), None), "");
        assert!(of("a", Some("GPL-3.0"), None).contains("not allowed"));
        assert!(of("a", None, None).contains("names no licence"));
        assert!(of("a", Some("MIT OR"), None).contains("cannot read"));
        assert!(of("cmake", Some("MIT"), None).contains("is banned"));
        assert!(of("other", Some("MIT"), None).contains("is banned"));
        assert!(of("a", Some("MIT"), Some("git+https://github.com/a/a")).contains("comes from"));
        assert!(of("a", Some("MIT"), Some("registry+https://elsewhere/index")).contains("comes from"));
    }

    #[test]
    fn a_missing_section_is_an_error() {
        assert!(Rules::read("[licenses]\nallow = []\n").is_err());
        assert!(packages(&serde_json::json!({ "packages": [] })).is_err());
    }

    #[test]
    fn duplicates_are_named() {
        let mut second = package("a", None, None);
        second.version = "2.0.0".into();
        let all = [package("a", None, None), second, package("b", None, None)];
        assert_eq!(duplicates(&all), ["a in 2 versions: 1.0.0, 2.0.0"]);
    }
}
