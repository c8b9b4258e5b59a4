//! The two witnesses against the exact oracle: every sampler and every error bar on networks small enough
//! to enumerate, with the controls that must fail.
//!
//! No tolerance here is tuned. A deterministic identity holds to rounding; a statistical one is a z-score or
//! a χ² at the significance stated in `support`, from a fixed seed.

mod coverage;
mod detailed_balance;
mod determinism;
mod dilution;
mod drift;
mod enumeration;
mod finite;
mod finite_neurons;
mod frozen;
mod matrices;
mod sign;
mod support;
mod symmetry;
