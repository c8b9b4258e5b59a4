//! The unit between ±1 and a normal variable.

use std::f64::consts::PI;
use std::sync::Arc;

use super::cumulants::logistic_derivatives;
use super::{Alphabet, DensityLaw, UnitLaw, density, half_normal};
use crate::SpecError;
use crate::catalogue::{Entry, Fallback, Parameter};

/// s = √Ω g + √(1 − Ω) ε with g a standard normal variable and ε = ±1, 0 < Ω ≤ 1: K(q) = Ωq²/2 + ln cosh(q√(1 − Ω)).
/// V(s) is minus the logarithm of this density, so that w(0, 0, 1) = 0; w is +∞ where Γ ≥ 1/Ω.
/// (Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018))
#[derive(Debug)]
pub struct BooleanGaussian {
    /// Ω, the share of the normal part in the variance.
    pub omega: f64,
}

/// ln cosh x.
fn log_cosh(x: f64) -> f64 {
    x.abs() + (0.5 * (-2.0 * x.abs()).exp_m1()).ln_1p()
}

impl BooleanGaussian {
    /// √(1 − Ω).
    fn amplitude(&self) -> f64 {
        (1.0 - self.omega).sqrt()
    }
}

impl DensityLaw for BooleanGaussian {
    fn is_even(&self) -> bool {
        true
    }
}

impl UnitLaw for BooleanGaussian {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        let a = self.amplitude();
        let log = log_cosh(a * s / self.omega);
        0.5 * (s * s + a * a) / self.omega - log + 0.5 * (2.0 * PI * self.omega).ln()
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its states are unbounded and no closure has its T = 0 law")
    }

    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        if gamma != 0.0 || temperature != 1.0 {
            return density::draw(self, &|s| self.potential(s), h, gamma, temperature, u);
        }
        // ε first; the uniform that chose it is uniform within its share.
        let a = self.amplitude();
        let below = 1.0 / (1.0 + (2.0 * a * h).exp());
        let (sign, share) = if u < below { (-1.0, u / below) } else { (1.0, (u - below) / (1.0 - below)) };
        sign * a + self.omega * h + self.omega.sqrt() * half_normal::normal(share.min(1.0))
    }

    fn cumulants(&self, q: f64, out: &mut [f64]) {
        // tanh y = 2σ(2y) − 1.
        let a = self.amplitude();
        let logistic = logistic_derivatives(2.0 * a * q, out.len());
        let mut factor = 2.0 * a;
        for (place, derivative) in out.iter_mut().skip(1).zip(logistic) {
            *place = factor * derivative;
            factor *= 2.0 * a;
        }
        if let Some(variance) = out.get_mut(2) {
            *variance += self.omega;
        }
        for (place, value) in out.iter_mut().zip([self.shifted(0.0, q), self.omega * q + a * (a * q).tanh()]) {
            *place = value;
        }
    }

    fn shifted(&self, c: f64, q: f64) -> f64 {
        let normal = self.omega * q * (c + 0.5 * q);
        let a = self.amplitude();
        let (x, y) = (a * c, a * q);
        if y.abs() > 30.0 || x.abs() > 300.0 {
            return normal + (log_cosh(x + y) - log_cosh(x));
        }
        // cosh(x + y) − cosh x = 2 sinh(x + y/2) sinh(y/2), over the smaller of the two.
        let rise = 2.0 * (x + 0.5 * y).sinh() * (0.5 * y).sinh();
        normal + if rise >= 0.0 { (rise / x.cosh()).ln_1p() } else { -(-rise / (x + y).cosh()).ln_1p() }
    }
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "boolean-gaussian",
    aliases: &[],
    formula: "s = √Ω g + √(1−Ω) ε, g normal, ε = ±1;  hidden: K(q) = Ωq²/2 + ln cosh(q√(1−Ω))",
    source: "Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018)",
    parameters: &[Parameter {
        name: "omega",
        default: Fallback::Number(0.5),
        doc: "Ω, 0 < Ω <= 1; 1 is `gaussian`, 0 would be `ising`",
    }],
    build: |arguments| {
        let omega = arguments.number("omega")?;
        if omega <= 0.0 || omega > 1.0 {
            let expected = "0 < Ω <= 1 (`ising` for 0)";
            return Err(SpecError::out_of_range("omega of boolean-gaussian", omega, expected));
        }
        Ok(Arc::new(BooleanGaussian { omega }))
    },
};
