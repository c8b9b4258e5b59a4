//! The graded-response unit.

use std::sync::Arc;

use super::{Activation, Alphabet, ContinuousLaw, CurvePoint, GroundCurve, Responses, UnitLaw, continuous};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// An analog neuron s ∈ \[−1, 1\] with input–output relation s = tanh\[g(h − θ)\] at T = 0 (Γ = 0):
/// V(s) = I(s)/g + θ s, I(s) = ½\[(1+s)ln(1+s) + (1−s)ln(1−s)\] = ∫₀^s artanh.
/// w(h, 0, 0) = (1/g) ln cosh\[g(h − θ)\]; at T > 0 thermal noise acts on s itself.
/// (Hopfield 1984; Kühn, Bös & van Hemmen 1991)
#[derive(Debug)]
pub struct Graded {
    /// The gain g.
    pub gain: f64,
    /// The threshold θ.
    pub threshold: f64,
}

impl Graded {
    /// The largest root x of x = g(h − θ) + gΓ tanh x on the side of the higher maximum.
    fn argument(&self, h: f64, gamma: f64) -> f64 {
        let (free, slope) = (self.gain * (h - self.threshold), self.gain * gamma);
        if slope == 0.0 {
            return free;
        }
        // The maximum has the sign of the field; between |free| and |free| + slope the last root is stable.
        let sign = if free < 0.0 { -1.0 } else { 1.0 };
        let free = free.abs();
        let excess = |x: f64| x - free - slope * x.tanh();
        let mut x = free + slope.max(0.0);
        // Newton from the right is monotone where the excess is convex beyond its last root (Γ > 0).
        for _ in 0..200 {
            let steep = 1.0 - slope / (x.cosh() * x.cosh());
            let step = if steep > 1e-8 { excess(x) / steep } else { break };
            if !step.is_finite() || step.abs() <= 1e-16 * x.abs() {
                break;
            }
            x = (x - step).max(0.0);
        }
        sign * x
    }
}

impl UnitLaw for Graded {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Continuous(self)
    }

    fn responses(&self, centre: f64, offsets: &[f64], gamma: f64, temperature: f64, out: &mut Responses) {
        if temperature == 0.0 {
            let potential = |s: f64| self.potential(s);
            return continuous::responses(self, &potential, (centre, offsets), gamma, temperature, out);
        }
        out.resize(offsets.len());
        let fields = offsets.iter().map(|offset| (centre - self.threshold) + offset);
        let largest = fields.clone().fold(0.0_f64, |a, b| a.max(b.abs()));
        let mut measure = Measure::new(self.gain, gamma, temperature, largest);
        for (i, field) in fields.enumerate() {
            measure.at(field, i, out);
        }
    }

    fn graded(&self) -> Option<[f64; 2]> {
        Some([self.gain, self.threshold])
    }

    fn potential(&self, s: f64) -> f64 {
        let part = |s: f64| if s <= -1.0 { 0.0 } else { (1.0 + s) * s.ln_1p() };
        let integral = 0.5 * (part(s) + part(-s));
        integral / self.gain + self.threshold * s
    }
}

impl ContinuousLaw for Graded {
    fn domain(&self) -> (f64, f64) {
        (-1.0, 1.0)
    }

    fn activation(&self, h: f64, gamma: f64) -> Activation {
        let x = self.argument(h, gamma);
        let value = x.tanh();
        let slope = 1.0 / (x.cosh() * x.cosh());
        // s = tanh x, x − gΓ tanh x = g(h − θ): derivatives by y = g(h − θ).
        let d = 1.0 - self.gain * gamma * slope;
        let (t1, t2, t3) = (slope, -2.0 * value * slope, slope * (4.0 * value * value - 2.0 * slope));
        let (x1, x2) = (1.0 / d, self.gain * gamma * t2 / (d * d * d));
        let x3 = self.gain * gamma * (t3 * x1 * x1 * x1 + 3.0 * t2 * x1 * x2) / d;
        let g = self.gain;
        Activation {
            value,
            response: g * t1 * x1,
            third: g * g * (t2 * x1 * x1 + t1 * x2),
            fourth: g * g * g * (t3 * x1 * x1 * x1 + 3.0 * t2 * x1 * x2 + t1 * x3),
        }
    }

    fn is_even(&self) -> bool {
        self.threshold == 0.0
    }

    fn steepest(&self) -> f64 {
        self.threshold
    }

    fn curve(&self) -> Option<&dyn GroundCurve> {
        Some(self)
    }
}

/// s = tanh x, V′ = x/g + θ.
impl GroundCurve for Graded {
    fn at(&self, x: f64) -> CurvePoint {
        let cosh = x.cosh();
        let (rise, force_rise) = (1.0 / (cosh * cosh), 1.0 / self.gain);
        CurvePoint { value: x.tanh(), rise, force: x / self.gain + self.threshold, force_rise }
    }

    fn cuts(&self) -> Vec<f64> {
        // 1 − tanh 20 is below rounding of 1.
        (-10..=10).map(|i| 2.0 * f64::from(i)).collect()
    }

    fn jump(&self, gamma: f64) -> Option<[f64; 2]> {
        if self.gain * gamma <= 1.0 {
            return None;
        }
        // By symmetry about the threshold equal areas are those to both sides of it.
        let x = self.argument(self.threshold, gamma);
        (x > 0.0).then_some([-x, x])
    }
}

/// Nodes of the measure on s = tanh u by the trapezoidal rule in u, V = \[su − ln cosh u\]/g. All are relative to
/// the end s = 1, which keeps the digits of 1 − s.
struct Measure {
    temperature: f64,
    /// (A − A(1))/T at h = θ, A(1) = ½Γ − ln 2/g.
    base: Vec<f64>,
    /// s − 1.
    below: Vec<f64>,
    /// ds.
    weight: Vec<f64>,
    at_end: f64,
    /// (A − A(1))/T and its Boltzmann weight at one field.
    action: Vec<f64>,
    share: Vec<f64>,
}

impl Measure {
    fn new(gain: f64, gamma: f64, temperature: f64, largest: f64) -> Self {
        // |tanh u| ≤ 1 up to |Im u| = π/4, so that no field spoils e^{−2π(π/4)/step}; a narrow peak, of width
        // √(T/curvature), needs more.
        let curvature = 1.0 / gain + (-gamma).max(0.0);
        let step = (0.5 * (temperature / curvature).sqrt()).min(0.12);
        // Beyond 1 − s = T/h the measure is flat; its tail ends at rounding of that.
        let reach = 20.0 + 0.5 * ((largest + gamma.abs()) / temperature).ln_1p();
        let half = (reach / step).ceil() as i32;
        let count = 2 * half as usize + 1;
        let (mut base, mut below) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut weight = Vec::with_capacity(count);
        for i in -half..=half {
            let u = f64::from(i) * step;
            let t = -2.0 / (1.0 + (2.0 * u).exp());
            // I(s) − ln 2 = (|s| − 1)|u| − ln(1 + e^{−2|u|}).
            let nearest = if u < 0.0 { -(t + 2.0) } else { t };
            let integral = nearest * u.abs() - (-2.0 * u.abs()).exp().ln_1p();
            base.push((0.5 * gamma * t * (t + 2.0) - integral / gain) / temperature);
            below.push(t);
            weight.push(-step * t * (t + 2.0));
        }
        let at_end = 0.5 * gamma - std::f64::consts::LN_2 / gain;
        let (action, share) = (vec![0.0; count], vec![0.0; count]);
        Self { temperature, base, below, weight, at_end, action, share }
    }

    fn at(&mut self, field: f64, i: usize, out: &mut Responses) {
        let (sign, field) = (if field < 0.0 { -1.0 } else { 1.0 }, field.abs());
        let beta = 1.0 / self.temperature;
        let mut top = f64::NEG_INFINITY;
        for ((action, base), t) in self.action.iter_mut().zip(&self.base).zip(&self.below) {
            *action = base + beta * field * t;
            top = top.max(*action);
        }
        let (mut z, mut t1, mut e1) = (0.0, 0.0, 0.0);
        let nodes = self.action.iter_mut().zip(&self.below).zip(&self.weight).zip(&mut self.share);
        for (((action, t), weight), share) in nodes {
            *action -= top;
            *share = if *action < -80.0 { 0.0 } else { weight * action.exp() };
            z += *share;
            t1 += *share * t;
            e1 += *share * *action;
        }
        let inverse = 1.0 / z;
        (t1, e1) = (t1 * inverse, e1 * inverse);
        // Central moments about the mean: small variances keep their digits.
        let (mut k2, mut k3, mut m4, mut te, mut tte) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for ((action, t), share) in self.action.iter().zip(&self.below).zip(&self.share) {
            let (d, e) = (t - t1, action - e1);
            let (first, second) = (share * d, share * d * d);
            k2 += second;
            k3 += second * d;
            m4 += second * d * d;
            te += first * e;
            tte += second * e;
        }
        (k2, k3, m4) = (k2 * inverse, k3 * inverse, m4 * inverse);
        (te, tte) = (te * inverse, tte * inverse);
        let log = z.ln();
        out.w[i] = field + self.at_end + self.temperature * (top + log);
        out.mean[i] = sign * (1.0 + t1);
        out.response[i] = k2 * beta;
        out.third[i] = sign * k3 * beta * beta;
        out.fourth[i] = (m4 - 3.0 * k2 * k2) * beta * beta * beta;
        out.entropy[i] = log - e1;
        out.mean_slope[i] = -sign * te * beta;
        out.response_slope[i] = -(k2 + tte) * beta * beta;
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "graded",
    aliases: &[],
    formula: "s ∈ [−1, 1], V(s) = (1/g)∫₀^s artanh + θ s;  at T = 0, Γ = 0: s = tanh[g(h − θ)]",
    source: "Hopfield, PNAS 81, 3088 (1984); Kühn, Bös & van Hemmen, Phys. Rev. A 43, 2084 (1991)",
    parameters: &[
        Parameter { name: "gain", default: Fallback::Number(2.0), doc: "g > 0, the largest slope at T = 0" },
        Parameter { name: "threshold", default: Fallback::Number(0.0), doc: "θ" },
    ],
    build: |arguments| {
        let gain = arguments.number("gain")?;
        if gain <= 0.0 {
            return Err(SpecError::out_of_range("gain of graded", gain, "g > 0"));
        }
        Ok(Arc::new(Graded { gain, threshold: arguments.number("threshold")? }))
    },
};
