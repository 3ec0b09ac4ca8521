//! Rust source as tokens: enough to tell code from comments and strings, and to know each token's line.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// One character of punctuation.
    Punct,
    /// A string, character, number or lifetime.
    Other,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub line: usize,
}

/// The tokens of one file, comments and blanks left out.
#[derive(Debug)]
pub struct Source<'a> {
    pub tokens: Vec<Token<'a>>,
}

impl<'a> Source<'a> {
    /// Splits `text`. Text that does not lex as Rust gives tokens too, just not useful ones.
    pub fn read(text: &'a str) -> Self {
        let mut lexer = Lexer { text, at: 0, line: 1, tokens: Vec::new() };
        while lexer.at < text.len() {
            lexer.next();
        }
        Source { tokens: lexer.tokens }
    }

    /// The text of token `index`, empty past the end.
    pub fn text(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.text)
    }

    /// Whether the tokens from `index` on read as `words`.
    pub fn reads(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(place, word)| self.text(index + place) == *word)
    }

    /// Whether a `::` stands at `index`.
    pub fn is_path_separator(&self, index: usize) -> bool {
        self.reads(index, &[":", ":"])
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    tokens: Vec<Token<'a>>,
}

impl Lexer<'_> {
    fn next(&mut self) {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return };
        if first.is_whitespace() {
            self.skip(first.len_utf8());
        } else if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(block_comment(rest));
        } else if let Some(length) = string(rest) {
            self.push(Kind::Other, length);
        } else if first == '\'' {
            self.push(Kind::Other, quote(rest));
        } else if first.is_alphabetic() || first == '_' {
            // `r#try` is a name; what begins a raw string has been taken above.
            let prefix = if rest.starts_with("r#") { 2 } else { 0 };
            self.push(Kind::Word, prefix + word(&rest[prefix..]));
        } else if first.is_ascii_digit() {
            self.push(Kind::Other, word(rest));
        } else {
            self.push(Kind::Punct, first.len_utf8());
        }
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let text = &self.text[self.at..self.at + length];
        self.tokens.push(Token { kind, text, line: self.line });
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        self.line += self.text[self.at..self.at + length].matches('\n').count();
        self.at += length;
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of a string of any kind, with its prefix, where one begins here.
fn string(rest: &str) -> Option<usize> {
    let prefix = rest.find(|c: char| !matches!(c, 'b' | 'c' | 'r'))?;
    if prefix > 2 {
        return None;
    }
    let (before, after) = rest.split_at(prefix);
    if before.ends_with('r') {
        let hashes = after.len() - after.trim_start_matches('#').len();
        let inside = after[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = inside.find(&close).map_or(inside.len(), |end| end + close.len());
        return Some(prefix + hashes + 1 + end);
    }
    let inside = after.strip_prefix('"')?;
    Some(prefix + 1 + escaped(inside, '"').unwrap_or(inside.len()))
}

/// The length of a character or a lifetime.
fn quote(rest: &str) -> usize {
    let inside = &rest[1..];
    let mut chars = inside.chars();
    let (first, second) = (chars.next(), chars.next());
    if first == Some('\\') || second == Some('\'') {
        return 1 + escaped(inside, '\'').unwrap_or(inside.len());
    }
    1 + word(inside)
}

/// The length up to and with `close`, a backslash taking the next character with it.
fn escaped(inside: &str, close: char) -> Option<usize> {
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == close {
            return Some(at + c.len_utf8());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(&str, usize)> {
        let source = Source::read(text);
        let words = source.tokens.iter().filter(|token| token.kind == Kind::Word);
        words.map(|token| (token.text, token.line)).collect()
    }

    #[test]
    fn comments_and_strings_are_no_words() {
        let text = "a // b\n/* c /* d */ e */ f \"g \\\" h\" r#\"i \" j\"# b\"k\" 'l' '\\'' m\n";
        assert_eq!(words(text), [("a", 1), ("f", 2), ("m", 2)]);
    }

    #[test]
    fn lifetimes_raw_names_and_numbers() {
        assert_eq!(
            words("fn x<'a>(y: &'a u8) { r#try; 1u32; '\"'; z }"),
            [("fn", 1), ("x", 1), ("y", 1), ("u8", 1), ("r#try", 1), ("z", 1)]
        );
    }

    #[test]
    fn a_string_over_lines_keeps_the_count() {
        assert_eq!(words("\"a\nb\n\"\nc r\"\n\" d"), [("c", 4), ("d", 5)]);
        assert_eq!(words("\"unended"), []);
        assert_eq!(words("bar crate b"), [("bar", 1), ("crate", 1), ("b", 1)]);
    }
}
