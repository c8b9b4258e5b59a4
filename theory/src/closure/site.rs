//! Single-site averages over the condensed memories and the Gaussian noise, with their derivatives.

use mattis_model::Unit;
use mattis_model::unit::{Envelope, Responses};

use super::columns::Column;
use crate::average::{Nodes, normal_density, normal_tail};

/// A quantity and its derivatives with respect to m, Γ, Δ and T.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Graded {
    pub(crate) value: f64,
    pub(crate) m: f64,
    pub(crate) gamma: f64,
    pub(crate) delta: f64,
    pub(crate) t: f64,
}

impl Graded {
    fn add(&mut self, weight: f64, part: Self, sum: f64) {
        self.value += weight * part.value;
        self.m += weight * sum * part.m;
        self.gamma += weight * part.gamma;
        self.delta += weight * part.delta;
        self.t += weight * part.t;
    }
}

/// Averages at one point.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Site {
    /// E\[z_n w_h\]/n.
    pub(crate) overlap: Graded,
    /// E\[w_hh\].
    pub(crate) response: Graded,
    /// q = E\[w_h²\].
    pub(crate) frozen: Graded,
    /// E\[w\].
    pub(crate) w: f64,
    /// E\[∂w/∂T\].
    pub(crate) entropy: f64,
    /// E\[w_hh²\], infinite at T = 0.
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
}

/// One column's averages: w_h, w_hh, w_h² with derivatives by the mean field (in `m`), and the rest.
#[derive(Default)]
struct Part {
    mean: Graded,
    response: Graded,
    frozen: Graded,
    w: f64,
    entropy: f64,
    squared: f64,
}

pub(crate) fn site(unit: &Unit, columns: &[Column], n: usize, spot: Spot) -> Site {
    let mut out = Site::default();
    let envelope = unit.envelope(spot.gamma);
    for column in columns {
        let mean = spot.m * column.sum + spot.field;
        let part = if spot.temperature == 0.0 {
            ground(&envelope, mean, spot)
        } else {
            thermal(unit, &envelope, mean, spot)
        };
        let p = column.probability;
        if n > 0 {
            out.overlap.add(p * column.sum / n as f64, part.mean, column.sum);
        }
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
    out
}

fn thermal(unit: &Unit, envelope: &Envelope, mean: f64, spot: Spot) -> Part {
    let t = spot.temperature;
    let noise = spot.delta.max(0.0).sqrt();
    let nodes = Nodes::new(mean, noise, envelope, t);
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

/// T = 0: steps at the switching fields, averaged in closed form.
fn ground(envelope: &Envelope, mean: f64, spot: Spot) -> Part {
    let noise = spot.delta.max(0.0).sqrt();
    let mut out = Part { squared: f64::INFINITY, ..Part::default() };
    let first = envelope.levels[0];
    out.mean.value = first;
    out.frozen.value = first * first;
    out.w = first * mean + envelope.heights[0];
    for (k, &switch) in envelope.switches.iter().enumerate() {
        let (low, high) = (envelope.levels[k], envelope.levels[k + 1]);
        let jump = high - low;
        let x = (switch - mean) / noise;
        let (tail, density) = (normal_tail(x), normal_density(x));
        let squares = high * high - low * low;
        // ∂x/∂(mean), ∂x/∂Δ, ∂x/∂Γ
        let (by_mean, by_delta, by_gamma) =
            (-1.0 / noise, -0.5 * x / spot.delta, -0.5 * (high + low) / noise);
        out.w += jump * noise * (density - x * tail);
        out.mean.value += jump * tail;
        out.mean.m -= jump * density * by_mean;
        out.mean.delta -= jump * density * by_delta;
        out.mean.gamma -= jump * density * by_gamma;
        out.frozen.value += squares * tail;
        out.frozen.m -= squares * density * by_mean;
        out.frozen.delta -= squares * density * by_delta;
        out.frozen.gamma -= squares * density * by_gamma;
        let response = jump * density / noise;
        out.response.value += response;
        out.response.m -= response * x * by_mean;
        out.response.delta -= response * (x * by_delta + 0.5 / spot.delta);
        out.response.gamma -= response * x * by_gamma;
    }
    out
}
