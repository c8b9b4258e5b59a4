//! The specification.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogued, Choice, Entry, Fallback, Parameter, Value};
use crate::rule::Form;
use crate::{
    Alphabet, Connectivity, CouplingLaw, Field, Load, PatternLaw, Patterns, Rule, Schedule, SelfCoupling,
    SpecError, Synapse, Unit, Update,
};

/// What is studied. Every part has a neutral default; parts combine freely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Model {
    /// One degree of freedom.
    pub unit: Unit,
    /// The law of the memories.
    pub patterns: Patterns,
    /// How memories become couplings.
    pub rule: Rule,
    /// What is done to a coupling.
    pub synapse: Synapse,
    /// Who is connected.
    pub connectivity: Connectivity,
    /// The diagonal J_ii.
    pub self_coupling: SelfCoupling,
    /// What else acts on units.
    pub field: Field,
    /// The dynamics.
    pub update: Update,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            unit: Unit::neutral(),
            patterns: Patterns::neutral(),
            rule: Rule::neutral(),
            synapse: Synapse::neutral(),
            connectivity: Connectivity::neutral(),
            self_coupling: SelfCoupling::neutral(),
            field: Field::neutral(),
            update: Update::neutral(),
        }
    }
}

/// The named compositions.
impl Catalogued for Model {
    const WHAT: &'static str = "model";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<Model>] = &[
            Entry {
                name: "hopfield",
                aliases: &[],
                formula: "ising units, rademacher patterns, hebb rule, sequential update",
                source: "Hopfield, PNAS 79, 2554 (1982); Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985)",
                parameters: &[],
                build: |_| Ok(Model::hopfield()),
            },
            Entry {
                name: "little",
                aliases: &[],
                formula: "the same with parallel update",
                source: "Little, Math. Biosci. 19, 101 (1974); Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
                parameters: &[],
                build: |_| Ok(Model::little()),
            },
            Entry {
                name: "sk",
                aliases: &[],
                formula: "ising units, no memories, normal couplings of variance 1/N",
                source: "Sherrington & Kirkpatrick, PRL 35, 1792 (1975)",
                parameters: &[],
                build: |_| Ok(Model::sherrington_kirkpatrick()),
            },
            Entry {
                name: "van-hemmen",
                aliases: &[],
                formula: "two memories, J_ij = (J/N)(ξ_i η_j + η_i ξ_j)",
                source: "van Hemmen, PRL 49, 409 (1982)",
                parameters: &[Parameter { name: "j", default: Fallback::Number(1.0), doc: "the scale J" }],
                build: |arguments| {
                    let j = arguments.number("j")?;
                    Model::quadratic_form(&[vec![0.0, j], vec![j, 0.0]])
                },
            },
            Entry {
                name: "quadratic-form",
                aliases: &["provost-vallee"],
                formula: "p memories, J_ij = (1/N) Σ_μν A_μν ξ_i^μ ξ_j^ν",
                source: "Provost & Vallée, PRL 50, 598 (1983)",
                parameters: &[Parameter {
                    name: "matrix",
                    default: Fallback::Word("1,0.5/0.5,1"),
                    doc: "the symmetric matrix A: entries a,b and rows a,b/c,d",
                }],
                build: |arguments| {
                    let rule =
                        Rule::new("quadratic-form", [("matrix", Value::Word(arguments.text("matrix")))])?;
                    Ok(Model { rule, ..Model::default() })
                },
            },
            Entry {
                name: "potts",
                aliases: &[],
                formula: "potts units and memories of Q states, J_ij^kl = (1/Q²N) Σ_μ u_k(ξ_i^μ) u_l(ξ_j^μ)",
                source: "Kanter, Phys. Rev. A 37, 2739 (1988)",
                parameters: &[Parameter {
                    name: "states",
                    default: Fallback::Number(3.0),
                    doc: "Q, 2 <= Q <= 256",
                }],
                build: |arguments| {
                    Model::potts(arguments.whole("states", 2, crate::unit::potts::MOST_STATES)?)
                },
            },
        ];
        ENTRIES
    }
}

impl Model {
    /// The Hopfield model: Ising units, Rademacher patterns, Hebb couplings, sequential updates.
    pub fn hopfield() -> Self {
        Self::default()
    }

    /// Potts units with Q states that store memories of the same kind (Kanter, Phys. Rev. A 37, 2739 (1988)).
    ///
    /// # Errors
    /// If the number of states is out of range.
    pub fn potts(states: usize) -> Result<Self, SpecError> {
        let (unit, patterns) = (format!("potts:states={states}"), format!("potts:states={states}"));
        Ok(Self { unit: unit.parse()?, patterns: patterns.parse()?, ..Self::default() })
    }

    /// The Little model: Hopfield's couplings, all units updated at once.
    pub fn little() -> Self {
        Self { update: "parallel".parse().expect("a catalogue entry"), ..Self::default() }
    }

    /// The Sherrington–Kirkpatrick model with J = 1.
    pub fn sherrington_kirkpatrick() -> Self {
        Self { rule: "none".parse().expect("a catalogue entry"), ..Self::default() }
    }

    /// Memories coupled by a symmetric matrix A: J_ij = (1/N) Σ_μν A_μν ξ_i^μ ξ_j^ν.
    ///
    /// # Errors
    /// If A is not a symmetric matrix of finite numbers.
    pub fn quadratic_form(rows: &[Vec<f64>]) -> Result<Self, SpecError> {
        let matrix = Form::new(rows)?.to_string();
        let rule = Rule::new("quadratic-form", [("matrix", Value::Word(matrix))])?;
        Ok(Self { rule, ..Self::default() })
    }

    /// A composition by its name, `NAME[:key=value…]`.
    ///
    /// # Errors
    /// If there is none of that name, or a parameter is wrong.
    pub fn named(text: &str) -> Result<Self, SpecError> {
        Ok(text.parse::<Choice<Self>>()?.value().clone())
    }

    /// The same model with another unit.
    #[must_use]
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    /// The same model with another law of memories.
    #[must_use]
    pub fn with_patterns(self, patterns: Patterns) -> Self {
        Self { patterns, ..self }
    }

    /// The same model with another rule.
    #[must_use]
    pub fn with_rule(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    /// The same model with another update.
    #[must_use]
    pub fn with_update(self, update: Update) -> Self {
        Self { update, ..self }
    }

    /// The same model with another diagonal.
    #[must_use]
    pub fn with_self_coupling(self, self_coupling: SelfCoupling) -> Self {
        Self { self_coupling, ..self }
    }

    /// The same model in a field.
    #[must_use]
    pub fn with_field(self, field: Field) -> Self {
        Self { field, ..self }
    }

    /// Whether there are memories, hence a load.
    pub fn stores_memories(&self) -> bool {
        self.rule.stores_memories()
    }

    /// What the rule subtracts from every component of a memory: ⟨ξ⟩ for the covariance rule, else 0.
    pub fn centre(&self) -> f64 {
        if matches!(self.rule.value(), CouplingLaw::Covariance { .. }) { self.patterns.mean() } else { 0.0 }
    }

    /// What the rule divides every component of a memory by.
    pub fn deviation(&self) -> f64 {
        match self.rule.value() {
            CouplingLaw::Covariance { normalised: true } => self.patterns.variance().sqrt(),
            _ => 1.0,
        }
    }

    /// A component as the rule stores it.
    pub fn stored(&self, component: f64) -> f64 {
        (component - self.centre()) / self.deviation()
    }

    /// The variance of a component as the rule stores it; 1 without memories.
    pub fn stored_variance(&self) -> f64 {
        match self.rule.value() {
            CouplingLaw::Covariance { normalised: true } => 1.0,
            _ if self.stores_memories() => self.patterns.variance(),
            _ => 1.0,
        }
    }

    /// Checks what the parts promise each other: levels in increasing order with positive weights, and a
    /// synapse only where there are memories to form it from.
    ///
    /// # Errors
    /// If a part breaks its promise.
    pub fn validate(&self) -> Result<(), SpecError> {
        if let Some(law) = self.unit.continuous() {
            let (low, high) = law.domain();
            let bounded = low.is_finite() && high.is_finite() || self.unit.threshold_linear().is_some();
            if !(bounded && low < high) {
                let expected = "a finite interval";
                return Err(SpecError::out_of_range(
                    format!("domain of {}", self.unit),
                    format!("[{low}, {high}]"),
                    expected,
                ));
            }
        } else if matches!(self.unit.alphabet(), Alphabet::Levels(_)) {
            self.check_levels()?;
        }
        self.check_colours()?;
        let jumps = matches!(self.unit.alphabet(), Alphabet::Levels(_) | Alphabet::Colours(_));
        if *self.update.value() == Schedule::Continuous && jumps {
            let expected = format!("sequential or parallel: the unit `{}` jumps between levels", self.unit);
            return Err(SpecError::out_of_range("update", &self.update, expected));
        }
        if !self.synapse.is_identity() && !self.stores_memories() {
            let expected =
                format!("identity: the rule `{}` has no memories to form it from", self.rule.name());
            return Err(SpecError::out_of_range("synapse", &self.synapse, expected));
        }
        Ok(())
    }

    /// Potts units store Potts memories of as many states, with nothing else changed.
    fn check_colours(&self) -> Result<(), SpecError> {
        let of_memories = match self.patterns.value() {
            PatternLaw::Potts { states } => Some(*states),
            _ => None,
        };
        let of_units = self.unit.colours();
        if of_units != of_memories {
            let expected = match of_units {
                Some(states) => format!("potts:states={states}, as the unit `{}` needs", self.unit),
                None => format!("another law: the unit `{}` is no Potts unit", self.unit),
            };
            return Err(SpecError::out_of_range("patterns", &self.patterns, expected));
        }
        let neutral = [
            ("rule", self.rule == Rule::neutral(), self.rule.to_string()),
            ("synapse", self.synapse == Synapse::neutral(), self.synapse.to_string()),
            ("connectivity", self.connectivity == Connectivity::neutral(), self.connectivity.to_string()),
            ("self-coupling", self.self_coupling == SelfCoupling::neutral(), self.self_coupling.to_string()),
            ("field", self.field == Field::neutral(), self.field.to_string()),
        ];
        match neutral.into_iter().find(|(_, neutral, _)| !neutral) {
            Some((part, _, given)) if of_units.is_some() => Err(SpecError::out_of_range(
                part,
                given,
                format!("its default with the unit `{}`", self.unit),
            )),
            _ => Ok(()),
        }
    }

    fn check_levels(&self) -> Result<(), SpecError> {
        let levels = self.unit.levels();
        let increasing = levels.windows(2).all(|pair| pair[0] < pair[1]);
        if levels.len() < 2 || !levels.iter().all(|s| s.is_finite()) || !increasing {
            let given = format!("{levels:?}");
            let expected = "at least two finite levels in increasing order";
            return Err(SpecError::out_of_range(format!("levels of {}", self.unit), given, expected));
        }
        if let Some(s) =
            levels.iter().find(|s| !(self.unit.weight(**s) > 0.0 && self.unit.potential(**s).is_finite()))
        {
            let given = format!("weight {}, potential {}", self.unit.weight(*s), self.unit.potential(*s));
            let expected = "a positive weight and a finite potential";
            return Err(SpecError::out_of_range(format!("level {s} of {}", self.unit), given, expected));
        }
        Ok(())
    }

    /// Checks that a load is given exactly where there are memories.
    ///
    /// # Errors
    /// If it is missing or has no meaning.
    pub fn check_load(&self, load: Load) -> Result<(), SpecError> {
        match (self.stores_memories(), load) {
            (true, Load::Empty) => {
                Err(SpecError::out_of_range("load α", "none", "a number > 0: this model has memories"))
            }
            (false, Load::Extensive(_) | Load::Finite(_)) => Err(SpecError::out_of_range(
                if load.count().is_some() { "number of memories p" } else { "load α" },
                load,
                format!("none: the rule `{}` stores no memories", self.rule.name()),
            )),
            (true, load) => match self.rule.fixed_count() {
                Some(count) if load != Load::Finite(count) => Err(SpecError::out_of_range(
                    if load.count().is_some() { "number of memories p" } else { "load α" },
                    load,
                    format!("p = {count} memories, the size of the matrix of `{}`", self.rule.name()),
                )),
                _ => Ok(()),
            },
            (false, Load::Empty) => Ok(()),
        }
    }
}
