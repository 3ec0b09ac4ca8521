//! The items around a kernel.

fn items(source: &str) -> String {
    crate::compile(proc_macro2::TokenStream::new(), source.parse().expect("tokens")).to_string()
}

#[test]
fn what_is_written_is_rust() {
    for source in [
        "fn k(#[uniform] a: f32, x: f32, y: f32) -> f32 { a * x + y }",
        "pub(crate) fn k(at: Cell, src: Image<[u8; 3]>) -> [u8; 3] { src.near(at, 0, 0) }",
        "fn k(x: f32, y: &mut f32) { *y = x; }",
        "fn k(i: Index) -> (u32, f32) { (i, i as f32) }",
    ] {
        let text = items(source);
        syn::parse_str::<syn::File>(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(!text.contains("compile_error") && !text.contains("unsafe"), "{text}");
    }
}

#[test]
fn attributes_and_visibility_stay() {
    let text = items("/// Docs.\n#[inline] pub(crate) fn k(x: f32) -> f32 { x }");
    assert!(text.contains("pub (crate) fn k (x : f32)"), "{text}");
    assert!(text.contains("pub (crate) struct k { }"), "{text}");
    assert!(text.contains("# [inline] #"), "{text}");
    assert!(text.contains(" Docs."), "{text}");
}

#[test]
fn only_plain_kernels_can_be_called_and_fold() {
    assert!(items("fn k(a: f32, b: f32) -> f32 { a + b }").contains("Combine for k"));
    assert!(!items("fn k(a: f32, b: u32) -> f32 { a }").contains("Combine for k"));
    assert!(!items("fn k(x: f32, y: &mut f32) { *y = x; }").contains("Callable for k"));
    assert!(items("fn k(sum: f32, a: f32, b: f32) -> f32 { sum + a * b }").contains("Step for k"));
    assert!(!items("fn k(sum: f32, a: f32, b: f32) -> u32 { 0 }").contains("Step for k"));
    assert!(
        !items("fn k(sum: f32, a: f32, #[uniform] b: f32) -> f32 { sum + a * b }").contains("Step for k")
    );
}

#[test]
fn an_error_in_the_body_leaves_the_kernel_for_its_users() {
    let text = items("fn k(x: f32) -> f32 { let r = &x; x }");
    assert!(text.contains("compile_error") && text.contains("Kernel for k"), "{text}");
    assert!(!text.contains("__check"), "rustc would say it again: {text}");
}

#[test]
fn an_error_in_the_signature_leaves_the_function() {
    let text = items("fn k(x: String) -> f32 { 0.0 }");
    assert!(text.contains("compile_error") && text.contains("fn k (x : String)"), "{text}");
}

#[test]
fn the_hash_is_that_of_the_source() {
    let hash = |source: &str| items(source).split("hash : ").nth(1).map(|rest| rest[..20].to_owned());
    assert_eq!(hash("fn k(x: f32) -> f32 { x }"), hash("fn k(x: f32)->f32{x}"));
    assert_ne!(hash("fn k(x: f32) -> f32 { x }"), hash("fn k(x: f32) -> f32 { -x }"));
}
