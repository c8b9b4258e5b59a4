//! Synapses: what is done to a coupling before it is used.
//!
//! The rule gives x = p^{−1/2} Σ_μ ξ_i^μ ξ_j^μ, a standard normal for many memories. A synapse g makes it
//! J_ij = (√p/N) g(x) / a₁ with a₁ = E\[x g(x)\], so that the signal keeps the coefficient 1 and the unit of
//! temperature is the same for every synapse. With a₂ = E\[g²\] the synapse adds independent noise of
//! variance α(a₂/a₁² − 1) to the couplings (Sompolinsky 1986).

use std::fmt::Debug;
use std::sync::Arc;

use crate::catalogue::{Catalogued, Choice, Entry};

/// What a synapse is: its function and the two moments the theory needs, in closed form.
pub trait SynapseLaw: Debug + Send + Sync {
    /// g(x).
    fn apply(&self, x: f64) -> f64;

    /// a₁ = E\[x g(x)\] for standard normal x.
    fn signal(&self) -> f64;

    /// a₂ = E\[g(x)²\] for standard normal x.
    fn power(&self) -> f64;

    /// Whether couplings pass unchanged, so that they need not be formed one by one.
    fn is_identity(&self) -> bool {
        false
    }
}

/// A synapse chosen by name. It dereferences to its law.
pub type Synapse = Choice<Arc<dyn SynapseLaw>>;

/// Declares the synapse files and lists their entries: one line for a new synapse.
macro_rules! synapses {
    ($($file:ident),* $(,)?) => {
        $(pub mod $file;)*
        impl Catalogued for Arc<dyn SynapseLaw> {
            const WHAT: &'static str = "synapse";
            fn entries() -> &'static [Entry<Self>] {
                static ENTRIES: &[Entry<Arc<dyn SynapseLaw>>] = &[$($file::ENTRY),*];
                ENTRIES
            }
        }
    };
}

synapses! {
    identity,
}
