//! Patterns: the law that memories are drawn from.

use crate::SpecError;
use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// The law of the components of a memory. Components of different units are independent.
#[derive(Debug, Clone, Copy, PartialEq)]
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
}

impl PatternLaw {
    /// ⟨ξ⟩.
    pub fn mean(&self) -> f64 {
        if let Self::Biased { mean } = self { *mean } else { 0.0 }
    }

    /// ⟨ξ²⟩ − ⟨ξ⟩².
    pub fn variance(&self) -> f64 {
        1.0 - self.mean() * self.mean()
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
        }
    }

    /// Values and probabilities of a law with a finite support.
    pub fn support(&self) -> Option<Vec<(f64, f64)>> {
        match self {
            Self::Rademacher => Some(vec![(-1.0, 0.5), (1.0, 0.5)]),
            Self::Biased { mean } => Some(vec![(-1.0, 0.5 * (1.0 - mean)), (1.0, 0.5 * (1.0 + mean))]),
            _ => None,
        }
    }

    /// Whether ξ^μ → −ξ^μ is a symmetry of the law for every single memory μ.
    pub fn is_symmetric(&self) -> bool {
        self.mean() == 0.0
    }

    /// Whether every rotation of the p memories is a symmetry, so that no memory is singled out.
    pub fn is_isotropic(&self) -> bool {
        matches!(self, Self::Gaussian | Self::RandomAxis)
    }
}

/// Patterns chosen by name.
pub type Patterns = Choice<PatternLaw>;

impl Catalogued for PatternLaw {
    const WHAT: &'static str = "pattern law";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<PatternLaw>] = &[
            Entry {
                name: "rademacher",
                aliases: &[],
                formula: "ξ = ±1, each with probability ½",
                source: "Hopfield, PNAS 79, 2554 (1982)",
                parameters: &[],
                build: |_| Ok(PatternLaw::Rademacher),
            },
            Entry {
                name: "biased",
                aliases: &[],
                formula: "ξ = ±1 with mean a",
                source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 35, 2293 (1987)",
                parameters: &[Parameter {
                    name: "mean",
                    default: Fallback::Number(0.2),
                    doc: "the mean a, between -1 and 1",
                }],
                build: |arguments| {
                    let mean = arguments.number("mean")?;
                    if mean.abs() >= 1.0 {
                        return Err(SpecError::out_of_range("mean of biased", mean, "-1 < a < 1"));
                    }
                    Ok(PatternLaw::Biased { mean })
                },
            },
            Entry {
                name: "gaussian",
                aliases: &["normal"],
                formula: "ξ normal, mean 0, variance 1",
                source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
                parameters: &[],
                build: |_| Ok(PatternLaw::Gaussian),
            },
            Entry {
                name: "uniform",
                aliases: &[],
                formula: "ξ uniform on [−√3, √3]",
                source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
                parameters: &[],
                build: |_| Ok(PatternLaw::Uniform),
            },
            Entry {
                name: "laplace",
                aliases: &[],
                formula: "ξ with density e^{−√2|ξ|}/√2: variance 1, excess kurtosis 3",
                source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
                parameters: &[],
                build: |_| Ok(PatternLaw::Laplace),
            },
            Entry {
                name: "random-axis",
                aliases: &[],
                formula: "the p components of a unit are √p n̂ with n̂ a random direction: J_ij ∝ n̂_i·n̂_j",
                source: "Harris, Plischke & Zuckermann, PRL 31, 160 (1973); Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
                parameters: &[],
                build: |_| Ok(PatternLaw::RandomAxis),
            },
        ];
        ENTRIES
    }
}
