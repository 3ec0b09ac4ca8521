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
    /// What its private arrays are called.
    pub tables: &'static [&'static str],
    /// What the compiler made of it, for people: the IR, and the same with what is uniform, linear and varying.
    pub listing: [&'static str; 2],
}

/// A piece of a fragment.
pub enum Piece {
    /// As it stands.
    Text(&'static str),
    /// The fragment's own linked name.
    Me,
    /// The linked name of another kernel, whose text then stands before.
    Call(&'static Fragment),
    /// A constant of the program, known when it was compiled.
    Literal(Literal),
}

/// A constant that a kernel reads from outside of its body.
#[derive(Clone, Copy, Debug)]
pub enum Literal {
    /// A float.
    F32(f32),
    /// A signed integer.
    I32(i32),
    /// An unsigned integer.
    U32(u32),
    /// A wide float.
    F64(f64),
    /// A wide signed integer.
    I64(i64),
    /// A wide unsigned integer.
    U64(u64),
    /// A bool.
    BOOL(bool),
}

impl Literal {
    /// As WGSL writes it: odd floats by their bits, through a function so that no compiler refuses them.
    fn text(self) -> String {
        match self {
            Literal::F32(x) if x.is_finite() && !(x == 0.0 && x.is_sign_negative()) => format!("({x:?}f)"),
            Literal::F32(x) => format!("ml_f32({}u)", x.to_bits()),
            Literal::I32(i32::MIN) => "(-2147483647i - 1i)".to_owned(),
            Literal::I32(x) => format!("({x}i)"),
            Literal::U32(x) => format!("{x}u"),
            Literal::F64(x) if x.is_finite() => format!("({x:?}lf)"),
            Literal::F64(x) => format!("ml_f64({}lu)", x.to_bits()),
            Literal::I64(i64::MIN) => "(-9223372036854775807li - 1li)".to_owned(),
            Literal::I64(x) => format!("({x}li)"),
            Literal::U64(x) => format!("{x}lu"),
            Literal::BOOL(x) => x.to_string(),
        }
    }
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

    /// The IR of this kernel and of all that it calls, each once; `spreads` says also what differs by lane.
    pub fn list(&self, spreads: bool) -> String {
        let (mut done, mut text) = (BTreeSet::new(), String::new());
        self.list_into(spreads, &mut done, &mut text);
        text
    }

    fn list_into(&self, spreads: bool, done: &mut BTreeSet<String>, text: &mut String) {
        if !done.insert(self.linked_name()) {
            return;
        }
        text.push_str(&format!("{}:\n{}", self.path, self.listing[usize::from(spreads)]));
        for piece in self.pieces {
            if let Piece::Call(callee) = piece {
                if !done.contains(&callee.linked_name()) {
                    text.push('\n');
                }
                callee.list_into(spreads, done, text);
            }
        }
    }

    /// Whether `word` stands in its text or in that of a kernel that it calls.
    pub fn mentions(&self, word: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(part) => part.contains(word),
            Piece::Me | Piece::Literal(_) => false,
            Piece::Call(callee) => callee.mentions(word),
        })
    }

    /// The private array whose name has that hash, here or in a kernel that it calls.
    pub fn table(&self, id: u32) -> Option<&'static str> {
        let hash = |name: &str| {
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            }) as u32
        };
        let callees = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Call(callee) => callee.table(id),
            _ => None,
        });
        self.tables.iter().copied().find(|name| hash(name) == id).or_else(|| callees.into_iter().next())
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
                Piece::Literal(literal) => text.push_str(&literal.text()),
            }
        }
        text.push('\n');
    }
}
