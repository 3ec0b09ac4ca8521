//! What a case reads and writes: parameters from the manifest, arrays from raw little-endian files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Whatever goes wrong ends as a line of text.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The manifest of a folder of cases.
pub struct Manifest {
    folder: PathBuf,
    root: Value,
}

/// One case of the manifest, and where its results go.
pub struct Case<'a> {
    folder: &'a Path,
    entry: &'a Value,
    out: PathBuf,
}

/// What the files hold: numbers of four bytes.
pub trait Raw: Copy {
    /// As the manifest and the files' endings call it.
    const NAME: &'static str;
    fn from_bytes(bytes: [u8; 4]) -> Self;
    fn to_bytes(self) -> [u8; 4];
}

macro_rules! raw {
    ($($type:ident)*) => {$(
        impl Raw for $type {
            const NAME: &'static str = stringify!($type);
            fn from_bytes(bytes: [u8; 4]) -> Self {
                $type::from_le_bytes(bytes)
            }
            fn to_bytes(self) -> [u8; 4] {
                self.to_le_bytes()
            }
        }
    )*};
}
raw!(f32 i32 u32);

impl Manifest {
    pub fn open(folder: &Path) -> Result<Manifest> {
        let path = folder.join("manifest.json");
        let text = fs::read(&path).map_err(at(&path))?;
        let root: Value = serde_json::from_slice(&text).map_err(at(&path))?;
        if !root["kernels"].is_object() {
            return Err(format!("{}: there is no object `kernels` in it", path.display()).into());
        }
        Ok(Manifest { folder: folder.to_owned(), root })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.root["kernels"].as_object().into_iter().flatten().map(|(name, _)| name.as_str())
    }

    pub fn case<'a>(&'a self, name: &str, out: &Path) -> Result<Case<'a>> {
        match self.root["kernels"].get(name) {
            Some(entry) => Ok(Case { folder: &self.folder, entry, out: out.join(name) }),
            None => Err(format!("the manifest in {} has no case `{name}`", self.folder.display()).into()),
        }
    }
}

impl Case<'_> {
    /// A parameter, as exactly as the manifest has it.
    pub fn number(&self, name: &str) -> Result<f64> {
        let number = self.entry["params"][name].as_f64();
        Ok(number.ok_or_else(|| format!("the manifest gives no number for the parameter `{name}`"))?)
    }

    /// A parameter that counts something.
    pub fn size(&self, name: &str) -> Result<usize> {
        let size = self.entry["params"][name].as_u64();
        Ok(size.ok_or_else(|| format!("the manifest gives no size for the parameter `{name}`"))? as usize)
    }

    /// An input, whole.
    pub fn read<T: Raw>(&self, name: &str) -> Result<Vec<T>> {
        let input = &self.entry["inputs"][name];
        if input["dtype"] != T::NAME {
            return Err(format!("the manifest has no input `{name}` of type {}", T::NAME).into());
        }
        let path = self.folder.join(input["file"].as_str().unwrap_or(name));
        let bytes = fs::read(&path).map_err(at(&path))?;
        let (numbers, rest) = bytes.as_chunks();
        let shape: Option<Vec<u64>> =
            input["shape"].as_array().into_iter().flatten().map(Value::as_u64).collect();
        let expected = shape.map(|shape| shape.iter().product::<u64>());
        if expected != Some(numbers.len() as u64) || !rest.is_empty() {
            let (path, shape) = (path.display(), &input["shape"]);
            return Err(
                format!("{path}: {} bytes do not fit the shape {shape} of {}", bytes.len(), T::NAME).into()
            );
        }
        Ok(numbers.iter().map(|bytes| T::from_bytes(*bytes)).collect())
    }

    /// An input of points in space.
    pub fn read_points(&self, name: &str) -> Result<Vec<[f32; 3]>> {
        Ok(self.read(name)?.as_chunks().0.to_vec())
    }

    /// An output, whole.
    pub fn write<T: Raw>(&self, name: &str, numbers: &[T]) -> Result<()> {
        let path = self.out.join(format!("{name}.{}", T::NAME));
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_bytes()).collect();
        fs::create_dir_all(&self.out).map_err(at(&self.out))?;
        Ok(fs::write(&path, bytes).map_err(at(&path))?)
    }
}

/// Puts the file's name before an error.
fn at<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> String {
    move |error| format!("{}: {error}", path.display())
}
