//! What follows from a continuous alphabet: w and its derivatives by quadrature over s, the draw.

use std::fmt::Debug;

use super::Responses;
use super::points::Point;
use super::quadrature::{self, legendre};

/// The T = 0 state of a unit: s = argmax A with its derivatives by h.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activation {
    /// s(h).
    pub value: f64,
    /// ∂s/∂h = 1/(V″ − Γ).
    pub response: f64,
    /// ∂²s/∂h².
    pub third: f64,
    /// ∂³s/∂h³.
    pub fourth: f64,
}

/// A unit whose values fill an interval, with Lebesgue measure. Its potential must be convex.
pub trait ContinuousLaw: Debug + Send + Sync {
    /// The ends of the interval, both finite unless `responses` and `draw` are given in closed form.
    fn domain(&self) -> (f64, f64);

    /// The exact T = 0 law, s = argmax h s + ½Γs² − V(s); of several maxima the highest.
    fn activation(&self, h: f64, gamma: f64) -> Activation;

    /// Whether s → −s is a symmetry of domain and potential.
    fn is_even(&self) -> bool;

    /// The field where s(h) is steepest at T = 0, at any Γ; there it may jump.
    fn steepest(&self) -> f64 {
        0.0
    }

    /// The T = 0 law as a curve, for averages over fields that no switch or steep rise disturbs.
    fn curve(&self) -> Option<&dyn GroundCurve> {
        None
    }
}

/// A point of the T = 0 law in a parameter x along it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// s(x).
    pub value: f64,
    /// ds/dx ≥ 0.
    pub rise: f64,
    /// V′(s(x)); the local field there is V′(s) − Γs.
    pub force: f64,
    /// dV′(s(x))/dx > 0.
    pub force_rise: f64,
}

/// The T = 0 law of a continuous unit as an analytic curve x ↦ (s, V′(s)) from its smallest value to its largest.
/// The field h = V′(s) − Γs is regular in x also where s(h) has infinite slope.
pub trait GroundCurve: Debug + Send + Sync {
    /// The point at x.
    fn at(&self, x: f64) -> CurvePoint;

    /// Increasing values of x between which 16-point Gauss–Legendre quadrature is exact to rounding; outside them
    /// s is constant to rounding.
    fn cuts(&self) -> Vec<f64>;

    /// The ends in x of the jump of s at this Γ by Maxwell's rule of equal areas, at the steepest field.
    fn jump(&self, gamma: f64) -> Option<[f64; 2]>;
}

type Potential<'a> = &'a dyn Fn(f64) -> f64;

/// The width √(T ∂s/∂h) of the peak of the measure.
fn width(domain: (f64, f64), ground: &Activation, temperature: f64) -> f64 {
    let span = domain.1 - domain.0;
    (temperature * ground.response.abs()).sqrt().clamp(1e-12 * span, span)
}

/// Panels (start, stop) that resolve a peak of the given width at `peak` and the logarithmic slopes that a
/// potential may have at the ends of its domain. Beyond 60 widths nothing of the peak is left only if A
/// is quadratic, so panels go on, growing, to the ends.
fn panels(domain: (f64, f64), peak: f64, width: f64) -> Vec<(f64, f64)> {
    let mut cuts = vec![domain.0, peak, domain.1];
    for (end, side) in [(domain.0, -1.0), (domain.1, 1.0)] {
        let room = (end - peak).abs();
        let mut distance = 0.5 * width.min(room);
        while distance > 0.0 && distance < room {
            cuts.push(peak + side * distance);
            distance *= 1.7;
        }
        let mut distance = 0.3 * (domain.1 - domain.0);
        while distance > 1e-17 {
            // Towards the end itself, in its own coordinate.
            cuts.push(end - side * distance);
            distance *= 0.2;
        }
    }
    cuts.retain(|cut| (domain.0..=domain.1).contains(cut));
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    cuts.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The measure at one field: its peak and its points (s − peak, (A − A_peak)/T, share of the measure before it is
/// normalised).
pub(super) struct Measure {
    pub peak: f64,
    pub top: f64,
    pub points: Vec<(f64, f64, f64)>,
}

impl Measure {
    fn new(law: &dyn ContinuousLaw, potential: Potential, h: f64, gamma: f64, temperature: f64) -> Self {
        let ground = law.activation(h, gamma);
        let domain = law.domain();
        let action = |s: f64| h * s + 0.5 * gamma * s * s - potential(s);
        let panels = panels(domain, ground.value, width(domain, &ground, temperature));
        Self::on(&panels, ground.value, &action, temperature)
    }

    /// The measure on panels that resolve it.
    pub(super) fn on(panels: &[(f64, f64)], peak: f64, action: Potential, temperature: f64) -> Self {
        let top = action(peak);
        let mut points = Vec::new();
        for (start, stop) in panels {
            for (node, weight) in legendre() {
                let s = 0.5 * (start + stop) + 0.5 * (stop - start) * node;
                let e = (action(s) - top) / temperature;
                if e > -745.0 {
                    points.push((s - peak, e, 0.5 * (stop - start) * weight * e.exp()));
                }
            }
        }
        Self { peak, top, points }
    }

    /// w and its derivatives as number i.
    pub(super) fn fill(&self, temperature: f64, i: usize, out: &mut Responses) {
        let (mut z, mut t1) = (0.0, 0.0);
        for (t, _, p) in &self.points {
            z += p;
            t1 += p * t;
        }
        t1 /= z;
        // Central moments about the mean: small variances keep their digits.
        let (mut k2, mut k3, mut m4, mut e1) = (0.0, 0.0, 0.0, 0.0);
        for (t, e, share) in &self.points {
            let p = share / z;
            let d = t - t1;
            k2 += p * d * d;
            k3 += p * d * d * d;
            m4 += p * d * d * d * d;
            e1 += p * e;
        }
        let (mut te, mut tte) = (0.0, 0.0);
        for (t, e, share) in &self.points {
            let p = share / z;
            let d = t - t1;
            te += p * d * (e - e1);
            tte += p * d * d * (e - e1);
        }
        let beta = 1.0 / temperature;
        let log = z.ln();
        out.w[i] = self.top + temperature * log;
        out.mean[i] = self.peak + t1;
        out.response[i] = k2 * beta;
        out.third[i] = k3 * beta * beta;
        out.fourth[i] = (m4 - 3.0 * k2 * k2) * beta * beta * beta;
        out.entropy[i] = log - e1;
        out.mean_slope[i] = -te * beta;
        out.response_slope[i] = -(k2 + tte) * beta * beta;
    }
}

/// Points that resolve the measure at T = 1 and Γ = 0 at each of these fields.
pub(super) fn points(law: &dyn ContinuousLaw, potential: Potential, fields: &[f64]) -> Vec<Point> {
    let domain = law.domain();
    let mut cuts: Vec<f64> = vec![domain.0, domain.1];
    for h in fields {
        let ground = law.activation(*h, 0.0);
        cuts.extend(panels(domain, ground.value, width(domain, &ground, 1.0)).iter().map(|panel| panel.0));
    }
    quadrature::points(cuts, law.is_even(), potential)
}

pub(super) fn responses(
    law: &dyn ContinuousLaw,
    potential: Potential,
    (centre, offsets): (f64, &[f64]),
    gamma: f64,
    temperature: f64,
    out: &mut Responses,
) {
    out.resize(offsets.len());
    for (i, offset) in offsets.iter().enumerate() {
        let h = centre + offset;
        if temperature == 0.0 {
            let ground = law.activation(h, gamma);
            let s = ground.value;
            out.w[i] = h * s + 0.5 * gamma * s * s - potential(s);
            out.mean[i] = s;
            out.response[i] = ground.response;
            out.third[i] = ground.third;
            out.fourth[i] = ground.fourth;
            // The entropy of a continuous unit falls like ½ ln T.
            out.entropy[i] = f64::NEG_INFINITY;
            // ∂⟨s⟩/∂T = ½ ∂(ln response)/∂h for a Gaussian peak.
            out.mean_slope[i] = 0.5 * ground.third / ground.response;
            out.response_slope[i] =
                0.5 * (ground.fourth / ground.response - (ground.third / ground.response).powi(2));
            continue;
        }
        Measure::new(law, potential, h, gamma, temperature).fill(temperature, i, out);
    }
}

/// The s below which the share u of the measure lies.
pub(super) fn draw(
    law: &dyn ContinuousLaw,
    potential: Potential,
    h: f64,
    gamma: f64,
    temperature: f64,
    u: f64,
) -> f64 {
    let ground = law.activation(h, gamma);
    if temperature == 0.0 {
        return ground.value;
    }
    let action = |s: f64| h * s + 0.5 * gamma * s * s - potential(s);
    let top = action(ground.value);
    let domain = law.domain();
    let cells = panels(domain, ground.value, width(domain, &ground, temperature));
    quadrature::quantile(&cells, |s| ((action(s) - top) / temperature).exp(), u)
}
