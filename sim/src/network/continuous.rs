//! Networks of units whose values fill an interval.

use std::sync::Arc;

use super::Interaction;

/// Real-valued units with their interaction and, where there is one, a field of their own.
#[derive(Debug, Clone)]
pub struct ContinuousNetwork<I> {
    interaction: I,
    values: Vec<f64>,
    shifts: Option<Arc<[f64]>>,
}

impl<I: Interaction> ContinuousNetwork<I> {
    /// A network with every unit at 0.
    pub fn new(interaction: I) -> Self {
        let values = vec![0.0; interaction.neurons()];
        Self { interaction, values, shifts: None }
    }

    /// The same with b_i = Σ_{j≠i} J_ij on every unit.
    #[must_use]
    pub fn with_row_sums(mut self) -> Self {
        let ones = vec![1.0; self.values.len()];
        self.interaction.refresh(&ones);
        self.shifts = Some((0..ones.len()).map(|site| self.interaction.field(site, 1.0)).collect());
        self.interaction.refresh(&self.values);
        self
    }

    /// The value of every unit.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Σ_{j≠i} J_ij s_j + b_i.
    pub fn field(&self, site: usize) -> f64 {
        let shift = self.shifts.as_ref().map_or(0.0, |shifts| shifts[site]);
        self.interaction.field(site, self.values[site]) + shift
    }

    /// The fields of all units at once.
    pub fn fields(&self, out: &mut [f64]) {
        for (site, field) in out.iter_mut().enumerate() {
            *field = self.field(site);
        }
    }

    /// The fields of all units, had they these values.
    pub fn fields_at(&self, values: &[f64], out: &mut [f64]) {
        self.interaction.fields_at(values, out);
        if let Some(shifts) = &self.shifts {
            for (field, shift) in out.iter_mut().zip(&**shifts) {
                *field += shift;
            }
        }
    }

    /// Gives one unit a value.
    pub fn set(&mut self, site: usize, value: f64) {
        let change = value - std::mem::replace(&mut self.values[site], value);
        if change != 0.0 {
            self.interaction.shift(site, change);
        }
    }

    /// Gives all units their values.
    pub fn load(&mut self, values: &[f64]) {
        self.values.copy_from_slice(values);
        self.refresh();
    }

    /// Whether the couplings are symmetric by construction.
    pub fn is_symmetric(&self) -> bool {
        self.interaction.is_symmetric()
    }

    /// −½ Σ_{i≠j} J_ij s_i s_j.
    pub fn coupling_energy(&self) -> f64 {
        self.interaction.energy(&self.values)
    }

    /// −Σ_i b_i s_i.
    pub fn shift_energy(&self) -> f64 {
        self.shifts.as_ref().map_or(0.0, |b| -b.iter().zip(&self.values).map(|(b, s)| b * s).sum::<f64>())
    }

    /// Overlaps (1/N) Σ_i η_i^μ s_i, one per memory.
    pub fn overlaps(&self, out: &mut [f64]) {
        self.interaction.overlaps(out);
    }

    /// Stops the drift of what is updated in floating point; called once per sweep.
    pub fn refresh(&mut self) {
        self.interaction.refresh(&self.values);
    }
}
