//! Which units can be part of a network with couplings.

use super::{Alphabet, Unit};
use crate::Unsupported;

impl Unit {
    /// Refuses a unit that can be a hidden unit only, in the name of an engine for units with couplings.
    ///
    /// # Errors
    /// If the law says so ([`super::UnitLaw::hidden_only`]), or if its values are counts or have a density
    /// of any shape.
    pub fn in_network(&self, by: &str) -> Result<(), Unsupported> {
        let of_alphabet = || match self.alphabet() {
            Alphabet::Counts => Some("its states are counts without bound"),
            Alphabet::Density(_) => Some("its density has no T = 0 law in closed form"),
            _ => None,
        };
        match self.hidden_only().or_else(of_alphabet) {
            None => Ok(()),
            Some(because) => Err(Unsupported::new(
                format!("unit `{self}`"),
                by,
                because,
                "`mattis interactions`, where it is a hidden unit",
            )),
        }
    }
}
