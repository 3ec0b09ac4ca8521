//! What must not compile: the message, and the user's own tokens that it points at.
//!
//! `TRYBUILD=overwrite` writes the messages anew; the diff is to be read.
#![forbid(unsafe_code)]

#[test]
fn misuse_is_told_at_the_users_tokens() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
