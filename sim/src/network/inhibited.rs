//! Inhibition by the mean activity.

use super::Interaction;

/// An interaction in which every coupling is J_ij − k/N. With −k/N on the diagonal too, which is not part of
/// an [`Interaction`], H gains N k x²/2 with x = (1/N) Σ_i s_i.
#[derive(Debug, Clone)]
pub struct Inhibited<I> {
    interaction: I,
    /// k/N.
    each: f64,
    /// Σ_i s_i.
    total: f64,
}

impl<I: Interaction> Inhibited<I> {
    /// The same interaction with inhibition of strength k; every unit at 0.
    pub fn new(interaction: I, strength: f64) -> Self {
        let each = strength / interaction.neurons() as f64;
        Self { interaction, each, total: 0.0 }
    }
}

impl<I: Interaction> Interaction for Inhibited<I> {
    fn neurons(&self) -> usize {
        self.interaction.neurons()
    }

    #[inline]
    fn field(&self, site: usize, own: f64) -> f64 {
        self.interaction.field(site, own) - self.each * (self.total - own)
    }

    fn fields_at(&self, values: &[f64], out: &mut [f64]) {
        self.interaction.fields_at(values, out);
        let total: f64 = values.iter().sum();
        for (field, own) in out.iter_mut().zip(values) {
            *field -= self.each * (total - own);
        }
    }

    #[inline]
    fn shift(&mut self, site: usize, change: f64) {
        self.total += change;
        self.interaction.shift(site, change);
    }

    fn refresh(&mut self, values: &[f64]) {
        self.total = values.iter().sum();
        self.interaction.refresh(values);
    }

    fn energy(&self, values: &[f64]) -> f64 {
        let own: f64 = values.iter().map(|s| s * s).sum();
        self.interaction.energy(values) + 0.5 * self.each * (self.total * self.total - own)
    }

    fn is_symmetric(&self) -> bool {
        self.interaction.is_symmetric()
    }

    fn is_integer(&self) -> bool {
        self.interaction.is_integer()
    }

    fn memories(&self) -> usize {
        self.interaction.memories()
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.interaction.overlaps(out);
    }
}
