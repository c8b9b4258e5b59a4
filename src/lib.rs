//! Statistical mechanics of networks that remember: one model, two independent witnesses, one comparison.
//!
//! The facade of the workspace: [`model`] says what is studied, [`theory`] solves it, [`sim`] simulates it,
//! [`figures`] draws records; [`compare`] joins the two, [`gallery`] reproduces published figures, [`study`]
//! reads TOML, [`cli`] is the program.
//!
//! ```
//! use mattis::prelude::*;
//!
//! let model = Model::hopfield();
//! let measured = Simulation::new(&model)
//!     .at(Control::new(0.02, 0.3))
//!     .sizes([250, 500])
//!     .samples(8)
//!     .sweeps(20)
//!     .burn_in(10)
//!     .run()?;
//! let predicted = predict(&model, &measured, Guess::Retrieval)?;
//! println!("{}", compare(&predicted, &measured, &CompareOptions::default())?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use mattis_figures as figures;
pub use mattis_model as model;
pub use mattis_sim as sim;
pub use mattis_simd as simd;
pub use mattis_theory as theory;

#[allow(clippy::print_stderr)] // the program speaks there; libraries do not
pub mod cli;
pub mod compare;
pub mod gallery;
mod histogram;
mod interactions;
pub mod output;
mod records;
pub mod study;
mod weights;

pub use records::Records;

/// What most programs need.
pub mod prelude {
    pub use crate::compare::{CompareOptions, Comparison, Prediction, Predictions, compare, predict};
    pub use mattis_figures::{Figure, Plot, recipes};
    pub use mattis_model::record::*;
    pub use mattis_model::{Control, Load, Model, SelfCoupling, Unit, UnitLaw, Update};
    pub use mattis_sim::{Dynamics, Order, Simulation, Start};
    pub use mattis_theory::{Guess, PhaseRequest, TheoryError, phase_diagram, states};
}

/// The example of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
