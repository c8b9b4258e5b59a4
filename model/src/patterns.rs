//! Patterns: the law that memories are drawn from.

mod catalogue;

use crate::SpecError;
use crate::catalogue::Choice;

/// The law of the components of a memory, as drawn. Components of different units are independent. Of Potts
/// memories the moments are those of one u_k(ξ) = Qδ_kξ − 1.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PatternLaw {
    /// ξ = ±1 with equal probability.
    Rademacher,
    /// ξ = ±1 with mean a.
    Biased {
        /// The mean a, −1 < a < 1.
        mean: f64,
    },
    /// ξ standard normal.
    Gaussian,
    /// ξ uniform on [−√3, √3].
    Uniform,
    /// ξ with density e^{−√2|ξ|}/√2.
    Laplace,
    /// The p components of one unit are a vector of length √p in a random direction.
    RandomAxis,
    /// ξ = 1 with probability f, else 0.
    Sparse {
        /// f, 0 < f < 1.
        active_fraction: f64,
    },
    /// ξ = 1/2 with probability a, 3/2 with probability a/3, else 0: ⟨ξ⟩ = ⟨ξ²⟩ = a.
    Ternary {
        /// a, 0 < a ≤ 3/4.
        sparseness: f64,
    },
    /// ξ = 2/9, 5/9 and 20/9 with probabilities 3a/2, 3a/5 and 3a/20, else 0: ⟨ξ⟩ = ⟨ξ²⟩ = a.
    Quaternary {
        /// a, 0 < a ≤ 4/9.
        sparseness: f64,
    },
    /// ξ > 0 with density 4a e^{−2ξ}, of weight 2a, else 0: ⟨ξ⟩ = ⟨ξ²⟩ = a.
    Exponential {
        /// a, 0 < a ≤ 1/2.
        sparseness: f64,
    },
    /// ξ takes each of a list of values with its weight.
    Histogram {
        /// The values, increasing.
        values: Vec<f64>,
        /// Their probabilities, positive, of sum 1.
        weights: Vec<f64>,
    },
    /// ξ is one of Q states without an order, each with probability 1/Q; a memory of Potts units.
    Potts {
        /// Q ≥ 2.
        states: usize,
    },
}

impl PatternLaw {
    /// ⟨ξ⟩.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Biased { mean } => *mean,
            Self::Sparse { active_fraction } => *active_fraction,
            Self::Ternary { sparseness }
            | Self::Quaternary { sparseness }
            | Self::Exponential { sparseness } => *sparseness,
            Self::Histogram { values, weights } => values.iter().zip(weights).map(|(v, w)| v * w).sum(),
            Self::Rademacher
            | Self::Gaussian
            | Self::Uniform
            | Self::Laplace
            | Self::RandomAxis
            | Self::Potts { .. } => 0.0,
        }
    }

    /// ⟨ξ²⟩ − ⟨ξ⟩².
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        match self {
            Self::Histogram { .. } => self.centred(2),
            Self::Sparse { .. }
            | Self::Ternary { .. }
            | Self::Quaternary { .. }
            | Self::Exponential { .. } => mean * (1.0 - mean),
            Self::Potts { states } => *states as f64 - 1.0,
            _ => 1.0 - mean * mean,
        }
    }

    /// The active fraction P(ξ > 0).
    pub fn active_fraction(&self) -> f64 {
        match self {
            Self::Sparse { active_fraction } => *active_fraction,
            Self::Ternary { sparseness } => 4.0 * sparseness / 3.0,
            Self::Quaternary { sparseness } => 2.25 * sparseness,
            Self::Exponential { sparseness } => 2.0 * sparseness,
            Self::Biased { mean } => 0.5 * (1.0 + mean),
            Self::Histogram { values, weights } => {
                values.iter().zip(weights).filter(|(v, _)| **v > 0.0).map(|(_, w)| w).sum()
            }
            Self::Potts { states } => 1.0 / *states as f64,
            Self::Rademacher | Self::Gaussian | Self::Uniform | Self::Laplace | Self::RandomAxis => 0.5,
        }
    }

    /// The sparseness ⟨ξ⟩²/⟨ξ²⟩ (Treves & Rolls, Network 2, 371 (1991)). Of 0/1 memories the active fraction.
    pub fn sparseness(&self) -> f64 {
        let square = self.mean() * self.mean();
        match self {
            Self::Sparse { active_fraction: a }
            | Self::Ternary { sparseness: a }
            | Self::Quaternary { sparseness: a }
            | Self::Exponential { sparseness: a } => *a,
            _ => square / (self.variance() + square),
        }
    }

    /// ⟨(ξ − ⟨ξ⟩)^k⟩ of a law with a finite support; 0 of any other.
    fn centred(&self, k: i32) -> f64 {
        let mean = self.mean();
        self.support().unwrap_or_default().iter().map(|(v, w)| w * (v - mean).powi(k)).sum()
    }

    /// ⟨(ξ − ⟨ξ⟩)⁴⟩/variance² − 3 with p memories. Its sign decides which states win near T_c: Mattis
    /// states where negative, symmetric ones where positive, a degenerate sphere where 0.
    pub fn excess_kurtosis(&self, count: usize) -> f64 {
        match self {
            Self::Rademacher => -2.0,
            Self::Biased { mean } => {
                let a = mean * mean;
                (1.0 + 3.0 * a) / (1.0 - a) - 3.0
            }
            Self::Gaussian => 0.0,
            Self::Uniform => -1.2,
            Self::Laplace => 3.0,
            Self::RandomAxis => 3.0 * count as f64 / (count as f64 + 2.0) - 3.0,
            Self::Exponential { sparseness: a } => {
                // Moments a, a, 3a/2 and 3a about 0.
                let fourth = 3.0 * a - 6.0 * a * a + 6.0 * a.powi(3) - 3.0 * a.powi(4);
                fourth / self.variance().powi(2) - 3.0
            }
            Self::Potts { states } => {
                let rest = *states as f64 - 1.0;
                (rest * rest - rest + 1.0) / rest - 3.0
            }
            Self::Sparse { .. } | Self::Ternary { .. } | Self::Quaternary { .. } | Self::Histogram { .. } => {
                self.centred(4) / self.variance().powi(2) - 3.0
            }
        }
    }

    /// Values and probabilities of a law with a finite support.
    pub fn support(&self) -> Option<Vec<(f64, f64)>> {
        match self {
            Self::Rademacher => Some(vec![(-1.0, 0.5), (1.0, 0.5)]),
            Self::Biased { mean } => Some(vec![(-1.0, 0.5 * (1.0 - mean)), (1.0, 0.5 * (1.0 + mean))]),
            Self::Sparse { active_fraction } => {
                Some(vec![(0.0, 1.0 - active_fraction), (1.0, *active_fraction)])
            }
            Self::Ternary { sparseness: a } => {
                Some(vec![(0.0, 1.0 - 4.0 * a / 3.0), (0.5, *a), (1.5, a / 3.0)])
            }
            Self::Quaternary { sparseness: a } => Some(vec![
                (0.0, 1.0 - 2.25 * a),
                (2.0 / 9.0, 1.5 * a),
                (5.0 / 9.0, 0.6 * a),
                (20.0 / 9.0, 0.15 * a),
            ]),
            Self::Histogram { values, weights } => {
                Some(values.iter().copied().zip(weights.iter().copied()).collect())
            }
            Self::Gaussian
            | Self::Uniform
            | Self::Laplace
            | Self::RandomAxis
            | Self::Exponential { .. }
            | Self::Potts { .. } => None,
        }
    }

    /// Whether ξ^μ → −ξ^μ is a symmetry of the law for every single memory μ.
    pub fn is_symmetric(&self) -> bool {
        match self {
            Self::Histogram { values, weights } => {
                let mirrored = values.iter().zip(weights).rev();
                values.iter().zip(weights).zip(mirrored).all(|((v, w), (u, x))| *v == -u && w == x)
            }
            Self::Potts { states } => *states == 2,
            _ => self.mean() == 0.0,
        }
    }

    /// Whether every rotation of the p memories is a symmetry, so that no memory is singled out.
    pub fn is_isotropic(&self) -> bool {
        matches!(self, Self::Gaussian | Self::RandomAxis)
    }
}

impl PatternLaw {
    /// The law with these values and weights, which need not be normalised; equal values are joined.
    ///
    /// # Errors
    /// If the lists differ in length, a number is not finite, a weight is negative, or fewer than two values
    /// have a weight.
    pub fn histogram(values: &[f64], weights: &[f64]) -> Result<Self, SpecError> {
        let refuse = |key: &str, given: String, expected: &str| {
            Err(SpecError::out_of_range(format!("{key} of histogram"), given, expected))
        };
        if values.len() != weights.len() {
            let given = format!("{} numbers", weights.len());
            return refuse("weights", given, &format!("one for each of the {} values", values.len()));
        }
        if let Some(v) = values.iter().find(|v| !v.is_finite()) {
            return refuse("values", v.to_string(), "finite numbers");
        }
        if let Some(w) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
            return refuse("weights", w.to_string(), "finite numbers >= 0");
        }
        let total: f64 = weights.iter().sum();
        let mut pairs: Vec<(f64, f64)> =
            values.iter().copied().zip(weights.iter().copied()).filter(|(_, w)| *w > 0.0).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut kept, mut masses): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for (value, weight) in pairs {
            match (kept.last(), masses.last_mut()) {
                (Some(last), Some(mass)) if *last == value => *mass += weight / total,
                _ => {
                    kept.push(value);
                    masses.push(weight / total);
                }
            }
        }
        if kept.len() < 2 {
            let given = format!("{kept:?}");
            return refuse("values", given, "at least two different values with a positive weight");
        }
        Ok(Self::Histogram { values: kept, weights: masses })
    }
}

/// Patterns chosen by name.
pub type Patterns = Choice<PatternLaw>;
