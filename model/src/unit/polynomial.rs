//! The unit with a polynomial potential.

use std::sync::Arc;

use super::{Alphabet, DensityLaw, UnitLaw};
use crate::SpecError;
use crate::catalogue::{Arguments, Entry, Fallback, Parameter};

/// A unit with U(s) = Σ_k a_k s^k on the real line or on s ≥ 0, where e^{−U} has a finite integral. K follows by
/// quadrature. w is +∞ where ½Γs² exceeds U for large s.
#[derive(Debug)]
pub struct Polynomial {
    /// a₀, a₁, …, the last not 0.
    coefficients: Vec<f64>,
    /// Whether s ≥ 0.
    positive: bool,
}

/// The largest degree.
const DEGREE: usize = 16;

impl Polynomial {
    /// The unit of these coefficients a₀, a₁, … on the real line, or on s ≥ 0.
    ///
    /// # Errors
    /// If a coefficient is not finite, the degree is above 16, or e^{−U} has no finite integral.
    pub fn new(coefficients: &[f64], positive: bool) -> Result<Self, SpecError> {
        let degree = coefficients.iter().rposition(|a| *a != 0.0).unwrap_or(0);
        let written = || coefficients.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
        let refuse = |expected: &str| {
            Err(SpecError::out_of_range("coefficients of polynomial", written(), expected))
        };
        if degree > DEGREE || !coefficients.iter().all(|a| a.is_finite()) {
            return refuse("at most 17 finite numbers a0/a1/…");
        }
        if degree == 0 || coefficients[degree] <= 0.0 {
            return refuse("a last coefficient > 0: e^{−U} needs a finite integral");
        }
        if !positive && degree % 2 == 1 {
            return refuse("an even degree on the real line, or support=positive");
        }
        Ok(Self { coefficients: coefficients[..=degree].to_vec(), positive })
    }
}

impl DensityLaw for Polynomial {
    fn domain(&self) -> (f64, f64) {
        (if self.positive { 0.0 } else { f64::NEG_INFINITY }, f64::INFINITY)
    }

    fn is_even(&self) -> bool {
        !self.positive && self.coefficients.iter().skip(1).step_by(2).all(|a| *a == 0.0)
    }
}

impl UnitLaw for Polynomial {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        self.coefficients.iter().rev().fold(0.0, |sum, a| sum * s + a)
    }

    fn fields(&self) -> (f64, f64) {
        // Of first degree U = a₀ + a₁s on s ≥ 0.
        let high = if let [_, slope] = self.coefficients[..] { slope } else { f64::INFINITY };
        (f64::NEG_INFINITY, high)
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("its states are unbounded and no closure has its T = 0 law")
    }
}

fn build(arguments: &Arguments) -> Result<Arc<dyn UnitLaw>, SpecError> {
    let text = arguments.text("coefficients");
    let coefficients: Vec<f64> =
        text.split('/').map(|part| part.trim().parse().ok()).collect::<Option<_>>().ok_or_else(|| {
            SpecError::out_of_range("coefficients of polynomial", &text, "numbers a0/a1/a2/…")
        })?;
    let positive = arguments.word("support", &["real", "positive"])? == "positive";
    Ok(Arc::new(Polynomial::new(&coefficients, positive)?))
}

pub(super) const ENTRY: Entry<Arc<dyn UnitLaw>> = Entry {
    name: "polynomial",
    aliases: &[],
    formula: "s real or s ≥ 0, V(s) = Σ_k a_k s^k;  hidden: K by quadrature",
    source: "this program; the φ⁴ measure by default",
    parameters: &[
        Parameter {
            name: "coefficients",
            default: Fallback::Word("0/0/0.5/0/0.1"),
            doc: "a0/a1/a2/…, at most degree 16",
        },
        Parameter { name: "support", default: Fallback::Word("real"), doc: "real or positive (s ≥ 0)" },
    ],
    build,
};
