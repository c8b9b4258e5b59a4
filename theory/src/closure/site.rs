//! Single-site averages over the condensed memories and the Gaussian noise, with their derivatives.

use mattis_model::Unit;
use mattis_model::unit::{Envelope, Responses};
use mattis_simd::Vectors;

use super::columns::Column;
use super::continuous::{Rise, certain, curved, ramp};
use super::spin;
use crate::average::Nodes;

/// A quantity and its derivatives with respect to m, Γ, Δ, T and a uniform field.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Graded {
    pub(crate) value: f64,
    pub(crate) m: f64,
    pub(crate) gamma: f64,
    pub(crate) delta: f64,
    pub(crate) t: f64,
    pub(crate) field: f64,
}

impl Graded {
    fn add(&mut self, weight: f64, part: Self, sum: f64) {
        self.value += weight * part.value;
        self.m += weight * sum * part.m;
        self.gamma += weight * part.gamma;
        self.delta += weight * part.delta;
        self.t += weight * part.t;
        self.field += weight * part.m;
    }
}

/// Averages at one point.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Site {
    /// E\[z_n w_h\]/n.
    pub(crate) overlap: Graded,
    /// E\[w_h\].
    pub(crate) mean: Graded,
    /// E\[w_hh\].
    pub(crate) response: Graded,
    /// q = E\[w_h²\].
    pub(crate) frozen: Graded,
    /// E\[w\].
    pub(crate) w: f64,
    /// E\[∂w/∂T\].
    pub(crate) entropy: f64,
    /// E\[w_hh²\], infinite at T = 0 where s jumps.
    pub(crate) squared_response: f64,
    /// E\[(η¹)² w_hh\] of a condensed memory.
    pub(crate) own_response: f64,
    /// E\[η¹η² w_hh\] over two condensed memories.
    pub(crate) cross_response: f64,
}

/// Where the average is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) m: f64,
    pub(crate) gamma: f64,
    pub(crate) delta: f64,
    pub(crate) field: f64,
    pub(crate) temperature: f64,
    /// Whether w and its entropy are wanted too; without, they may be left out.
    pub(crate) energies: bool,
}

/// A unit as averages are taken over it.
#[derive(Debug, Clone)]
pub(crate) struct Averaged {
    pub(crate) unit: Unit,
    /// How fast the averages of ±1 units come; `None` of other units.
    pub(crate) spin: Option<Vectors>,
}

impl Averaged {
    pub(crate) fn new(unit: &Unit) -> Self {
        Self { unit: unit.clone(), spin: unit.is_binary_spin().then(Vectors::best) }
    }
}

/// One column's averages: w_h, w_hh, w_h² with derivatives by the mean field (in `m`), and the rest.
#[derive(Default)]
pub(super) struct Part {
    pub(super) mean: Graded,
    pub(super) response: Graded,
    pub(super) frozen: Graded,
    pub(super) w: f64,
    pub(super) entropy: f64,
    pub(super) squared: f64,
}

/// The averages at a point; `None` where nothing bounds the values of a unit.
pub(crate) fn site(averaged: &Averaged, columns: &[Column], n: usize, spot: Spot) -> Option<Site> {
    let mut out = Site::default();
    let unit = &averaged.unit;
    let spin = averaged.spin.is_some() && spot.temperature > 0.0 && spot.delta > 0.0;
    for column in columns {
        let mean = spot.m * column.sum + spot.field;
        let part = match unit.continuous() {
            _ if spin => spin::part(averaged, mean, spot)?,
            _ if unit.threshold_linear().is_some_and(|[gain, _]| gain * spot.gamma >= 1.0) => return None,
            _ if spot.temperature > 0.0 => {
                thermal(unit, &nodes(unit, mean, spot.delta.max(0.0).sqrt(), spot, 0.0), spot)
            }
            Some(_) if spot.delta == 0.0 => certain(unit, mean, spot.gamma)?,
            Some(law) => match (unit.threshold_linear(), law.curve()) {
                (Some(parameters), _) => ramp(parameters, mean, spot),
                (None, curve) => curved(unit, curve?, mean, spot),
            },
            None => ground(unit, mean, spot),
        };
        let p = column.probability;
        if n > 0 {
            out.overlap.add(p * column.sum / n as f64, part.mean, column.sum);
        }
        out.mean.add(p, part.mean, column.sum);
        out.response.add(p, part.response, column.sum);
        out.frozen.add(p, part.frozen, column.sum);
        out.w += p * part.w;
        out.entropy += p * part.entropy;
        out.squared_response += p * part.squared;
        if n > 1 {
            let n = n as f64;
            out.own_response += p * (column.square / n) * part.response.value;
            out.cross_response +=
                p * (column.sum * column.sum - column.square) / (n * (n - 1.0)) * part.response.value;
        }
    }
    if spot.temperature == 0.0 && unit.continuous().is_some() {
        out.entropy = f64::NEG_INFINITY;
    }
    Some(out)
}

/// Nodes at T > 0 for averages over this noise of a function of the field that is no steeper than the response of
/// the unit, or than `blur`.
pub(crate) fn nodes(unit: &Unit, mean: f64, noise: f64, spot: Spot, blur: f64) -> Nodes {
    if let Some(law) = unit.continuous() {
        let width = width(unit, spot).max(blur);
        return Nodes::around(mean, noise, &[(law.steepest(), width)], width);
    }
    let envelope = unit.envelope(spot.gamma);
    let span = envelope.levels[envelope.levels.len() - 1] - envelope.levels[0];
    Nodes::new(mean, noise, &envelope, spot.temperature.max(blur * span))
}

/// 2/π times a distance from the real axis of fields within which w has no singularity, at T > 0.
fn width(unit: &Unit, spot: Spot) -> f64 {
    let t = spot.temperature;
    if let Some([gain, _]) = unit.threshold_linear() {
        // The zeros of Φ(a) next to the real axis have |Im a| = 2.816; a = (h − θ)√(g′/T).
        return 1.78 * (t * (1.0 / gain - spot.gamma)).sqrt();
    }
    // ∫ e^{hs/T} dμ(s) has no zero where the phases span less than a half-plane.
    let (low, high) = unit.continuous().map_or((-1.0, 1.0), mattis_model::unit::ContinuousLaw::domain);
    2.0 * t / (high - low)
}

fn thermal(unit: &Unit, nodes: &Nodes, spot: Spot) -> Part {
    let t = spot.temperature;
    let noise = spot.delta.max(0.0).sqrt();
    let mut out = Part::default();
    let mut responses = Responses::default();
    // E[w_hhh], E[w_hhhh], E[(w_h w_hh)′], E[w_h w_hh], E[w_hh²], E[w_h² w_hh]
    let (mut third, mut fourth, mut product) = (0.0, 0.0, 0.0);
    let (mut w1w2, mut square, mut cubic) = (0.0, 0.0, 0.0);
    for group in &nodes.groups {
        unit.responses(group.centre, &group.offsets, spot.gamma, t, &mut responses);
        for (i, &weight) in group.weights.iter().enumerate() {
            let (w1, w2) = (responses.mean[i], responses.response[i]);
            out.w += weight * responses.w[i];
            out.entropy += weight * responses.entropy[i];
            out.mean.value += weight * w1;
            out.mean.t += weight * responses.mean_slope[i];
            out.response.value += weight * w2;
            out.response.t += weight * responses.response_slope[i];
            out.frozen.value += weight * w1 * w1;
            out.frozen.t += weight * 2.0 * w1 * responses.mean_slope[i];
            square += weight * w2 * w2;
            w1w2 += weight * w1 * w2;
            cubic += weight * w1 * w1 * w2;
            if nodes.kinked {
                // Derivatives of a response of width T act on the Gaussian instead.
                let z = group.z[i];
                third += weight * w2 * z / noise;
                fourth += weight * w2 * (z * z - 1.0) / spot.delta;
                product += weight * w1 * w2 * z / noise;
            } else {
                third += weight * responses.third[i];
                fourth += weight * responses.fourth[i];
                product += weight * (w2 * w2 + w1 * responses.third[i]);
            }
        }
    }
    out.squared = square;
    out.mean.m = out.response.value;
    out.mean.delta = 0.5 * third;
    out.mean.gamma = 0.5 * t * third + w1w2;
    out.response.m = third;
    out.response.delta = 0.5 * fourth;
    out.response.gamma = 0.5 * t * fourth + product;
    out.frozen.m = 2.0 * w1w2;
    out.frozen.delta = product;
    out.frozen.gamma = t * (product - square) + 2.0 * cubic;
    out
}

/// T = 0: jumps at the switching fields, averaged in closed form.
fn ground(unit: &Unit, mean: f64, spot: Spot) -> Part {
    let envelope: Envelope = unit.envelope(spot.gamma);
    let noise = spot.delta.max(0.0).sqrt();
    let mut out = Part::lowest(unit, envelope.levels[0], mean, spot.gamma);
    // The heights of the envelope hold the weights of the levels too.
    out.w = envelope.levels[0] * mean + envelope.heights[0];
    out.squared = f64::INFINITY;
    for (pair, &switch) in envelope.levels.windows(2).zip(&envelope.switches) {
        out.rise(&Rise::jump(switch, pair[0], pair[1]), mean, noise, spot.delta);
    }
    out
}
