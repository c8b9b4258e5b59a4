//! A Poisson number of inputs, exactly.
//!
//! An input j adds σ_j(1 + Σ_{μ>1} fair signs)/c to the local field, with σ_j = ±1 of mean m: c h is a compound
//! Poisson variable X with the characteristic function
//!
//! exp{c \[cosᵖk − 1 + i m sin k cosᵖ⁻¹k\]}
//!
//! and f(m) = E\[tanh(X/cT)\]. Over the points k_j = 2πj/M, with M larger than twice any X of visible probability,
//!
//! f(m) = (4/M) Σ_{0<j<M/2} A_j sin(c m g_j) G_j,  A = e^{c(cosᵖk − 1)},  g = sin k cosᵖ⁻¹k,
//!
//! G_j = Σ_{0<x<M/2} tanh(x/cT) sin(k_j x); at T = 0 the sign of a sum that vanishes counts 0, and G_j is
//! cot(k_j/2) for odd j and 0 for even ones.
//! (Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987), with finite connectivity)

use std::f64::consts::PI;

use mattis_model::{CouplingLaw, Load, Model, PatternLaw, Schedule, SpecError};

use super::refuse;
use crate::TheoryError;
use crate::solve::scalar::brent;

/// Longest list of points.
const LONGEST: usize = 1 << 20;
/// Weights below this are nothing.
const NOTHING: f64 = 1e-19;
/// Most pairs of sums that two replicas are summed over.
const MOST_PAIRS: usize = 200_000_000;

/// A point k of the sum.
struct Node {
    /// A/M.
    weight: f64,
    /// c sin k cosᵖ⁻¹k.
    phase: f64,
    /// G.
    kernel: f64,
}

/// The map of one model.
pub(crate) struct Poisson {
    degree: f64,
    count: usize,
    temperature: f64,
    nodes: Vec<Node>,
}

/// Refuses what is not a Hopfield network apart from who is connected.
pub(crate) fn treats(model: &Model) -> Result<(), TheoryError> {
    let finite = format!("connectivity `{}`", model.connectivity);
    let say = |part: String, because: &str, nearest: &str| {
        Err(refuse(format!("{part} with {finite}"), because, nearest))
    };
    let signs = "its sums of inputs are sums of signs";
    if !model.unit.is_binary_spin() {
        return say(format!("unit `{}`", model.unit), signs, "unit `ising`");
    }
    if *model.patterns.value() != PatternLaw::Rademacher {
        return say(format!("patterns `{}`", model.patterns), signs, "patterns `rademacher`");
    }
    if !matches!(model.rule.value(), CouplingLaw::Hebb | CouplingLaw::Covariance { .. }) {
        return say(format!("rule `{}`", model.rule), signs, "rule `hebb`");
    }
    if !model.synapse.is_identity() {
        return say(format!("synapse `{}`", model.synapse), signs, "synapse `identity`");
    }
    if model.field.value().value() != 0.0 || model.field.inhibition() != 0.0 || model.field.has_row_sums() {
        return say(format!("field `{}`", model.field), signs, "field `none`");
    }
    if model.self_coupling.at(Load::Extensive(1.0)) != 0.0 {
        let because = "a unit would remember itself";
        return say(format!("self-coupling `{}`", model.self_coupling), because, "self-coupling `zero`");
    }
    if *model.update.value() == Schedule::Continuous {
        let because = "its units jump";
        return say(format!("update `{}`", model.update), because, "`sequential` or `parallel`");
    }
    Ok(())
}

/// p = αc, or p itself.
///
/// # Errors
/// If αc is not whole.
pub(crate) fn whole(degree: f64, load: Load) -> Result<usize, TheoryError> {
    let alpha = match load {
        Load::Finite(count) => return Ok(count),
        other => other.alpha(),
    };
    let count = (alpha * degree).round();
    if count < 1.0 || (alpha * degree - count).abs() > 1e-9 * count.max(1.0) {
        let below = (alpha * degree).floor();
        let above = (below + 1.0) / degree;
        let nearest = if below > 0.0 { format!("{} or {above}", below / degree) } else { above.to_string() };
        let expected = format!("a whole number of memories p = αc with c = {degree}, such as α = {nearest}");
        return Err(SpecError::out_of_range("load α", alpha, expected).into());
    }
    Ok(count as usize)
}

/// The smallest x with P(|X| > x) below rounding, by Chernoff's bound for inputs that are all aligned.
fn reach(degree: f64, count: usize) -> f64 {
    let bound = |s: f64| (degree * (s.exp() * s.cosh().powi(count as i32 - 1) - 1.0) + 42.0) / s;
    (0..400).map(|i| bound((0.05 * f64::from(i - 360)).exp())).fold(f64::INFINITY, f64::min)
}

impl Poisson {
    /// The map with mean degree c, p memories and temperature T.
    ///
    /// # Errors
    /// If c and p are too large for sums without approximation.
    pub(crate) fn new(degree: f64, count: usize, temperature: f64) -> Result<Self, TheoryError> {
        let wanted = 2.0 * reach(degree, count) + 2.0;
        if wanted.is_nan() || wanted >= LONGEST as f64 {
            let what = format!("p = {count} memories with mean degree {degree}");
            return Err(refuse(what, "its sums are too long", "connectivity `extreme`"));
        }
        let size = (wanted as usize).next_power_of_two().max(64);
        let half = size / 2;
        let angle = |j: usize| 2.0 * PI * j as f64 / size as f64;
        let mut nodes: Vec<(usize, Node)> = (1..half)
            .filter_map(|j| {
                let (sin, cos) = angle(j).sin_cos();
                let power = cos.powi(count as i32 - 1);
                let weight = (degree * (power * cos - 1.0)).exp();
                let phase = degree * sin * power;
                (weight > NOTHING)
                    .then(|| (j, Node { weight: 4.0 * weight / size as f64, phase, kernel: 0.0 }))
            })
            .collect();
        let scale = degree * temperature;
        for (j, node) in &mut nodes {
            if *j % 2 == 1 {
                node.kernel = 1.0 / (0.5 * angle(*j)).tan();
            }
            if temperature > 0.0 {
                // 1 − tanh decays: by Clenshaw's recurrence over what is left of it.
                let last = ((21.0 * scale) as usize + 2).min(half - 1);
                let (sin, cos) = angle(*j).sin_cos();
                let (mut one, mut two) = (0.0, 0.0);
                for x in (1..=last).rev() {
                    let rest = 2.0 / ((2.0 * x as f64 / scale).exp() + 1.0);
                    (one, two) = (rest + 2.0 * cos * one - two, one);
                }
                node.kernel -= one * sin;
            }
        }
        let nodes = nodes.into_iter().map(|(_, node)| node).collect();
        Ok(Self { degree, count, temperature, nodes })
    }

    /// f(m) and f′(m).
    pub(crate) fn at(&self, m: f64) -> (f64, f64) {
        let (mut value, mut slope) = (0.0, 0.0);
        for node in &self.nodes {
            let (sin, cos) = (node.phase * m).sin_cos();
            value += node.weight * node.kernel * sin;
            slope += node.weight * node.kernel * node.phase * cos;
        }
        (value, slope)
    }

    /// c.
    pub(crate) fn degree(&self) -> f64 {
        self.degree
    }

    /// p.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    fn activation(&self, x: i64) -> f64 {
        match x {
            0 => 0.0,
            x if self.temperature == 0.0 => x.signum() as f64,
            x => (x as f64 / (self.degree * self.temperature)).tanh(),
        }
    }

    /// The law of the sum over a Poisson number of inputs of mean `degree`, Σ_j σ_j = `degree` · `mean` on average:
    /// the smallest sum and the probabilities from there on.
    fn law(&self, degree: f64, mean: f64) -> (i64, Vec<f64>) {
        let wide = (2.0 * reach(degree, self.count) + 2.0) as usize;
        let size = wide.next_power_of_two().max(64);
        let half = (size / 2) as i64;
        let nodes: Vec<(f64, f64, f64)> = (0..=size / 2)
            .filter_map(|j| {
                let k = 2.0 * PI * j as f64 / size as f64;
                let (sin, cos) = k.sin_cos();
                let power = cos.powi(self.count as i32 - 1);
                let weight = (degree * (power * cos - 1.0)).exp();
                let double = if j == 0 || j == size / 2 { 1.0 } else { 2.0 };
                (weight > NOTHING).then(|| (k, double * weight / size as f64, degree * mean * sin * power))
            })
            .collect();
        let probability = |x: i64| {
            nodes.iter().map(|(k, weight, phase)| weight * (phase - k * x as f64).cos()).sum::<f64>()
        };
        let all: Vec<f64> = (1 - half..half).map(probability).collect();
        let visible = |p: &f64| *p > 1e-17;
        let first = all.iter().position(visible).unwrap_or(0);
        let last = all.iter().rposition(visible).unwrap_or(0);
        (1 - half + first as i64, all[first..=last].to_vec())
    }

    /// E\[tanh tanh\] of two replicas on the same links with overlaps m and mutual overlap q: inputs on which they
    /// agree and inputs on which they do not are independent, Poisson with means c(1 ± q)/2.
    fn pair(&self, m: f64, q: f64) -> Option<f64> {
        let (low, same) = self.law(0.5 * self.degree * (1.0 + q), (2.0 * m / (1.0 + q)).min(1.0));
        let (start, other) = self.law(0.5 * self.degree * (1.0 - q), 0.0);
        if same.len().saturating_mul(other.len()) > MOST_PAIRS {
            return None;
        }
        let reach = low.abs().max((low + same.len() as i64).abs()) + start.abs().max(other.len() as i64) + 1;
        let table: Vec<f64> = (-reach..=reach).map(|x| self.activation(x)).collect();
        let mut sum = 0.0;
        for (i, p) in same.iter().enumerate() {
            let u = low + i as i64 + reach;
            let row = other.iter().enumerate().map(|(j, r)| {
                let v = start + j as i64;
                r * table[(u + v) as usize] * table[(u - v) as usize]
            });
            sum += p * row.sum::<f64>();
        }
        Some(sum)
    }

    /// The overlap of two replicas in the stationary state with overlap m = f(m): the one fixed point of a convex
    /// function. `None` where the sums are too long.
    pub(crate) fn replica_overlap(&self, m: f64) -> Option<f64> {
        // Given the links, replicas that are independent would have E[(E tanh)²] ≥ m².
        let low = m * m;
        self.pair(m, low)?;
        let mut gap = |q: f64| self.pair(m, q).map_or(f64::NAN, |next| next - q);
        if gap(low) <= 0.0 {
            return Some(low);
        }
        brent(low, 1.0, &mut gap)
    }
}
