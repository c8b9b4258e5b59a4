//! Connectivity: who is connected.

use crate::SpecError;
use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter};

/// The graph of couplings.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Topology {
    /// Every pair; C = N inputs per unit.
    Full,
    /// Every pair independently with probability c, J_ij = (1/cN) Σ_μ … on present links, α = p/cN.
    Diluted {
        /// c, 0 < c ≤ 1.
        fraction: f64,
        /// Whether i → j and j → i are present or absent together.
        symmetric: bool,
    },
    /// c → 0, each direction independently, ln C ≪ ln N: inputs of a unit are uncorrelated; α = p/C.
    Extreme {
        /// C, the number of inputs that a simulation takes; `None` is √N, so that both 1/C and C/N vanish.
        inputs: Option<usize>,
    },
    /// A Poisson number of inputs of mean c, which stays finite as N grows; directions independent, α = p/c.
    Finite {
        /// c > 0.
        degree: f64,
    },
}

impl Topology {
    /// The fraction c of links that are present, in the limit of many units: 0 for extreme dilution and finite degree.
    pub fn fraction(&self) -> f64 {
        match self {
            Self::Full => 1.0,
            Self::Diluted { fraction, .. } => *fraction,
            Self::Extreme { .. } | Self::Finite { .. } => 0.0,
        }
    }

    /// Whether J_ij = J_ji.
    pub fn is_symmetric(&self) -> bool {
        !matches!(self, Self::Diluted { symmetric: false, .. } | Self::Extreme { .. } | Self::Finite { .. })
    }

    /// The mean number of inputs per unit in a network of N units: N, cN, C or c.
    pub fn inputs(&self, units: usize) -> f64 {
        match self {
            Self::Extreme { inputs: Some(inputs) } => *inputs as f64,
            Self::Extreme { inputs: None } => (units as f64).sqrt().round(),
            Self::Finite { degree } => *degree,
            _ => self.fraction() * units as f64,
        }
    }
}

/// A connectivity chosen by name.
pub type Connectivity = Choice<Topology>;

impl Catalogued for Topology {
    const WHAT: &'static str = "connectivity";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<Topology>] = &[
            Entry {
                name: "full",
                aliases: &[],
                formula: "every pair is coupled; C = N",
                source: "Hopfield, PNAS 79, 2554 (1982)",
                parameters: &[],
                build: |_| Ok(Topology::Full),
            },
            Entry {
                name: "diluted",
                aliases: &[],
                formula: "each link present with probability c, couplings divided by c; α = p/cN",
                source: "Sompolinsky, Phys. Rev. A 34, 2571 (1986)",
                parameters: &[
                    Parameter { name: "c", default: Fallback::Number(0.5), doc: "c, 0 < c <= 1" },
                    Parameter {
                        name: "symmetric",
                        default: Fallback::Word("true"),
                        doc: "whether both directions of a link are present or absent together: true, false",
                    },
                ],
                build: |arguments| {
                    let fraction = arguments.number("c")?;
                    if fraction <= 0.0 || fraction > 1.0 {
                        return Err(SpecError::out_of_range("c of diluted", fraction, "0 < c <= 1"));
                    }
                    let symmetric = arguments.word("symmetric", &["true", "false"])? == "true";
                    Ok(Topology::Diluted { fraction, symmetric })
                },
            },
            Entry {
                name: "extreme",
                aliases: &[],
                formula: "C inputs per unit, ln C << ln N, directions independent; α = p/C",
                source: "Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987)",
                parameters: &[Parameter {
                    name: "inputs",
                    default: Fallback::Word("sqrt"),
                    doc: "C, the number of inputs in a simulation, or `sqrt` for the root of N",
                }],
                build: |arguments| {
                    let inputs = match arguments.text("inputs").as_str() {
                        "sqrt" => None,
                        _ => Some(arguments.whole("inputs", 1, 1_000_000)?),
                    };
                    Ok(Topology::Extreme { inputs })
                },
            },
            Entry {
                name: "finite",
                aliases: &[],
                formula: "a Poisson number of inputs of mean c, directions independent; α = p/c",
                source: "Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987)",
                parameters: &[Parameter {
                    name: "degree",
                    default: Fallback::Number(10.0),
                    doc: "c, the mean number of inputs, 0 < c <= 10000",
                }],
                build: |arguments| {
                    let degree = arguments.number("degree")?;
                    if !(degree > 0.0 && degree <= 1e4) {
                        return Err(SpecError::out_of_range("degree of finite", degree, "0 < c <= 10000"));
                    }
                    Ok(Topology::Finite { degree })
                },
            },
        ];
        ENTRIES
    }
}
