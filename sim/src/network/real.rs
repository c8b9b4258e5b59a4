//! Memories with real components: drawn from any law, coupled by any quadratic rule.

use std::f64::consts::SQRT_2;

use mattis_model::address::Purpose;
use mattis_model::{CouplingLaw, Form, Model, PatternLaw, SpecError, Unsupported};

use super::Memories;
use super::dense::dot;
use crate::SimError;
use crate::error::check_memory;
use crate::random::{Source, Uniforms, normal, unit_interval};

/// Components η_i^μ = ξ_i^μ − a as the rule stores them, a = ⟨ξ⟩ for the covariance rule and 0 otherwise, with
/// the couplings J_ij = (1/N) η_i·A η_j that they make; A = 1 but for quadratic forms.
#[derive(Debug, Clone, PartialEq)]
pub struct RealMemories {
    neurons: usize,
    count: usize,
    /// η, the components of one unit together.
    rows: Vec<f64>,
    /// A η, where A is not 1.
    images: Option<Vec<f64>>,
    form: Option<Form>,
    /// η_i·A η_i.
    own: Vec<f64>,
    /// a: the components as drawn are ξ = η + a.
    centre: f64,
    deviation: f64,
}

impl RealMemories {
    /// Draws the memories of a model; those of a ±1 law without bias are those of [`Memories::draw`]. Memory
    /// μ has its own stream, of which component i takes word i, or words 2i and 2i + 1 for a normal; values
    /// of a finite support follow each other on [0, 1) with the largest first. A random
    /// axis is the direction of p normals; with every other law more memories keep the old ones.
    ///
    /// # Errors
    /// If they do not fit in memory, the law is not known, or a quadratic form has another size.
    pub fn draw(model: &Model, neurons: usize, count: usize, source: Source) -> Result<Self, SimError> {
        let law = model.patterns.value();
        let form = if let CouplingLaw::QuadraticForm(form) = model.rule.value() { Some(form) } else { None };
        Self::check(neurons, count)?;
        if *law == PatternLaw::Rademacher {
            let memories = Memories::draw(neurons, count, source)?;
            return Self::given(neurons, count, form, |memory, site| memories.component(memory, site));
        }
        let mut rows = vec![0.0; neurons * count];
        let (centre, deviation) = (model.centre(), model.deviation());
        let law = Drawn::new(law);
        for memory in 0..count {
            let mut words = source.stream(Purpose::Patterns, 0, memory as u64);
            for row in rows.chunks_exact_mut(count) {
                row[memory] = model.stored(law.component(&mut words)?);
            }
        }
        if *law.law == PatternLaw::RandomAxis {
            for row in rows.chunks_exact_mut(count) {
                let length = dot(row, row).sqrt();
                let scale = (count as f64).sqrt() / length;
                for x in row {
                    *x *= scale;
                }
            }
        }
        Ok(Self { centre, deviation, ..Self::new(neurons, count, rows, form)? })
    }

    /// Memories given by a function (memory, unit) → η, coupled by a form A or by A = 1.
    ///
    /// # Errors
    /// If they do not fit in memory, are not finite, or the form has another size.
    pub fn given(
        neurons: usize,
        count: usize,
        form: Option<&Form>,
        component: impl Fn(usize, usize) -> f64,
    ) -> Result<Self, SimError> {
        Self::check(neurons, count)?;
        let rows = (0..neurons).flat_map(|site| (0..count).map(move |memory| (memory, site)));
        let rows: Vec<f64> = rows.map(|(memory, site)| component(memory, site)).collect();
        Self::new(neurons, count, rows, form)
    }

    fn new(neurons: usize, count: usize, rows: Vec<f64>, form: Option<&Form>) -> Result<Self, SimError> {
        if let Some(bad) = rows.iter().find(|value| !value.is_finite()) {
            return Err(SpecError::out_of_range("component of a memory", bad, "a finite number").into());
        }
        if let Some(form) = form
            && form.size() != count
        {
            let expected = format!("{}, the size of the matrix", form.size());
            return Err(SpecError::out_of_range("number of memories p", count, expected).into());
        }
        let form = form.cloned();
        let images = form.as_ref().map(|form| -> Vec<f64> {
            rows.chunks_exact(count).flat_map(|row| (0..count).map(|mu| apply(form, mu, row))).collect()
        });
        let others = images.as_ref().unwrap_or(&rows);
        let own =
            rows.chunks_exact(count).zip(others.chunks_exact(count)).map(|(row, image)| dot(row, image));
        Ok(Self { neurons, count, own: own.collect(), rows, images, form, centre: 0.0, deviation: 1.0 })
    }

    /// The memories with the one first whose mean as drawn is nearest to `mean`; the first changes places with it.
    pub(crate) fn typical_first(mut self, mean: f64) -> Result<Self, SimError> {
        let mut sums = vec![0.0; self.count];
        for row in self.rows.chunks_exact(self.count.max(1)) {
            for (sum, component) in sums.iter_mut().zip(row) {
                *sum += component * self.deviation + self.centre;
            }
        }
        let distance = |memory: &usize| (sums[*memory] / self.neurons as f64 - mean).abs();
        let nearest = (0..self.count).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        for row in self.rows.chunks_exact_mut(self.count.max(1)) {
            row.swap(0, nearest);
        }
        let Self { neurons, count, rows, form, centre, deviation, .. } = self;
        Ok(Self { centre, deviation, ..Self::new(neurons, count, rows, form.as_ref())? })
    }

    pub(crate) fn check(neurons: usize, count: usize) -> Result<(), SimError> {
        let bytes = 16 * neurons as u128 * count as u128;
        check_memory(format!("{count} memories of {neurons} units"), bytes)
    }

    /// Number of units N.
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// Number of memories p.
    pub fn count(&self) -> usize {
        self.count
    }

    /// η_i^μ.
    pub fn component(&self, memory: usize, site: usize) -> f64 {
        self.rows[site * self.count + memory]
    }

    /// ξ_i^μ as drawn, η_i^μ + a.
    pub(crate) fn value(&self, memory: usize, site: usize) -> f64 {
        self.component(memory, site) * self.deviation + self.centre
    }

    /// (1/N) η_i·A η_j, i = j included.
    pub fn coupling(&self, i: usize, j: usize) -> f64 {
        dot(self.row(i), self.image(j)) / self.neurons as f64
    }

    /// Whether every η_i^μ is an integer.
    pub(super) fn is_integer(&self) -> bool {
        self.rows.iter().all(|component| component.fract() == 0.0)
    }

    pub(super) fn row(&self, site: usize) -> &[f64] {
        &self.rows[site * self.count..(site + 1) * self.count]
    }

    /// A η_i.
    pub(super) fn image(&self, site: usize) -> &[f64] {
        let images = self.images.as_ref().unwrap_or(&self.rows);
        &images[site * self.count..(site + 1) * self.count]
    }

    /// η_i·A η_i.
    pub(super) fn own(&self, site: usize) -> f64 {
        self.own[site]
    }

    /// x·A x.
    pub(super) fn square(&self, x: &[f64]) -> f64 {
        match &self.form {
            Some(form) => (0..self.count).map(|mu| x[mu] * apply(form, mu, x)).sum(),
            None => dot(x, x),
        }
    }
}

/// Component μ of A x.
fn apply(form: &Form, mu: usize, x: &[f64]) -> f64 {
    x.iter().enumerate().map(|(nu, value)| form.entry(mu, nu) * value).sum()
}

/// A law with what its draws need.
struct Drawn<'a> {
    law: &'a PatternLaw,
    /// Values of a finite support, the largest first, and the probability of each or a larger one.
    cumulated: Vec<(f64, f64)>,
}

impl<'a> Drawn<'a> {
    fn new(law: &'a PatternLaw) -> Self {
        let mut cumulated = law.support().unwrap_or_default();
        cumulated.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut total = 0.0;
        for (_, weight) in &mut cumulated {
            total += *weight;
            *weight = total;
        }
        Self { law, cumulated }
    }

    /// The next component.
    fn component(&self, words: &mut Uniforms) -> Result<f64, SimError> {
        let mut word = || words.next().unwrap_or_default();
        Ok(match self.law {
            PatternLaw::Rademacher => {
                if word() >> 63 == 1 {
                    1.0
                } else {
                    -1.0
                }
            }
            PatternLaw::Biased { mean } => {
                if unit_interval(word()) < 0.5 * (1.0 + mean) {
                    1.0
                } else {
                    -1.0
                }
            }
            PatternLaw::Gaussian | PatternLaw::RandomAxis => normal(word(), word()),
            PatternLaw::Uniform => 3_f64.sqrt() * (2.0 * unit_interval(word()) - 1.0),
            PatternLaw::Laplace => {
                // In the middle of its 2⁻⁵³; the last of them rounds to 1, and its logarithm must be finite too.
                let u = unit_interval(word()) + 0.25 * f64::EPSILON;
                let side = if u < 0.5 { SQRT_2 } else { -SQRT_2 };
                0.5 * side * libm::log(2.0 * u.min(1.0 - u).max(0.25 * f64::EPSILON))
            }
            PatternLaw::Exponential { sparseness } => {
                let u = (unit_interval(word()) + 0.25 * f64::EPSILON) / (2.0 * sparseness);
                if u < 1.0 { -0.5 * libm::log(u) } else { 0.0 }
            }
            PatternLaw::Sparse { .. }
            | PatternLaw::Ternary { .. }
            | PatternLaw::Quaternary { .. }
            | PatternLaw::Histogram { .. } => {
                let u = unit_interval(word());
                let place = self.cumulated.partition_point(|(_, below)| *below <= u);
                // Rounding may leave the last sum below 1.
                self.cumulated.get(place).or(self.cumulated.last()).map_or(0.0, |(value, _)| *value)
            }
            law => {
                let what = format!("patterns {law:?}");
                return Err(
                    Unsupported::new(what, "the simulation", "it cannot draw them", "rademacher").into()
                );
            }
        })
    }
}
