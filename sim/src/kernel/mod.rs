//! Kernels: what takes the time, once for each set of vector instructions.
//!
//! A kernel takes [`mattis_simd::Vectors`] and gives the same bytes for each kind.

pub mod distance;
pub mod projection;
pub mod transpose;
