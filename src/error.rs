//! The one error of the library: a kind to match on and a text that names the value, the limit and the remedy.
//!
//! Every public call returns [`Result`]. No panic leaves the library: a violated invariant below the API is caught
//! there and comes back as [`ErrorKind::Internal`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The result of a manylane call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, by kind, with a text for people.
///
/// Cloning is cheap: an error that an array carries is handed to each use of it.
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    text: Arc<str>,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Arguments of one launch have different lengths or shapes.
    ShapeMismatch,
    /// Nothing says how many elements the launch has.
    NoDomain,
    /// A target was asked for that this machine does not have.
    NoDevice,
    /// An adapter is there but failed a self-test that results depend on.
    DeviceRefused,
    /// The device was lost or did not answer.
    DeviceLost,
    /// Host or device memory is used up.
    OutOfMemory,
    /// A limit of the device or of the library is exceeded.
    LimitExceeded,
    /// The target cannot hold this element type.
    UnsupportedType,
    /// A kernel asked for an element outside an array.
    OutOfBounds,
    /// A loop ran past its budget on a GPU.
    LoopLimit,
    /// The launch was cancelled.
    Cancelled,
    /// The launch passed its deadline.
    Deadline,
    /// The values of an array were promised, by a graph for instance, and never computed.
    NotComputed,
    /// A closure of the user's panicked.
    Panicked,
    /// Arrays of two runtimes met in one launch.
    ForeignArray,
    /// A setting (environment variable, option, name) has no meaning here.
    Setting,
    /// A bug in manylane. Please report it with the text.
    Internal,
}

impl Error {
    /// An error of `kind` that says `text`.
    pub fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Error { kind, text: text.into().into() }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The same error with the launch it belongs to in front.
    pub fn in_launch(&self, name: &str) -> Self {
        Error::new(self.kind, format!("{name}: {}", self.text))
    }

    /// A launch, or several, took longer than it was allowed.
    pub(crate) fn late(name: &str, allowed: Duration) -> Self {
        Error::new(
            ErrorKind::Deadline,
            format!("{name}: it was not done within {allowed:?}; allow it more time, or give it less to do"),
        )
    }

    pub(crate) fn internal(what: impl fmt::Display) -> Self {
        Error::new(
            ErrorKind::Internal,
            format!("internal error in manylane: {what}; this is a bug, please report it with this text"),
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.text)
    }
}

impl std::error::Error for Error {}
