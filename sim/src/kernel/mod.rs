//! Kernels: the inner loops, written once for plain code and once for each kind of [`Vectors`].
//!
//! Every kernel gives the same bytes for every kind; [`Vectors::best`] decides at run time. All that is
//! `unsafe` in this crate is in here, one module per kernel, each with the reason why it is sound.
//!
//! [`Vectors`]: mattis_simd::Vectors
//! [`Vectors::best`]: mattis_simd::Vectors::best

pub mod ars;
pub mod bars;
pub mod distance;
pub mod look;
pub mod overlap;
pub mod pack;
pub mod projection;
pub mod row;
pub mod scatter;
pub mod transpose;

mod aligned;

pub use aligned::Aligned;

/// Units whose numbers belong together: rows, fields and levels are filled up to whole blocks.
pub const BLOCK: usize = 128;
