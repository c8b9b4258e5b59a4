//! Solves a model: closures, Newton, branches, stability, phase diagrams, and exact enumeration.
//!
//! Nothing here draws a random number, reads a clock or knows a file format.

pub mod average;
pub mod branch;
pub mod bulk;
pub mod capacity;
pub mod closure;
mod diagram;
mod error;
pub mod exact;
mod finite;
pub mod interactions;
pub mod one_update;
pub mod overlap_map;
mod signal_to_noise;
pub mod solve;
mod solver;
mod spins;
mod tanh;
pub mod two_layers;

pub use branch::{Axis, Branch, BranchPoint, Event};
pub use capacity::{CapacityRequest, Optimised, capacity};
pub use diagram::{PhaseRequest, almeida_thouless_temperature, phase_diagram, spinodal};
pub use error::TheoryError;
pub use finite::FinitePatterns;
pub use overlap_map::{FixedPoint, OverlapMap};
pub use signal_to_noise::first_update_error;
pub use solver::{Guess, MIXTURES, ReplicaSymmetric, predict, states, states_at};
