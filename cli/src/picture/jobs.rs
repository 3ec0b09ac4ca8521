//! Which file becomes which: `IN… OUT` of the command line, with folders and patterns resolved.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::file;
use crate::Outcome;
use crate::failure::Failure;

/// One picture from file to file.
#[derive(Debug, PartialEq, Eq)]
pub struct Job {
    /// What is read; none where the first operation makes a picture.
    pub from: Option<PathBuf>,
    pub to: PathBuf,
    /// Where the difference picture goes.
    pub difference: Option<PathBuf>,
}

/// The jobs of `paths`. Where `makes` is the name of an operation that makes a picture, there is nothing to read.
pub fn jobs(paths: &[PathBuf], makes: Option<&str>, compare: Option<&Path>) -> Outcome<Vec<Job>> {
    let mut jobs = match (paths, makes) {
        ([to], Some(_)) => vec![Job { from: None, to: to.clone(), difference: None }],
        (_, Some(name)) => {
            return Err(Failure::usage(format!(
                "`{name}` makes a picture of its own and reads none; name only the file to write"
            )));
        }
        ([from @ .., to], None) if !from.is_empty() => changes(from, to)?,
        _ => return Err(Failure::usage("one picture to read and one place to write are needed: IN… OUT")),
    };
    if let Some(place) = compare {
        compared(&mut jobs, place)?;
    }
    Ok(jobs)
}

fn changes(from: &[PathBuf], to: &Path) -> Outcome<Vec<Job>> {
    let mut pictures = Vec::with_capacity(from.len());
    for named in from {
        resolve(named, &mut pictures)?;
    }
    if !to.is_dir() {
        let [from] = pictures.as_slice() else {
            return Err(Failure::usage(format!(
                "{} pictures cannot become one file: `{}` is no folder; name one that exists",
                pictures.len(),
                to.display()
            )));
        };
        return Ok(vec![Job { from: Some(from.clone()), to: to.to_path_buf(), difference: None }]);
    }
    let mut taken: HashMap<PathBuf, PathBuf> = HashMap::with_capacity(pictures.len());
    let mut jobs = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let Some(name) = picture.file_name() else {
            return Err(Failure::usage(format!("`{}` names no file", picture.display())));
        };
        let place = to.join(name);
        if let Some(other) = taken.insert(place.clone(), picture.clone()) {
            return Err(Failure::usage(format!(
                "`{}` and `{}` would both become `{}`; give them names that differ",
                other.display(),
                picture.display(),
                place.display()
            )));
        }
        if place.exists() && place.canonicalize().ok() == picture.canonicalize().ok() {
            return Err(Failure::usage(format!(
                "`{}` would be replaced by its own result; write to another folder",
                picture.display()
            )));
        }
        jobs.push(Job { from: Some(picture), to: place, difference: None });
    }
    Ok(jobs)
}

/// Adds the pictures that `named` stands for: those of a folder, in the order of their names, those that fit a pattern, or itself.
fn resolve(named: &Path, pictures: &mut Vec<PathBuf>) -> Outcome {
    let before = pictures.len();
    if named.is_dir() {
        let cannot =
            |error| Failure::new(format!("the folder `{}` cannot be read: {error}", named.display()));
        for entry in fs::read_dir(named).map_err(cannot)? {
            let place = entry.map_err(cannot)?.path();
            if file::is_named(&place) && place.is_file() {
                pictures.push(place);
            }
        }
        if pictures.len() == before {
            let text = format!("the folder `{}` holds no picture by its name; name one", named.display());
            return Err(Failure::new(text));
        }
        pictures[before..].sort();
        return Ok(());
    }
    // A file may be called like a pattern, and then it is meant.
    let pattern = named.to_str().filter(|text| text.contains(['*', '?', '[']) && !named.exists());
    let Some(pattern) = pattern else {
        pictures.push(named.to_path_buf());
        return Ok(());
    };
    let found = glob::glob(pattern).map_err(|error| {
        Failure::usage(format!("`{pattern}` is no pattern: {error}; write one such as `photos/*.png`"))
    })?;
    for place in found {
        let place =
            place.map_err(|error| Failure::new(format!("`{pattern}` cannot be resolved: {error}")))?;
        if place.is_file() {
            pictures.push(place);
        }
    }
    if pictures.len() == before {
        return Err(Failure::new(format!("no file fits `{pattern}`; name one that exists")));
    }
    Ok(())
}

/// Says of each job where its difference goes.
fn compared(jobs: &mut [Job], place: &Path) -> Outcome {
    let folder = place.is_dir();
    if jobs.len() > 1 && !folder {
        return Err(Failure::usage(format!(
            "{} differences cannot become one file: `{}` is no folder; name one that exists",
            jobs.len(),
            place.display()
        )));
    }
    for job in jobs {
        let difference = match job.to.file_name() {
            Some(name) if folder => place.join(name),
            _ => place.to_path_buf(),
        };
        let same = |other: &Path| {
            *other == difference
                || (other.exists() && other.canonicalize().ok() == difference.canonicalize().ok())
        };
        if same(&job.to) || job.from.as_deref().is_some_and(same) {
            return Err(Failure::usage(format!(
                "`{}` would be replaced by its difference; write that to another place",
                difference.display()
            )));
        }
        file::can_write(&difference)?;
        job.difference = Some(difference);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_patterns_and_files() {
        let folder = std::env::temp_dir().join(format!("manylane-jobs-{}", std::process::id()));
        let out = folder.join("out");
        fs::create_dir_all(&out).expect("a temporary folder");
        for name in ["b.png", "a.JPG", "c.txt", "d[1].png"] {
            fs::write(folder.join(name), "x").expect("written");
        }
        let names = |paths: &[&str]| -> Outcome<Vec<String>> {
            let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
            let jobs = jobs(&paths, None, None)?;
            Ok(jobs.iter().map(|job| job.to.file_name().expect("a name").to_string_lossy().into()).collect())
        };
        assert_eq!(names(&["", "out"]).expect("a folder"), ["a.JPG", "b.png", "d[1].png"]);
        assert_eq!(names(&["*.png", "out"]).expect("a pattern"), ["b.png", "d[1].png"]);
        assert_eq!(names(&["d[1].png", "out"]).expect("a file's own name"), ["d[1].png"]);
        assert_eq!(names(&["?.*", "out"]).expect("a pattern"), ["a.JPG", "b.png", "c.txt"]);
        assert_eq!(names(&["absent.png", "x.png"]).expect("seen when it is read"), ["x.png"]);
        for (wrong, part) in [
            (["e*.png", "out"].as_slice(), "no file fits"),
            (&["out", "x.png"], "holds no picture"),
            (&["[", "out"], "is no pattern"),
            (&["*.png", "x.png"], "2 pictures cannot become one file"),
            (&["b.png", "*.png", "out"], "would both become"),
            (&["b.png", ""], "replaced by its own result"),
            (&["b.png"], "IN… OUT"),
        ] {
            let failure = names(wrong).expect_err(part);
            assert!(failure.text.contains(part), "{}", failure.text);
        }
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_picture_made_of_nothing_reads_none() {
        let paths = ["a.png", "b.png"].map(PathBuf::from);
        let made = jobs(&paths[..1], Some("julia"), None).expect("one to write");
        assert_eq!(made, [Job { from: None, to: "a.png".into(), difference: None }]);
        let failure = jobs(&paths, Some("julia"), None).expect_err("one too many");
        assert!(failure.text.contains("`julia`"), "{}", failure.text);
    }

    #[test]
    fn differences_have_places_of_their_own() {
        let paths = ["a.png", "b.png"].map(PathBuf::from);
        let found = jobs(&paths, None, Some(Path::new("c.png"))).expect("a place");
        assert_eq!(found[0].difference.as_deref(), Some(Path::new("c.png")));
        for taken in ["a.png", "b.png", "c.txt"] {
            assert!(jobs(&paths, None, Some(Path::new(taken))).is_err(), "{taken}");
        }
    }
}
