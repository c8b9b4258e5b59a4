//! Exact results: models with a closed solution ([`solve_exact`]), and enumeration of finite systems.
//!
//! [`Enumeration`] visits every state of a network of N ≤ 20 units with given couplings and states, to
//! rounding, what every other engine only estimates:
//!
//! * the Boltzmann law P ∝ Πρ(s_i) e^{−βH} with
//!   H = −½ Σ_ij J_ij s_i s_j + Σ_i V(s_i) − h Σ_i s_i, diagonal included ([`Enumeration::boltzmann`]);
//! * the stationary law of parallel updates ([`Enumeration::parallel`]; Little 1974, Peretto 1984);
//! * the attractors of the deterministic dynamics ([`Enumeration::attractors`]);
//! * the transition matrix of each dynamics ([`Enumeration::transition`]) and its spectrum
//!   ([`Enumeration::spectrum`]).
//!
//! ```
//! use mattis_model::{Diagonal, Unit};
//! use mattis_theory::exact::{Enumeration, hebb};
//!
//! let memory = vec![1.0, -1.0, 1.0, 1.0, -1.0, -1.0];
//! let couplings = hebb(std::slice::from_ref(&memory), Diagonal::Zero)?;
//! let network = Enumeration::new(&Unit::neutral(), &couplings, 0.0)?;
//! assert_eq!(network.ground_states().degeneracy, 2);
//! let law = network.boltzmann(0.5)?;
//! println!("⟨|m|⟩ = {}", law.overlaps(&[memory])?.absolute[0]);
//! # Ok::<(), mattis_theory::exact::ExactError>(())
//! ```

mod attractors;
mod bethe;
mod couplings;
mod curie_weiss;
mod enumerated;
mod enumeration;
mod error;
mod ising_chain;
mod jet;
mod law;
mod machine;
mod machine_gibbs;
mod one_memory;
mod onsager;
mod solved;
mod special;
mod spectrum;
mod sum;
mod transition;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

pub use attractors::Attractors;
pub use couplings::hebb;
pub use enumeration::{Enumeration, GroundStates, MAX_STATES, Thermodynamics};
pub use error::ExactError;
pub use law::{Law, Overlaps};
pub use machine::{MAX_MACHINE_SITES, MachineGradient, MachineLaw, pseudo_log_likelihood};
pub use one_memory::one_memory_overlap;
pub use solved::solve_exact;
pub use spectrum::{MAX_SPECTRUM_STATES, Spectrum};
pub use transition::{Dynamics, MAX_MATRIX_STATES, Transition};
