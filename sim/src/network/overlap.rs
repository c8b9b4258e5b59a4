//! Units with levels on real memories.

use std::sync::Arc;

use mattis_model::Unit;

use super::{Interaction, Network, Overlaps, RealMemories, levels_of};
use crate::SimError;

/// J_ij = (1/N) η_i·A η_j in O(p) operations per field, for any memories and any levels. Overlaps are moved
/// with every change and summed anew once per sweep.
#[derive(Debug, Clone)]
pub struct RealNetwork {
    interaction: Overlaps,
    levels: Vec<f64>,
    states: Vec<u8>,
    values: Vec<f64>,
}

impl RealNetwork {
    /// A network with every unit on its lowest level.
    ///
    /// # Errors
    /// If the unit has too many levels.
    pub fn new(memories: Arc<RealMemories>, unit: &Unit) -> Result<Self, SimError> {
        let levels = levels_of(unit)?;
        let neurons = memories.neurons();
        let (states, values) = (vec![0; neurons], vec![levels[0]; neurons]);
        let mut network = Self { interaction: Overlaps::new(memories), levels, states, values };
        network.refresh();
        Ok(network)
    }
}

impl Network for RealNetwork {
    fn levels(&self) -> &[f64] {
        &self.levels
    }

    fn states(&self) -> &[u8] {
        &self.states
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        self.interaction.field(site, self.values[site])
    }

    fn fields(&mut self, out: &mut [f64]) {
        for (site, field) in out.iter_mut().enumerate() {
            *field = self.interaction.field(site, self.values[site]);
        }
    }

    #[inline]
    fn set(&mut self, site: usize, level: u8) {
        let value = self.levels[usize::from(level)];
        self.states[site] = level;
        let change = value - std::mem::replace(&mut self.values[site], value);
        if change != 0.0 {
            self.interaction.shift(site, change);
        }
    }

    fn coupling_energy(&self) -> f64 {
        self.interaction.energy(&self.values)
    }

    fn memories(&self) -> usize {
        self.interaction.memories()
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.interaction.overlaps(out);
    }

    fn refresh(&mut self) {
        self.interaction.refresh(&self.values);
    }
}
