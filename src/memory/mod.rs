//! TEMPORARY stub until the memory layer lands.
use crate::error::Result;
use crate::shape::{Domain, ElementType, ScalarType};
pub trait Element: bytemuck::Pod + Send + Sync + 'static {
    const TYPE: ElementType;
}
macro_rules! el { ($($t:ty, $s:ident);*) => { $(impl Element for $t { const TYPE: ElementType = ElementType::scalar(ScalarType::$s); } impl<const N: usize> Element for [$t; N] { const TYPE: ElementType = ElementType { scalar: ScalarType::$s, channels: N }; })* } }
el!(f32, F32; i32, I32; u32, U32; u8, U8);
#[derive(Clone)]
pub struct Array<T>(std::sync::Arc<Vec<T>>, Domain);
#[derive(Clone, Copy)]
pub enum Keep { Old, Nothing }
#[derive(Clone)]
pub struct Home;
impl<T: Element> Array<T> {
    pub fn new(_: &Home, domain: Domain) -> Result<Self> { Ok(Array(std::sync::Arc::new(vec![T::zeroed(); domain.len()]), domain)) }
    pub fn from_vec(_: Home, v: Vec<T>) -> Self { let n = v.len(); Array(std::sync::Arc::new(v), Domain::Line(n)) }
    pub fn len(&self) -> usize { self.1.len() }
    pub fn domain(&self) -> Domain { self.1 }
    pub(crate) fn host(&self) -> Result<&[T]> { Ok(&self.0) }
    pub(crate) fn host_mut(&mut self, _: Keep) -> Result<&mut [T]> { Ok(&mut std::sync::Arc::make_mut(&mut self.0)[..]) }
}
pub trait DeviceArray: Send {}
impl<T: Element> DeviceArray for Array<T> {}
