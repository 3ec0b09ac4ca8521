//! WGSL in pieces, linked at run time: a kernel's own function and, before it, those of the kernels that it calls.

use std::collections::BTreeSet;

/// One function of WGSL whose name and callees are filled in when it is linked.
pub struct Fragment {
    /// Module path and name of the kernel.
    pub path: &'static str,
    /// Hash of its source.
    pub hash: u64,
    /// Its text.
    pub pieces: &'static [Piece],
}

/// A piece of a fragment.
pub enum Piece {
    /// As it stands.
    Text(&'static str),
    /// The fragment's own linked name.
    Me,
    /// The linked name of another kernel, whose text then stands before.
    Call(&'static Fragment),
}

impl Fragment {
    /// The name that the function has in linked text: readable, and unlike that of any other kernel.
    pub fn linked_name(&self) -> String {
        let tail = self.path.rsplit("::").next().unwrap_or(self.path).trim_start_matches("r#");
        // The path is hashed in: two kernels of one source text may stand in two modules.
        let mixed =
            self.path.bytes().fold(self.hash, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        format!("k_{tail}_{:08x}", (mixed >> 32) as u32 ^ mixed as u32)
    }

    /// The text of this kernel and of all that it calls, callees first, each once.
    pub fn link(&self) -> String {
        Fragment::link_all([self])
    }

    /// The text of several kernels and of all that they call, each once.
    pub fn link_all<'f>(fragments: impl IntoIterator<Item = &'f Fragment>) -> String {
        let (mut done, mut text) = (BTreeSet::new(), String::new());
        for fragment in fragments {
            fragment.link_into(&mut done, &mut text);
        }
        text
    }

    /// Whether `word` stands in its text or in that of a kernel that it calls.
    pub fn mentions(&self, word: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(part) => part.contains(word),
            Piece::Me => false,
            Piece::Call(callee) => callee.mentions(word),
        })
    }

    fn link_into(&self, done: &mut BTreeSet<String>, text: &mut String) {
        if !done.insert(self.linked_name()) {
            return;
        }
        for piece in self.pieces {
            if let Piece::Call(callee) = piece {
                callee.link_into(done, text);
            }
        }
        for piece in self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Me => text.push_str(&self.linked_name()),
                Piece::Call(callee) => text.push_str(&callee.linked_name()),
            }
        }
        text.push('\n');
    }
}
