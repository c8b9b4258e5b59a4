//! The Monte Carlo witness: simulates a [`mattis_model::Model`] and measures it with honest errors.
//!
//! It knows couplings, states and addressed uniforms, and nothing of any theory. [`Simulation`] is the way
//! in; networks, dynamics and statistics can be used by themselves.

pub mod dynamics;
pub mod experiment;
pub mod kernel;
pub mod network;
pub mod observable;
pub mod random;
pub mod stability;
pub mod statistics;
pub mod two_layers;

mod amplitude;
mod checkpoint;
mod ensemble;
mod error;
mod memory;
mod meter;
mod run;
mod setup;
mod simulation;
mod start;
mod system;
mod weights;

pub use checkpoint::checkpoint_files;
pub use dynamics::{Dynamics, Order};
pub use ensemble::{SampleResult, Session};
pub use error::SimError;
pub use memory::MEMORY_LIMIT;
pub use meter::Progress;
pub use observable::Trace;
pub use simulation::{Outcome, Simulation};
pub use start::Start;
pub use statistics::SampleMean;
pub use weights::random_weights;
