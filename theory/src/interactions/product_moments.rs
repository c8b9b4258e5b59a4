//! Moments of couplings that are products over sites.

use mattis_model::Encoding;

use super::factorised::Factorised;
use super::random::{OneUnit, RandomWeights};

/// Spacing of the normal variable; the trapezoid converges as e^{−2π²/h²} for entire functions.
const STEP: f64 = 0.125;

/// E f(W) for an entire f that grows no faster than e^{growth |W|}.
fn average(ensemble: &RandomWeights, growth: f64, f: impl Fn(f64) -> f64) -> f64 {
    if ensemble.sigma == 0.0 {
        return f(ensemble.mean);
    }
    let end = ((10.0 + growth * ensemble.sigma) / STEP).ceil() as i32;
    let norm = STEP / (2.0 * std::f64::consts::PI).sqrt();
    let term = |j: i32| {
        let z = STEP * f64::from(j);
        let value = f(ensemble.sigma.mul_add(z, ensemble.mean));
        // A density that underflows meets no value that matters.
        let density = (-0.5 * z * z).exp();
        if density == 0.0 { 0.0 } else { norm * density * value }
    };
    (-end..=end).map(term).sum()
}

impl Factorised {
    /// Moments of one hidden unit.
    pub(super) fn moments(self, ensemble: &RandomWeights, order: usize) -> OneUnit {
        let pm = ensemble.encoding == Encoding::PlusMinus;
        let (scale, growth) = match self {
            Self::Quadratic { slope, curvature } => {
                if order > 2 {
                    return OneUnit { mean: 0.0, square: 0.0, shared: 0.0, kurtosis: None, error: 0.0 };
                }
                if order == 1 {
                    let field = slope + curvature * ensemble.bias;
                    let own = if pm { 0.0 } else { 0.5 * curvature };
                    let moment = |n: i32| average(ensemble, 0.0, |w| (w * (field + own * w)).powi(n));
                    return collect(ensemble, order, 1.0, &moment, &|_| 1.0, moment(1), 1.0);
                }
                (curvature, 0.0)
            }
            Self::Exponential { rate } => (rate * ensemble.bias.exp(), 4.0),
        };
        let inside = |w: f64| match self {
            Self::Quadratic { .. } => w,
            Self::Exponential { .. } if pm => w.sinh(),
            Self::Exponential { .. } => w.exp_m1(),
        };
        // Of a site that is in no coupling.
        let outside = |w: f64| if pm && growth > 0.0 { w.cosh() } else { 1.0 };
        let inner = |n: i32| average(ensemble, growth, |w| inside(w).powi(n));
        let outer = |n: i32| if n == 0 { 1.0 } else { average(ensemble, growth, |w| outside(w).powi(n)) };
        let mixed = average(ensemble, growth, |w| inside(w) * outside(w));
        collect(ensemble, order, scale, &inner, &outer, mixed, outer(1))
    }
}

/// The moments of `scale` times a product of `order` factors inside and N − `order` outside.
fn collect(
    ensemble: &RandomWeights,
    order: usize,
    scale: f64,
    inner: &impl Fn(i32) -> f64,
    outer: &impl Fn(i32) -> f64,
    mixed: f64,
    outer_mean: f64,
) -> OneUnit {
    let (k, rest) = (order as i32, (ensemble.visible - order) as i32);
    // Where outside sites do nothing `outer` is 1 for the powers that occur.
    let plain = ensemble.encoding == Encoding::ZeroOne;
    let out = |n: i32| if plain { 1.0 } else { outer(n) };
    let mean = scale * inner(1).powi(k) * if plain { 1.0 } else { outer_mean.powi(rest) };
    let square = scale * scale * inner(2).powi(k) * out(2).powi(rest);
    let shares = ensemble.overlaps(order);
    let shared = shares.iter().enumerate().filter(|(_, share)| **share > 0.0).map(|(o, share)| {
        let none = (ensemble.visible + o) as i32 - 2 * k;
        share * inner(2).powi(o as i32) * mixed.powi(2 * (k - o as i32)) * out(2).powi(none)
    });
    let kurtosis = (inner(4) / inner(2).powi(2)).powi(k) * (out(4) / out(2).powi(2)).powi(rest);
    let shared = scale * scale * shared.sum::<f64>();
    OneUnit { mean, square, shared, kurtosis: Some(kurtosis), error: 1e-15 * square.sqrt() }
}
