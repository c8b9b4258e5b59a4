//! Weights between two layers, and the states of both in one replica.

use mattis_model::TwoLayers;
use mattis_model::address::Purpose;

use super::prior::Prior;
use crate::SimError;
use crate::error::check_memory;
use crate::network::Memories;
use crate::random::{Source, normal};

/// One disorder sample: weights ξ_iμ and the laws of the layers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Machine {
    neurons: usize,
    count: usize,
    /// The weights of one hidden unit stand together.
    weights: Vec<f64>,
    visible: Prior,
    hidden: Prior,
    /// √(β/N).
    scale: f64,
}

impl Machine {
    /// Draws the weights. Their Boolean part is that of the ±1 memories of the same sample.
    pub(super) fn draw(
        machine: &TwoLayers,
        (neurons, count): (usize, usize),
        temperature: f64,
        source: Source,
    ) -> Result<Self, SimError> {
        let bytes = 8 * neurons as u128 * count as u128;
        check_memory(format!("weights of {neurons} visible and {count} hidden units"), bytes)?;
        let prior = Prior::new(machine.weights);
        let signs = Memories::draw(neurons, count, source)?;
        let mut weights = Vec::with_capacity(neurons * count);
        for memory in 0..count {
            let mut words = source.stream(Purpose::Couplings, 0, memory as u64);
            let mut word = || words.next().unwrap_or_default();
            for site in 0..neurons {
                let g = if prior.is_graded() { normal(word(), word()) } else { 0.0 };
                weights.push(prior.mix(g, signs.component(memory, site)));
            }
        }
        Ok(Self {
            neurons,
            count,
            weights,
            visible: Prior::new(machine.visible),
            hidden: Prior::new(machine.hidden),
            scale: 1.0 / (temperature * neurons as f64).sqrt(),
        })
    }

    /// The weights of a hidden unit.
    pub(super) fn memory(&self, memory: usize) -> &[f64] {
        &self.weights[memory * self.neurons..][..self.neurons]
    }

    #[cfg(test)]
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }
}

/// One replica: both layers, and the overlaps (1/N) Σ_i ξ_iμ σ_i that belong to the visible one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Replica {
    pub(super) visible: Vec<f64>,
    pub(super) hidden: Vec<f64>,
    pub(super) overlaps: Vec<f64>,
    fields: Vec<f64>,
    number: u32,
    source: Source,
    /// Half-sweeps done; each has its own stream.
    half_sweeps: u64,
}

impl Replica {
    /// Visible units on the signs of memory 1, hidden ones drawn from them.
    pub(super) fn at_memory(machine: &Machine, source: Source, number: u32) -> Self {
        let visible: Vec<f64> =
            machine.memory(0).iter().map(|xi| if *xi > 0.0 { 1.0 } else { -1.0 }).collect();
        let mut out = Self {
            fields: vec![0.0; visible.len()],
            visible,
            hidden: vec![0.0; machine.count],
            overlaps: vec![0.0; machine.count],
            number,
            source,
            half_sweeps: 0,
        };
        out.draw_hidden(machine);
        out
    }

    /// Draws all visible units in the fields √(β/N) Σ_μ ξ_iμ τ_μ, then all hidden ones in √(β/N) Σ_i ξ_iμ σ_i.
    pub(super) fn sweep(&mut self, machine: &Machine) {
        self.draw_visible(machine);
        self.draw_hidden(machine);
    }

    fn draw_visible(&mut self, machine: &Machine) {
        self.fields.fill(0.0);
        for (memory, tau) in self.hidden.iter().enumerate() {
            let factor = machine.scale * tau;
            for (field, xi) in self.fields.iter_mut().zip(machine.memory(memory)) {
                *field += factor * xi;
            }
        }
        let mut words = self.source.stream(Purpose::Update, self.number, self.half_sweeps);
        for (sigma, field) in self.visible.iter_mut().zip(&self.fields) {
            *sigma = machine.visible.draw(*field, &mut words);
        }
        self.half_sweeps += 1;
    }

    fn draw_hidden(&mut self, machine: &Machine) {
        let size = machine.neurons as f64;
        let mut words = self.source.stream(Purpose::Update, self.number, self.half_sweeps);
        for (memory, (tau, overlap)) in self.hidden.iter_mut().zip(&mut self.overlaps).enumerate() {
            let sum = dot(machine.memory(memory), &self.visible);
            *overlap = sum / size;
            *tau = machine.hidden.draw(machine.scale * sum, &mut words);
        }
        self.half_sweeps += 1;
    }

    /// Whether a unit grew without bound.
    pub(super) fn is_finite(&self) -> bool {
        self.overlaps.iter().chain(&self.hidden).all(|x| x.is_finite())
    }
}

/// Σ xᵢyᵢ in eight interleaved sums.
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (xs, ys) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = xs.remainder().iter().zip(ys.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in xs.zip(ys) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum::<f64>() + rest
}
