//! The Gaussian unit.

use std::f64::consts::PI;
use std::sync::Arc;

use super::{Alphabet, DensityLaw, Responses, UnitLaw, half_normal};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A real s with V(s) = γs²/2: K(q) = q²/2γ, a linear activation q/γ.
/// w = h²/2(γ − Γ) + ½T ln\[2πT/(γ − Γ)\]; +∞ where Γ ≥ γ.
#[derive(Debug)]
pub struct Gaussian {
    /// The precision γ > 0.
    pub precision: f64,
}

impl DensityLaw for Gaussian {
    fn is_even(&self) -> bool {
        true
    }
}

impl UnitLaw for Gaussian {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        0.5 * self.precision * s * s
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its states are unbounded and its response linear, so that couplings do nothing or diverge")
    }

    fn responses(&self, centre: f64, offsets: &[f64], gamma: f64, temperature: f64, out: &mut Responses) {
        out.undefined(offsets.len());
        let curvature = self.precision - gamma;
        for (i, offset) in offsets.iter().enumerate() {
            if curvature <= 0.0 {
                out.w[i] = f64::INFINITY;
                continue;
            }
            let h = centre + offset;
            let log = 0.5 * (2.0 * PI * temperature / curvature).ln();
            let thermal = if temperature > 0.0 { temperature * log } else { 0.0 };
            out.w[i] = 0.5 * h * h / curvature + thermal;
            out.mean[i] = h / curvature;
            out.response[i] = 1.0 / curvature;
            (out.third[i], out.fourth[i]) = (0.0, 0.0);
            // −∞ at T = 0.
            out.entropy[i] = log + 0.5;
            (out.mean_slope[i], out.response_slope[i]) = (0.0, 0.0);
        }
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        let curvature = self.precision - gamma;
        if curvature <= 0.0 {
            return f64::NAN;
        }
        let deviation = (temperature / curvature).sqrt();
        h / curvature + if deviation > 0.0 { deviation * half_normal::normal(u) } else { 0.0 }
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        out.fill(0.0);
        let inverse = 1.0 / self.precision;
        for (place, value) in out.iter_mut().zip([0.5 * q * q * inverse, q * inverse, inverse]) {
            *place = value;
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        q * (c + 0.5 * q) / self.precision
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "gaussian",
    aliases: &["linear"],
    formula: "s real, V(s) = γs²/2;  hidden: K(q) = q²/2γ",
    source: "Barra, Bernacchia, Santucci & Contucci, Neural Netw. 34, 1 (2012)",
    parameters: &[Parameter {
        name: "precision",
        default: Fallback::Number(1.0),
        doc: "γ > 0, one over the variance",
    }],
    build: |arguments| {
        let precision = arguments.number("precision")?;
        if precision <= 0.0 {
            return Err(SpecError::out_of_range("precision of gaussian", precision, "γ > 0"));
        }
        Ok(Arc::new(Gaussian { precision }))
    },
};
