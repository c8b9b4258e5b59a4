//! The list of pattern laws.

use super::PatternLaw;
use crate::SpecError;
use crate::catalogue::{Arguments, Catalogued, Entry, Fallback, Parameter};

/// The word that leaves the sparseness to the active fraction.
const FROM_ACTIVE_FRACTION: &str = "from-active-fraction";

/// Parameters of the laws with ⟨ξ⟩ = ⟨ξ²⟩ = a.
const GRADED: &[Parameter] = &[
    Parameter {
        name: "active-fraction",
        default: Fallback::Number(DEFAULT_FRACTION),
        doc: "f, the fraction of units with ξ > 0",
    },
    Parameter {
        name: "sparseness",
        default: Fallback::Word(FROM_ACTIVE_FRACTION),
        doc: "a = ⟨ξ⟩²/⟨ξ²⟩ instead of the active fraction",
    },
];

const GRADED_SOURCE: &str = "Schönsberg, Roudi & Treves, PRL 126, 018301 (2021)";

/// Active fraction where none is given.
const DEFAULT_FRACTION: f64 = 0.1;

/// The sparseness a out of the parameters of [`GRADED`] where f = `ratio` a ≤ 1.
fn sparseness(name: &str, ratio: f64, arguments: &Arguments) -> Result<f64, SpecError> {
    let fraction = arguments.number("active-fraction")?;
    let given = arguments.text("sparseness");
    if given == FROM_ACTIVE_FRACTION {
        if fraction > 0.0 && fraction <= 1.0 {
            return Ok(fraction / ratio);
        }
        return Err(SpecError::out_of_range(format!("active-fraction of {name}"), fraction, "0 < f <= 1"));
    }
    // Defaults are filled in: the default fraction beside a sparseness is no second statement.
    if fraction != DEFAULT_FRACTION {
        let quantity = format!("sparseness of {name}");
        return Err(SpecError::out_of_range(
            quantity,
            given,
            "either active-fraction or sparseness, not both",
        ));
    }
    let a = arguments.number("sparseness")?;
    if a > 0.0 && ratio * a <= 1.0 {
        return Ok(a);
    }
    let expected = format!("0 < a <= {:.4}, where every unit is active", 1.0 / ratio);
    Err(SpecError::out_of_range(format!("sparseness of {name}"), a, expected))
}

/// Numbers with slashes between them.
fn numbers(key: &str, arguments: &Arguments) -> Result<Vec<f64>, SpecError> {
    let text = arguments.text(key);
    let parsed = text.split('/').map(|x| x.trim().parse::<f64>().ok().filter(|x| x.is_finite())).collect();
    let parsed: Option<Vec<f64>> = parsed;
    parsed.ok_or_else(|| {
        SpecError::out_of_range(format!("{key} of histogram"), &text, "finite numbers v1/v2/...")
    })
}

fn histogram(arguments: &Arguments) -> Result<PatternLaw, SpecError> {
    let values = numbers("values", arguments)?;
    let weights = match arguments.text("weights").as_str() {
        "equal" => vec![1.0; values.len()],
        _ => numbers("weights", arguments)?,
    };
    PatternLaw::histogram(&values, &weights)
}

impl Catalogued for PatternLaw {
    const WHAT: &'static str = "pattern law";

    fn entries() -> &'static [Entry<Self>] {
        ENTRIES
    }
}

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
    Entry {
        name: "sparse",
        aliases: &["binary"],
        formula: "ξ = 1 with probability f, else 0",
        source: "Tsodyks & Feigel'man, Europhys. Lett. 6, 101 (1988)",
        parameters: &[Parameter {
            name: "active-fraction",
            default: Fallback::Number(DEFAULT_FRACTION),
            doc: "f, between 0 and 1",
        }],
        build: |arguments| {
            let f = arguments.number("active-fraction")?;
            if f <= 0.0 || f >= 1.0 {
                return Err(SpecError::out_of_range("active-fraction of sparse", f, "0 < f < 1"));
            }
            Ok(PatternLaw::Sparse { active_fraction: f })
        },
    },
    Entry {
        name: "ternary",
        aliases: &[],
        formula: "ξ = 1/2, 3/2 with probabilities a, a/3, else 0; f = 4a/3",
        source: GRADED_SOURCE,
        parameters: GRADED,
        build: |arguments| {
            Ok(PatternLaw::Ternary { sparseness: sparseness("ternary", 4.0 / 3.0, arguments)? })
        },
    },
    Entry {
        name: "quaternary",
        aliases: &[],
        formula: "ξ = 2/9, 5/9, 20/9 with probabilities 3a/2, 3a/5, 3a/20, else 0; f = 9a/4",
        source: GRADED_SOURCE,
        parameters: GRADED,
        build: |arguments| {
            Ok(PatternLaw::Quaternary { sparseness: sparseness("quaternary", 2.25, arguments)? })
        },
    },
    Entry {
        name: "exponential",
        aliases: &[],
        formula: "ξ > 0 with density 4a e^{−2ξ}, else 0; f = 2a",
        source: GRADED_SOURCE,
        parameters: GRADED,
        build: |arguments| {
            Ok(PatternLaw::Exponential { sparseness: sparseness("exponential", 2.0, arguments)? })
        },
    },
    Entry {
        name: "histogram",
        aliases: &[],
        formula: "ξ = v_k with probability w_k/Σw",
        source: "the measured histograms of Schönsberg, Roudi & Treves, PRL 126, 018301 (2021)",
        parameters: &[
            Parameter { name: "values", default: Fallback::Word("0/1"), doc: "the values v1/v2/..." },
            Parameter {
                name: "weights",
                default: Fallback::Word("equal"),
                doc: "their weights w1/w2/..., or `equal`",
            },
        ],
        build: histogram,
    },
    Entry {
        name: "potts",
        aliases: &[],
        formula: "ξ is one of Q states, each with probability 1/Q",
        source: "Kanter, Phys. Rev. A 37, 2739 (1988)",
        parameters: &[Parameter { name: "states", default: Fallback::Number(3.0), doc: "Q, 2 <= Q <= 256" }],
        build: |arguments| {
            Ok(PatternLaw::Potts { states: arguments.whole("states", 2, crate::unit::potts::MOST_STATES)? })
        },
    },
];
