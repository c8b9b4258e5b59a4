//! The graded-response unit.

use std::sync::Arc;

use super::{Activation, Alphabet, ContinuousLaw, UnitLaw};
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
