//! Exactly solved models, by name.
//!
//! They are written like every other part, `NAME[:key=value…]`, but they are whole models: `curie-weiss:h=0.1`,
//! `enumerated:neurons=4:masks=0b0011/0b0101`.

mod record;

use crate::catalogue::{Arguments, Catalogued, Choice, Entry, Fallback, Parameter};
use crate::{Diagonal, SpecError};

pub use record::{
    Enumerated, ExactKind, ExactPoint, ExactRecord, ExactState, Fixed, MemoryAverages, ParallelLaw,
    Relaxation,
};

/// Most units of a finite Curie–Weiss model: the sum over its N + 1 magnetisations is direct.
pub const MAX_CURIE_WEISS: usize = 100_000;

/// Most units of a periodic chain.
pub const MAX_CHAIN: usize = 1_000_000_000;

/// Most units that are enumerated together with both dynamics.
pub const MAX_ENUMERATED: usize = 14;

/// Most memories of an enumerated network.
const MAX_MEMORIES: usize = 32;

/// A model of ±1 units whose thermodynamics is known exactly. Energies are in units where k_B = 1.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ExactModel {
    /// H = −(J/2N)(Σ S_i)² − h Σ S_i, the diagonal i = j included (it adds the constant −J/2).
    CurieWeiss {
        /// J > 0.
        coupling: f64,
        /// h.
        field: f64,
        /// N; `None` is N → ∞.
        neurons: Option<usize>,
    },
    /// H = −J Σ S_i S_{i+1} − h Σ S_i on a ring.  (Ising 1925; Kramers and Wannier 1941)
    IsingChain {
        /// J > 0.
        coupling: f64,
        /// h.
        field: f64,
        /// N; `None` is N → ∞.
        neurons: Option<usize>,
    },
    /// H = −J Σ_⟨ij⟩ S_i S_j on the infinite square lattice without field.  (Onsager 1944; Yang 1952)
    Onsager {
        /// J > 0.
        coupling: f64,
    },
    /// H = −J Σ_⟨ij⟩ S_i S_j inside the infinite tree where every site has z neighbours.  (Bethe 1935)
    Bethe {
        /// z.
        coordination: usize,
        /// J > 0.
        coupling: f64,
    },
    /// Every state of a small Hebbian network, H = −½ Σ_ij J_ij S_i S_j with J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ.
    Enumerated {
        /// N.
        neurons: usize,
        /// ξ^μ_i = ±1, one list of N per memory.
        memories: Vec<Vec<f64>>,
        /// J_ii.
        diagonal: Diagonal,
    },
}

/// An exactly solved model chosen by name.
pub type Solved = Choice<ExactModel>;

const COUPLING: Parameter =
    Parameter { name: "j", default: Fallback::Number(1.0), doc: "J > 0, the unit of energy" };
const FIELD: Parameter = Parameter { name: "h", default: Fallback::Number(0.0), doc: "external field h" };
const SIZE: Parameter =
    Parameter { name: "neurons", default: Fallback::Word("infinite"), doc: "N, or `infinite`" };

impl Catalogued for ExactModel {
    const WHAT: &'static str = "exactly solved model";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<ExactModel>] = &[
            Entry {
                name: "curie-weiss",
                aliases: &[],
                formula: "H = −(J/2N) (Σ S_i)² − h Σ S_i, the diagonal included",
                source: "Kac, in Statistical Physics, Phase Transitions and Superfluidity (Brandeis lectures, 1968)",
                parameters: &[COUPLING, FIELD, SIZE],
                build: |arguments| {
                    Ok(ExactModel::CurieWeiss {
                        coupling: coupling(arguments)?,
                        field: arguments.number("h")?,
                        neurons: size(arguments, 1, MAX_CURIE_WEISS)?,
                    })
                },
            },
            Entry {
                name: "ising-chain",
                aliases: &[],
                formula: "H = −J Σ S_i S_{i+1} − h Σ S_i on a ring",
                source: "Ising, Z. Phys. 31, 253 (1925)",
                parameters: &[COUPLING, FIELD, SIZE],
                build: |arguments| {
                    Ok(ExactModel::IsingChain {
                        coupling: coupling(arguments)?,
                        field: arguments.number("h")?,
                        neurons: size(arguments, 3, MAX_CHAIN)?,
                    })
                },
            },
            Entry {
                name: "onsager",
                aliases: &["ising-2d"],
                formula: "H = −J Σ_⟨ij⟩ S_i S_j on the infinite square lattice, h = 0",
                source: "Onsager, Phys. Rev. 65, 117 (1944); Yang, Phys. Rev. 85, 808 (1952)",
                parameters: &[COUPLING],
                build: |arguments| Ok(ExactModel::Onsager { coupling: coupling(arguments)? }),
            },
            Entry {
                name: "bethe",
                aliases: &[],
                formula: "H = −J Σ_⟨ij⟩ S_i S_j inside an infinite tree with z neighbours, h = 0",
                source: "Bethe, Proc. R. Soc. A 150, 552 (1935)",
                parameters: &[
                    Parameter {
                        name: "z",
                        default: Fallback::Number(3.0),
                        doc: "neighbours of a site, 3 or more",
                    },
                    COUPLING,
                ],
                build: |arguments| {
                    Ok(ExactModel::Bethe {
                        coordination: arguments.whole("z", 3, 1000)?,
                        coupling: coupling(arguments)?,
                    })
                },
            },
            Entry {
                name: "enumerated",
                aliases: &[],
                formula: "H = −½ Σ_ij J_ij S_i S_j, J_ij = (1/N) Σ_μ ξ_i ξ_j, all 2^N states and both dynamics",
                source: "Peretto, Biol. Cybern. 50, 51 (1984)",
                parameters: &[
                    Parameter { name: "neurons", default: Fallback::Number(12.0), doc: "N, 2 to 14" },
                    Parameter {
                        name: "masks",
                        default: Fallback::Word("0b11111100/0b10101010101"),
                        doc: "the memories as binary words separated by `/`; bit i set is ξ_i = +1",
                    },
                    Parameter {
                        name: "self-coupling",
                        default: Fallback::Word("zero"),
                        doc: "J_ii: zero, or kept as p/N",
                    },
                ],
                build: enumerated,
            },
        ];
        ENTRIES
    }
}

impl ExactModel {
    /// N where it is finite.
    pub fn neurons(&self) -> Option<usize> {
        match self {
            Self::CurieWeiss { neurons, .. } | Self::IsingChain { neurons, .. } => *neurons,
            Self::Enumerated { neurons, .. } => Some(*neurons),
            Self::Onsager { .. } | Self::Bethe { .. } => None,
        }
    }
}

fn coupling(arguments: &Arguments) -> Result<f64, SpecError> {
    let j = arguments.number("j")?;
    if j > 0.0 { Ok(j) } else { Err(SpecError::out_of_range("coupling j", j, "a number > 0")) }
}

/// N, or `None` for `infinite`.
fn size(arguments: &Arguments, least: usize, most: usize) -> Result<Option<usize>, SpecError> {
    let given = arguments.text("neurons");
    if given == "infinite" {
        return Ok(None);
    }
    arguments.whole("neurons", least, most).map(Some).map_err(|_| {
        SpecError::out_of_range(
            "neurons",
            given,
            format!("`infinite` or a whole number from {least} to {most}"),
        )
    })
}

fn enumerated(arguments: &Arguments) -> Result<ExactModel, SpecError> {
    let neurons = arguments.whole("neurons", 2, MAX_ENUMERATED)?;
    let diagonal = match arguments.word("self-coupling", &["zero", "kept"])? {
        "kept" => Diagonal::Kept,
        _ => Diagonal::Zero,
    };
    let text = arguments.text("masks");
    let words: Vec<&str> = text.split('/').collect();
    if words.len() > MAX_MEMORIES {
        let expected = format!("at most {MAX_MEMORIES}");
        return Err(SpecError::out_of_range("number of memories", words.len(), expected));
    }
    let memory = |word: &str| {
        let mask = word.trim().strip_prefix("0b").and_then(|digits| u64::from_str_radix(digits, 2).ok());
        match mask {
            Some(mask) if mask >> neurons == 0 => {
                Ok((0..neurons).map(|i| if mask >> i & 1 == 1 { 1.0 } else { -1.0 }).collect())
            }
            _ => Err(SpecError::out_of_range(
                "mask of a memory",
                word,
                format!("a binary word 0b… of at most {neurons} bits; words are separated by `/`"),
            )),
        }
    };
    let memories = words.into_iter().map(memory).collect::<Result<_, _>>()?;
    Ok(ExactModel::Enumerated { neurons, memories, diagonal })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Solved, SpecError> {
        text.parse()
    }

    #[test]
    fn names_parameters_and_sizes() {
        for entry in ExactModel::entries() {
            let model = Solved::new::<String>(entry.name, []).expect("defaults are valid");
            assert_eq!(parse(&model.to_string()).expect("it prints what it reads"), model);
            let text = serde_json::to_string(&model).expect("serialises");
            assert_eq!(serde_json::from_str::<Solved>(&text).expect("reads back"), model);
        }
        let chain = parse("ising-chain:neurons=64:h=0.5").expect("a chain");
        assert_eq!(*chain, ExactModel::IsingChain { coupling: 1.0, field: 0.5, neurons: Some(64) });
        assert_eq!(parse("ising-2d").expect("an alias").name(), "onsager");
        assert_eq!(parse("onsager").expect("infinite").neurons(), None);
        let small = parse("enumerated:neurons=3:masks=0b011/0b1:self-coupling=kept").expect("small");
        let memories = vec![vec![1.0, 1.0, -1.0], vec![1.0, -1.0, -1.0]];
        assert_eq!(*small, ExactModel::Enumerated { neurons: 3, memories, diagonal: Diagonal::Kept });
    }

    #[test]
    fn what_is_out_of_range() {
        for (text, part) in [
            ("curie-weiss:j=0", "coupling j = 0"),
            ("curie-weiss:neurons=100001", "`infinite` or a whole number from 1 to 100000"),
            ("curie-weiss:neurons=many", "neurons = many"),
            ("ising-chain:neurons=2", "from 3"),
            ("ising-chain:neurons=10.5", "10.5"),
            ("ising-chain:h=inf", "a finite number"),
            ("bethe:z=2", "from 3 to 1000"),
            ("enumerated:neurons=15", "from 2 to 14"),
            ("enumerated:neurons=4", "at most 4 bits"),
            ("enumerated:masks=7", "a binary word"),
            ("enumerated:masks=0b1//0b1", "a binary word"),
            ("enumerated:self-coupling=1", "zero, kept"),
            ("onsagr", "did you mean `onsager`"),
        ] {
            let message = parse(text).expect_err(text).to_string();
            assert!(message.contains(part) && !message.contains('\n'), "{text}: {message}");
        }
    }
}
