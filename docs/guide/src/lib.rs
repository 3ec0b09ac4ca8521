#![doc = include_str!("introduction.md")]
#![forbid(unsafe_code)]

#[doc = include_str!("machines.md")]
pub mod machines {}

#[doc = include_str!("models.md")]
pub mod models {}

#[doc = include_str!("decompose.md")]
pub mod decompose {}

#[doc = include_str!("agglomerate.md")]
pub mod agglomerate {}

#[doc = include_str!("map.md")]
pub mod map {}

#[doc = include_str!("share.md")]
pub mod share {}

#[doc = include_str!("evaluate.md")]
pub mod evaluate {}

#[doc = include_str!("concurrency.md")]
pub mod concurrency {}

#[doc = include_str!("threads.md")]
pub mod threads {}

#[doc = include_str!("locks.md")]
pub mod locks {}

#[doc = include_str!("queues.md")]
pub mod queues {}

#[doc = include_str!("processes.md")]
pub mod processes {}

#[doc = include_str!("pools.md")]
pub mod pools {}

#[doc = include_str!("futures.md")]
pub mod futures {}

#[doc = include_str!("python.md")]
pub mod python {}
