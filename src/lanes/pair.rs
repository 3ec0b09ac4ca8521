//! STUB
use super::{Lanes, Level, lane_ops};
#[derive(Clone, Copy)] pub struct Pair<S>(pub S);
macro_rules! imp { ($($name:ident($($arg:ident: $kind:ident),*) -> $out:ident;)*) => {
impl <S: Lanes> Lanes for Pair<S> {
 const N: usize = 1; const FMA: bool = false; const LEVEL: Level = Level::Scalar; type F = f32; type I = i32; type M = bool;
 fn first(self, n: usize) -> bool { n > 0 } fn m_splat(self, on: bool) -> bool { on } fn m_any(self, m: bool) -> bool { m } fn m_lane(self, m: bool, _: usize) -> bool { m }
 fn f_splat(self, x: f32) -> f32 { x } fn i_splat(self, x: i32) -> i32 { x } fn i_iota(self) -> i32 { 0 }
 fn f_load(self, from: &[f32]) -> f32 { from[0] } fn i_load(self, from: &[i32]) -> i32 { from[0] } fn i_load_u8(self, from: &[u8]) -> i32 { from[0] as i32 }
 fn f_load_part(self, from: &[f32]) -> f32 { from[0] } fn i_load_part(self, from: &[i32]) -> i32 { from[0] }
 fn f_store(self, to: &mut [f32], x: f32) { to[0] = x } fn i_store(self, to: &mut [i32], x: i32) { to[0] = x } fn i_store_u8(self, to: &mut [u8], x: i32) { to[0] = x as u8 }
 fn f_store_part(self, to: &mut [f32], x: f32) { to[0] = x } fn i_store_part(self, to: &mut [i32], x: i32) { to[0] = x }
 fn f_stream(self, to: &mut [f32], x: f32) { to[0] = x } fn i_stream(self, to: &mut [i32], x: i32) { to[0] = x } fn fence(self) {}
 fn f_sum_lanes(self, a: f32) -> f32 { a } fn mul_add(self, a: f32, b: f32, c: f32) -> f32 { a * b + c }
 $(fn $name(self, $($arg: Self::$kind),*) -> Self::$out { $(let _ = $arg;)* panic!() })*
} } }
lane_ops!(imp);


impl<S> Pair<S> { pub fn new(s: S) -> Self { Pair(s) } }
