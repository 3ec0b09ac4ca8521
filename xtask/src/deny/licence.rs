//! Licence expressions as `Cargo.toml` has them: names, `AND`, `OR`, `WITH`, brackets, and the old `/` for `OR`.

/// Whether one may choose so that only `allowed` licences apply.
///
/// # Errors
/// Where the expression cannot be read, what is wrong with it.
pub fn allows(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut parser = Parser { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let result = parser.any()?;
    match parser.peek() {
        "" => Ok(result),
        rest => Err(format!("`{rest}` is unexpected")),
    }
}

struct Parser<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a [String],
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<bool, String> {
        let mut result = self.all()?;
        while self.take("OR") {
            result |= self.all()?;
        }
        Ok(result)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut result = self.one()?;
        while self.take("AND") {
            result &= self.one()?;
        }
        Ok(result)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let result = self.any()?;
            return if self.take(")") { Ok(result) } else { Err("a bracket is not closed".into()) };
        }
        let mut name = self.name()?.to_owned();
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.name()?);
        }
        Ok(self.allowed.contains(&name))
    }

    fn name(&mut self) -> Result<&'a str, String> {
        match self.peek() {
            "" => Err("it ends too early".into()),
            word @ ("(" | ")" | "AND" | "OR" | "WITH") => Err(format!("`{word}` is unexpected")),
            word => {
                self.at += 1;
                Ok(word)
            }
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> &'a str {
        self.words.get(self.at).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::allows;

    fn of(expression: &str) -> Result<bool, String> {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
        allows(expression, &allowed.map(str::to_owned))
    }

    #[test]
    fn one_side_of_an_or_is_enough_and_both_of_an_and_are_needed() {
        assert_eq!(of("MIT"), Ok(true));
        assert_eq!(of("GPL-3.0"), Ok(false));
        assert_eq!(of("GPL-3.0 OR MIT"), Ok(true));
        assert_eq!(of("GPL-3.0/MIT"), Ok(true));
        assert_eq!(of("GPL-3.0 AND MIT"), Ok(false));
        assert_eq!(of("(MIT OR GPL-3.0) AND Unicode-3.0"), Ok(true));
        assert_eq!(of("MIT OR GPL-3.0 AND GPL-2.0"), Ok(true));
        assert_eq!(of("(MIT OR GPL-3.0) AND GPL-2.0"), Ok(false));
    }

    #[test]
    fn an_exception_is_a_part_of_the_name() {
        assert_eq!(of("Apache-2.0 WITH LLVM-exception"), Ok(true));
        assert_eq!(of("MIT WITH Classpath-exception"), Ok(false));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT Apache-2.0", "OR MIT", "MIT WITH"] {
            assert!(of(expression).is_err(), "{expression}");
        }
    }
}
