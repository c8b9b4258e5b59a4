//! The threshold-linear unit.

use std::f64::consts::PI;
use std::sync::Arc;

use super::half_normal::{self, hazard, mean_far_below};
use super::{Activation, Alphabet, ContinuousLaw, Responses, UnitLaw};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A firing rate s ≥ 0 with s = g′\[h − θ\]₊ at T = 0, 1/g′ = 1/g − Γ: V(s) = s²/2g + θ s.
/// w = T ln{√(2πg′T) Φ(a) e^{a²/2}}, a = (h − θ)√(g′/T); infinite where Γ ≥ 1/g, where nothing bounds s.
/// (Treves, J. Phys. A 23, 2631 (1990))
#[derive(Debug)]
pub struct ThresholdLinear {
    /// The gain g.
    pub gain: f64,
    /// The threshold θ.
    pub threshold: f64,
}

impl ThresholdLinear {
    /// g′; infinite where nothing bounds s.
    fn slope(&self, gamma: f64) -> f64 {
        let curvature = 1.0 / self.gain - gamma;
        if curvature > 0.0 { 1.0 / curvature } else { f64::INFINITY }
    }
}

impl UnitLaw for ThresholdLinear {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Continuous(self)
    }

    fn potential(&self, s: f64) -> f64 {
        0.5 * s * s / self.gain + self.threshold * s
    }

    fn threshold_linear(&self) -> Option<[f64; 2]> {
        Some([self.gain, self.threshold])
    }

    fn responses(&self, centre: f64, offsets: &[f64], gamma: f64, temperature: f64, out: &mut Responses) {
        out.resize(offsets.len());
        let slope = self.slope(gamma);
        for (i, offset) in offsets.iter().enumerate() {
            let excess = (centre - self.threshold) + offset;
            let t = temperature;
            if t == 0.0 {
                let ground = self.activation(centre + offset, gamma);
                out.w[i] = 0.5 * excess.max(0.0) * ground.value;
                out.mean[i] = ground.value;
                out.response[i] = ground.response;
                (out.third[i], out.fourth[i]) = (0.0, 0.0);
                out.entropy[i] = f64::NEG_INFINITY;
                // ∂⟨s⟩/∂T = ½ ∂ ln g′/∂h, 0 away from the threshold.
                (out.mean_slope[i], out.response_slope[i]) = (0.0, 0.0);
                continue;
            }
            let a = excess * (slope / t).sqrt();
            let (log, r) = hazard(a);
            // Derivatives of ln Φ(a): r, r′ = −r(a + r), …
            let r1 = -r * (a + r);
            let r2 = -r1 * (a + r) - r * (1.0 + r1);
            let r3 = -r2 * (a + r) - 2.0 * r1 * (1.0 + r1) - r * r2;
            let scale = (slope * t).sqrt();
            // In a: w/T = ½ ln(2πg′T) + a²/2 + ln Φ.
            let free = 0.5 * (2.0 * PI * slope * t).ln() + 0.5 * a * a + log;
            let mean = if a < -5.0 { mean_far_below(a) } else { a + r };
            out.w[i] = t * free;
            out.mean[i] = scale * mean;
            out.response[i] = slope * (1.0 + r1);
            out.third[i] = slope * (slope / t).sqrt() * r2;
            out.fourth[i] = slope * slope / t * r3;
            // a falls like T^{−½}: ∂/∂T at fixed h.
            out.entropy[i] = free + 0.5 - 0.5 * a * mean;
            out.mean_slope[i] = 0.5 * scale / t * (mean - a * (1.0 + r1));
            out.response_slope[i] = -0.5 * slope * a * r2 / t;
        }
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        let slope = self.slope(gamma);
        let excess = h - self.threshold;
        if temperature == 0.0 {
            return slope * excess.max(0.0);
        }
        // P(s > x) = Φ(a − x/√(g′T))/Φ(a) = 1 − u.
        let a = excess * (slope / temperature).sqrt();
        half_normal::above(a, (-u).ln_1p()) * (slope * temperature).sqrt()
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        let scale = self.gain.sqrt();
        half_normal::derivatives(scale * (q - self.threshold), out);
        let mut power = 1.0;
        for place in out.iter_mut() {
            *place *= power;
            power *= scale;
        }
        if let Some(k) = out.get_mut(0) {
            *k = self.shifted(0.0, q);
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        let scale = self.gain.sqrt();
        half_normal::difference(scale * (c - self.threshold), scale * q)
    }
}

impl ContinuousLaw for ThresholdLinear {
    fn domain(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn activation(&self, h: f64, gamma: f64) -> Activation {
        let slope = self.slope(gamma);
        let excess = h - self.threshold;
        let (value, response) = if excess > 0.0 { (slope * excess, slope) } else { (0.0, 0.0) };
        Activation { value, response, third: 0.0, fourth: 0.0 }
    }

    fn is_even(&self) -> bool {
        false
    }

    fn steepest(&self) -> f64 {
        self.threshold
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "threshold-linear",
    aliases: &["relu"],
    formula: "s ≥ 0, V(s) = s²/2g + θ s;  at T = 0: s = [h − θ]₊/(1/g − Γ)",
    source: "Treves, J. Phys. A 23, 2631 (1990)",
    parameters: &[
        Parameter { name: "gain", default: Fallback::Number(1.0), doc: "g > 0, the slope above threshold" },
        Parameter { name: "threshold", default: Fallback::Number(0.0), doc: "θ" },
    ],
    build: |arguments| {
        let gain = arguments.number("gain")?;
        if gain <= 0.0 {
            return Err(SpecError::out_of_range("gain of threshold-linear", gain, "g > 0"));
        }
        Ok(Arc::new(ThresholdLinear { gain, threshold: arguments.number("threshold")? }))
    },
};
