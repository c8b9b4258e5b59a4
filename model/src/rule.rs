//! Rules: how memories become couplings.

use std::fmt;
use std::sync::Arc;

use crate::SpecError;
use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// The law of the couplings off the diagonal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CouplingLaw {
    /// J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ.
    Hebb,
    /// J_ij = (1/N) Σ_μ (ξ_i^μ − a)(ξ_j^μ − a), a = ⟨ξ⟩.
    Covariance {
        /// Whether J_ij is divided by the variance of ξ.
        normalised: bool,
    },
    /// J_ij = (1/N) Σ_μν A_μν ξ_i^μ ξ_j^ν (van Hemmen; Provost and Vallée).
    QuadraticForm(Form),
    /// No memories: J_ij = J_ji independent normal of mean 0 and variance J²/N (Sherrington and Kirkpatrick).
    GaussianDisorder {
        /// The scale J.
        strength: f64,
    },
}

/// A symmetric matrix A over the memories; written with commas between entries and slashes between rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    size: usize,
    entries: Arc<[f64]>,
}

/// Largest number of memories of a quadratic form.
const LARGEST_FORM: usize = 64;

impl Form {
    /// A symmetric matrix of finite entries, row by row.
    ///
    /// # Errors
    /// If it is empty, too large, not square, not finite or not symmetric.
    pub fn new(rows: &[Vec<f64>]) -> Result<Self, SpecError> {
        let size = rows.len();
        let shape: Vec<usize> = rows.iter().map(Vec::len).collect();
        let refuse = |given: String, expected: &str| {
            Err(SpecError::out_of_range("matrix of quadratic-form", given, expected))
        };
        if size == 0 || size > LARGEST_FORM || shape.iter().any(|columns| *columns != size) {
            return refuse(
                format!("rows of {shape:?} entries"),
                "a square matrix, entries a,b and rows a,b/c,d, of at most 64 rows",
            );
        }
        for (i, row) in rows.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                if !entry.is_finite() || *entry != rows[j][i] {
                    return refuse(
                        format!("{entry} in row {}, column {}", i + 1, j + 1),
                        "a symmetric matrix of finite numbers",
                    );
                }
            }
        }
        Ok(Self { size, entries: rows.concat().into() })
    }

    /// Number of memories.
    pub fn size(&self) -> usize {
        self.size
    }

    /// A_μν.
    pub fn entry(&self, mu: usize, nu: usize) -> f64 {
        self.entries[mu * self.size + nu]
    }

    fn parse(text: &str) -> Result<Self, SpecError> {
        let number = |entry: &str| entry.trim().parse::<f64>().ok();
        let rows: Option<Vec<Vec<f64>>> =
            text.split('/').map(|row| row.split(',').map(number).collect()).collect();
        Self::new(&rows.ok_or_else(|| SpecError::Malformed {
            given: text.into(),
            expected: "a matrix, entries a,b and rows a,b/c,d".into(),
        })?)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |row: &[f64]| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        f.write_str(&self.entries.chunks(self.size).map(row).collect::<Vec<_>>().join("/"))
    }
}

impl CouplingLaw {
    /// Whether there are memories, hence a load.
    pub fn stores_memories(&self) -> bool {
        !matches!(self, Self::GaussianDisorder { .. })
    }

    /// The number of memories, where the rule fixes it.
    pub fn fixed_count(&self) -> Option<usize> {
        if let Self::QuadraticForm(form) = self { Some(form.size()) } else { None }
    }
}

/// A rule chosen by name.
pub type Rule = Choice<CouplingLaw>;

impl Catalogued for CouplingLaw {
    const WHAT: &'static str = "rule";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<CouplingLaw>] = &[
            Entry {
                name: "hebb",
                aliases: &[],
                formula: "J_ij = (1/N) Σ_μ ξ_i ξ_j",
                source: "Hopfield, PNAS 79, 2554 (1982)",
                parameters: &[],
                build: |_| Ok(CouplingLaw::Hebb),
            },
            Entry {
                name: "covariance",
                aliases: &[],
                formula: "J_ij = (1/N) Σ_μ (ξ_i − a)(ξ_j − a), a = ⟨ξ⟩; m = (1/N) Σ_i (ξ_i − a) s_i",
                source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 35, 2293 (1987)",
                parameters: &[Parameter {
                    name: "normalised",
                    default: Fallback::Word("false"),
                    doc: "whether J_ij and m are of (ξ − a)/√⟨(ξ − a)²⟩: true, false",
                }],
                build: |arguments| {
                    let normalised = arguments.word("normalised", &["true", "false"])? == "true";
                    Ok(CouplingLaw::Covariance { normalised })
                },
            },
            Entry {
                name: "quadratic-form",
                aliases: &[],
                formula: "J_ij = (1/N) Σ_μν A_μν ξ_i^μ ξ_j^ν, a finite number of memories",
                source: "Provost & Vallée, PRL 50, 598 (1983)",
                parameters: &[Parameter {
                    name: "matrix",
                    default: Fallback::Word("1,0.5/0.5,1"),
                    doc: "the symmetric matrix A: entries a,b and rows a,b/c,d",
                }],
                build: |arguments| Ok(CouplingLaw::QuadraticForm(Form::parse(&arguments.text("matrix"))?)),
            },
            Entry {
                name: "none",
                aliases: &[],
                formula: "no memories; disorder sk: J_ij normal, mean 0, variance J²/N",
                source: "Sherrington & Kirkpatrick, PRL 35, 1792 (1975)",
                parameters: &[
                    Parameter {
                        name: "disorder",
                        default: Fallback::Word("sk"),
                        doc: "the law of the couplings: sk",
                    },
                    Parameter {
                        name: "strength",
                        default: Fallback::Number(1.0),
                        doc: "J > 0, the unit of energy",
                    },
                ],
                build: |arguments| {
                    arguments.word("disorder", &["sk"])?;
                    let strength = arguments.number("strength")?;
                    if strength <= 0.0 {
                        return Err(SpecError::out_of_range("strength of none", strength, "J > 0"));
                    }
                    Ok(CouplingLaw::GaussianDisorder { strength })
                },
            },
        ];
        ENTRIES
    }
}
