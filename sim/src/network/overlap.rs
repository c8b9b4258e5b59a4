//! Units with levels on interactions of real values.

use std::sync::Arc;

use mattis_model::Unit;

use super::{Interaction, Network, Overlaps, RealMemories, levels_of};
use crate::SimError;

/// Any levels on an interaction of real values; by default J_ij = (1/N) η_i·A η_j in O(p) operations per
/// field, for any memories. What is cached is moved with every change and summed anew once per sweep.
#[derive(Debug, Clone)]
pub struct RealNetwork<I = Overlaps> {
    interaction: I,
    levels: Vec<f64>,
    states: Vec<u8>,
    values: Vec<f64>,
    /// Nothing that is cached can drift.
    exact: bool,
}

impl RealNetwork {
    /// A network of these memories with every unit on its lowest level.
    ///
    /// # Errors
    /// If the unit has too many levels.
    pub fn new(memories: Arc<RealMemories>, unit: &Unit) -> Result<Self, SimError> {
        Self::with(Overlaps::new(memories), unit)
    }
}

impl<I: Interaction> RealNetwork<I> {
    /// A network with this interaction and every unit on its lowest level.
    ///
    /// # Errors
    /// If the unit has too many levels.
    pub fn with(mut interaction: I, unit: &Unit) -> Result<Self, SimError> {
        let levels = levels_of(unit)?;
        let neurons = interaction.neurons();
        let (states, values) = (vec![0; neurons], vec![levels[0]; neurons]);
        interaction.refresh(&values);
        let exact = interaction.is_integer() && levels.iter().all(|s| s.fract() == 0.0);
        Ok(Self { interaction, levels, states, values, exact })
    }
}

impl<I: Interaction> Network for RealNetwork<I> {
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

    fn is_symmetric(&self) -> bool {
        self.interaction.is_symmetric()
    }

    fn memories(&self) -> usize {
        self.interaction.memories()
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.interaction.overlaps(out);
    }

    fn refresh(&mut self) {
        if !self.exact {
            self.interaction.refresh(&self.values);
        }
    }
}
