//! Plots of records: from numbers that somebody else computed to pixels, with no physics in between.

mod capacity;
mod control;
mod curve;
mod finite;
mod flow;
mod interactions;
mod phase;
mod stability;
mod z;

pub use capacity::capacities;
pub use curve::{TheoryPiece, observable_curve, overlap_curve, theory_pieces};
pub use finite::{state_levels, temperature_curve};
pub use flow::trajectories;
pub use interactions::{interaction_map, interaction_orders, interaction_sizes};
pub use phase::phase_diagram;
pub use stability::stability;
pub use z::z_scores;
