//! The Poisson unit.

use std::sync::Arc;

use super::{Alphabet, Responses, UnitLaw, counts};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// A count s ∈ {0, 1, 2, …} with ρ(s) = λ^s/s!, the only unit whose activation is an exponential:
/// K(q) = λ(e^q − 1), every cumulant λe^q; w(h, 0, T) = Tλe^{h/T}. w is +∞ for every Γ > 0, and for h > 0 at T = 0.
#[derive(Debug)]
pub struct Poisson {
    /// The rate λ > 0.
    pub rate: f64,
}

impl UnitLaw for Poisson {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Counts
    }

    fn weight(&self, s: f64) -> f64 {
        self.log_weight(s).exp()
    }

    fn log_weight(&self, s: f64) -> f64 {
        s * self.rate.ln() - libm::lgamma(s + 1.0)
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its weights fall like 1/s!, so that w is infinite for every reaction Γ > 0")
    }

    fn responses(&self, centre: f64, offsets: &[f64], gamma: f64, temperature: f64, out: &mut Responses) {
        let t = temperature;
        if gamma > 0.0 {
            out.undefined(offsets.len());
            out.w.fill(f64::INFINITY);
        } else if gamma < 0.0 || t == 0.0 {
            counts::responses(self, (centre, offsets), gamma, t, out);
        } else {
            out.resize(offsets.len());
            for (i, offset) in offsets.iter().enumerate() {
                let x = (centre + offset) / t;
                let mean = self.rate * x.exp();
                out.w[i] = t * mean;
                out.mean[i] = mean;
                out.response[i] = mean / t;
                out.third[i] = mean / (t * t);
                out.fourth[i] = mean / (t * t * t);
                out.entropy[i] = mean * (1.0 - x);
                out.mean_slope[i] = -x * mean / t;
                out.response_slope[i] = -(1.0 + x) * mean / (t * t);
            }
        }
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        let mean = self.rate * (h / temperature).exp();
        if gamma > 0.0 {
            return f64::NAN;
        }
        if gamma < 0.0 || temperature == 0.0 || mean > 500.0 {
            return counts::draw(self, h, gamma, temperature, u);
        }
        // One by one from s = 0; e^{−mean} is a number here.
        let (mut s, mut share) = (0.0, (-mean).exp());
        let mut left = u - share;
        while left >= 0.0 && (share > 0.0 || s < mean) {
            s += 1.0;
            share *= mean / s;
            left -= share;
        }
        s
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        out.fill(self.rate * q.exp());
        if let Some(k) = out.get_mut(0) {
            *k = self.shifted(0.0, q);
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        self.rate * c.exp() * q.exp_m1()
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "poisson",
    aliases: &["exponential"],
    formula: "s ∈ {0, 1, 2, …}, ρ(s) = λ^s/s!;  hidden: K(q) = λ(e^q − 1), K′ = λe^q",
    source: "Bulso & Roudi, Neural Comput. 33, 2646 (2021)",
    parameters: &[Parameter { name: "rate", default: Fallback::Number(1.0), doc: "λ > 0, the mean at q = 0" }],
    build: |arguments| {
        let rate = arguments.number("rate")?;
        if rate <= 0.0 {
            return Err(SpecError::out_of_range("rate of poisson", rate, "λ > 0"));
        }
        Ok(Arc::new(Poisson { rate }))
    },
};
