//! Interactions: the fields of real-valued units, cached in overlaps or in a matrix.

use std::sync::Arc;

use super::dense::dot;
use super::{Couplings, RealMemories};

/// Local fields of units whose values are any real numbers. The caller keeps the values.
pub trait Interaction: Clone {
    /// Number of units N.
    fn neurons(&self) -> usize;

    /// Σ_{j≠i} J_ij s_j, where the unit itself has this value.
    fn field(&self, site: usize, own: f64) -> f64;

    /// The same of all units with any values, whatever is cached.
    fn fields_at(&self, values: &[f64], out: &mut [f64]);

    /// A unit has changed by this much.
    fn shift(&mut self, site: usize, change: f64);

    /// Sums anew what is cached, always in the same order.
    fn refresh(&mut self, values: &[f64]);

    /// −½ Σ_{i≠j} J_ij s_i s_j; an energy where the couplings are symmetric.
    fn energy(&self, values: &[f64]) -> f64;

    /// Whether the couplings are symmetric by construction.
    fn is_symmetric(&self) -> bool {
        true
    }

    /// Whether integer values give cached numbers without rounding, that never drift.
    fn is_integer(&self) -> bool {
        false
    }

    /// Number of memories, 0 where nothing is stored.
    fn memories(&self) -> usize;

    /// Overlaps (1/N) Σ_i η_i^μ s_i, one per memory.
    fn overlaps(&self, out: &mut [f64]);
}

/// Couplings (1/N) η_i·A η_j without a matrix: fields in O(p) from M_μ = Σ_i η_i^μ s_i.
///
/// Σ_{j≠i} J_ij s_j = (1/N)(A η_i·M − η_i·A η_i s_i).
#[derive(Debug, Clone)]
pub struct Overlaps {
    memories: Arc<RealMemories>,
    sums: Vec<f64>,
    scale: f64,
}

impl Overlaps {
    /// The interaction of these memories; every unit at 0.
    pub fn new(memories: Arc<RealMemories>) -> Self {
        let (sums, scale) = (vec![0.0; memories.count()], 1.0 / memories.neurons() as f64);
        Self { memories, sums, scale }
    }
}

impl Interaction for Overlaps {
    fn neurons(&self) -> usize {
        self.memories.neurons()
    }

    #[inline]
    fn field(&self, site: usize, own: f64) -> f64 {
        let own = self.memories.own(site) * own;
        let sum = dot(self.memories.image(site), &self.sums) - own;
        // What rounding leaves of an exact cancellation is a tie.
        if sum.abs() <= 4.0 * f64::EPSILON * own.abs() { 0.0 } else { sum * self.scale }
    }

    fn fields_at(&self, values: &[f64], out: &mut [f64]) {
        let mut there =
            Self { memories: Arc::clone(&self.memories), sums: vec![0.0; self.sums.len()], ..*self };
        there.refresh(values);
        for (site, (field, value)) in out.iter_mut().zip(values).enumerate() {
            *field = there.field(site, *value);
        }
    }

    #[inline]
    fn shift(&mut self, site: usize, change: f64) {
        for (sum, component) in self.sums.iter_mut().zip(self.memories.row(site)) {
            *sum += change * component;
        }
    }

    fn refresh(&mut self, values: &[f64]) {
        self.sums.fill(0.0);
        for (site, value) in values.iter().enumerate() {
            self.shift(site, *value);
        }
    }

    fn energy(&self, values: &[f64]) -> f64 {
        let own: f64 = values.iter().enumerate().map(|(i, s)| self.memories.own(i) * s * s).sum();
        -0.5 * (self.memories.square(&self.sums) - own) * self.scale
    }

    fn memories(&self) -> usize {
        self.memories.count()
    }

    fn overlaps(&self, out: &mut [f64]) {
        for (overlap, sum) in out.iter_mut().zip(&self.sums) {
            *overlap = sum * self.scale;
        }
    }
}

/// A coupling matrix with cached fields; memories serve overlaps only.
#[derive(Debug, Clone)]
pub struct Matrix {
    couplings: Arc<Couplings>,
    memories: Option<Arc<RealMemories>>,
    fields: Vec<f64>,
    sums: Vec<f64>,
}

impl Matrix {
    /// The interaction of these couplings; every unit at 0.
    pub fn new(couplings: Arc<Couplings>, memories: Option<Arc<RealMemories>>) -> Self {
        let sums = vec![0.0; memories.as_ref().map_or(0, |memories| memories.count())];
        Self { fields: vec![0.0; couplings.neurons()], couplings, memories, sums }
    }
}

impl Interaction for Matrix {
    fn neurons(&self) -> usize {
        self.fields.len()
    }

    #[inline]
    fn field(&self, site: usize, _own: f64) -> f64 {
        self.fields[site] * self.couplings.scale()
    }

    fn fields_at(&self, values: &[f64], out: &mut [f64]) {
        for (i, field) in out.iter_mut().enumerate() {
            *field = dot(self.couplings.row(i), values) * self.couplings.scale();
        }
    }

    fn shift(&mut self, site: usize, change: f64) {
        for (field, coupling) in self.fields.iter_mut().zip(self.couplings.column(site)) {
            *field += change * coupling;
        }
        if let Some(memories) = &self.memories {
            for (sum, component) in self.sums.iter_mut().zip(memories.row(site)) {
                *sum += change * component;
            }
        }
    }

    fn refresh(&mut self, values: &[f64]) {
        for (i, field) in self.fields.iter_mut().enumerate() {
            *field = dot(self.couplings.row(i), values);
        }
        self.sums.fill(0.0);
        if let Some(memories) = &self.memories {
            for (site, value) in values.iter().enumerate() {
                for (sum, component) in self.sums.iter_mut().zip(memories.row(site)) {
                    *sum += value * component;
                }
            }
        }
    }

    fn energy(&self, values: &[f64]) -> f64 {
        -0.5 * values.iter().enumerate().map(|(i, s)| s * self.field(i, *s)).sum::<f64>()
    }

    fn memories(&self) -> usize {
        self.sums.len()
    }

    fn overlaps(&self, out: &mut [f64]) {
        let size = self.fields.len() as f64;
        for (overlap, sum) in out.iter_mut().zip(&self.sums) {
            *overlap = sum / size;
        }
    }
}
