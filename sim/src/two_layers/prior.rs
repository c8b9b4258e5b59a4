//! Units between Boolean and Gaussian, drawn in a field.

use crate::random::{Uniforms, normal, unit_interval};

/// x = √Ω g + √(1 − Ω) ε with g a standard normal and ε = ±1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prior {
    gaussian: f64,
    boolean: f64,
}

impl Prior {
    pub(super) fn new(omega: f64) -> Self {
        Self { gaussian: omega.sqrt(), boolean: (1.0 - omega).sqrt() }
    }

    /// √Ω g + √(1 − Ω) ε.
    pub(super) fn mix(self, g: f64, epsilon: f64) -> f64 {
        self.gaussian * g + self.boolean * epsilon
    }

    /// Whether there is a Gaussian part.
    pub(super) fn is_graded(self) -> bool {
        self.gaussian > 0.0
    }

    /// A draw from P_Ω(x) e^{hx}/Z. In a field the parts stay independent: ε = 1 with probability
    /// 1/(1 + exp(−2h√(1 − Ω))), and g is normal around h√Ω with variance 1.
    pub(super) fn draw(self, field: f64, words: &mut Uniforms) -> f64 {
        let mut word = || words.next().unwrap_or_default();
        let epsilon = if self.boolean > 0.0 {
            let up = 1.0 / (1.0 + libm::exp(-2.0 * field * self.boolean));
            if unit_interval(word()) < up { 1.0 } else { -1.0 }
        } else {
            0.0
        };
        let g = if self.gaussian > 0.0 { field * self.gaussian + normal(word(), word()) } else { 0.0 };
        self.mix(g, epsilon)
    }
}
