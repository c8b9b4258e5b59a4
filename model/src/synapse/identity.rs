//! The linear synapse.

use std::sync::Arc;

use super::SynapseLaw;
use crate::catalogue::Entry;

/// g(x) = x: the coupling that the rule gives.
#[derive(Debug)]
pub struct Identity;

impl SynapseLaw for Identity {
    fn apply(&self, x: f64) -> f64 {
        x
    }

    fn signal(&self) -> f64 {
        1.0
    }

    fn power(&self) -> f64 {
        1.0
    }

    fn is_identity(&self) -> bool {
        true
    }
}

pub(super) const ENTRY: Entry<Arc<dyn SynapseLaw>> = Entry {
    name: "identity",
    aliases: &["linear"],
    formula: "g(x) = x",
    source: "Hopfield, PNAS 79, 2554 (1982)",
    parameters: &[],
    build: |_| Ok(Arc::new(Identity)),
};
