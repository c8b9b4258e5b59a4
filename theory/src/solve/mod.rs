//! Solving systems of a few equations.

pub mod newton;
pub mod scalar;
