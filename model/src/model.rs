//! The specification.

use serde::{Deserialize, Serialize};

use crate::{
    Connectivity, Field, Load, Patterns, Rule, SelfCoupling, SpecError, Synapse, Unit, Update,
    catalogue::nearest,
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

/// A composition with a name of its own: name, formula, source, parts that differ from the defaults.
pub struct Named {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub formula: &'static str,
    /// The paper.
    pub source: &'static str,
    build: fn() -> Model,
}

/// The named compositions.
pub static NAMED: &[Named] = &[
    Named {
        name: "hopfield",
        formula: "ising units, rademacher patterns, hebb rule, sequential update",
        source: "Hopfield, PNAS 79, 2554 (1982); Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985)",
        build: Model::hopfield,
    },
    Named {
        name: "little",
        formula: "the same with parallel update",
        source: "Little, Math. Biosci. 19, 101 (1974); Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
        build: Model::little,
    },
    Named {
        name: "sk",
        formula: "ising units, no memories, normal couplings of variance 1/N",
        source: "Sherrington & Kirkpatrick, PRL 35, 1792 (1975)",
        build: Model::sherrington_kirkpatrick,
    },
];

impl Model {
    /// The Hopfield model: Ising units, Rademacher patterns, Hebb couplings, sequential updates.
    pub fn hopfield() -> Self {
        Self::default()
    }

    /// The Little model: Hopfield's couplings, all units updated at once.
    pub fn little() -> Self {
        Self { update: "parallel".parse().expect("a catalogue entry"), ..Self::default() }
    }

    /// The Sherrington–Kirkpatrick model with J = 1.
    pub fn sherrington_kirkpatrick() -> Self {
        Self { rule: "none".parse().expect("a catalogue entry"), ..Self::default() }
    }

    /// A composition by its name.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn named(name: &str) -> Result<Self, SpecError> {
        let names: Vec<&str> = NAMED.iter().map(|entry| entry.name).collect();
        NAMED.iter().find(|entry| entry.name == name).map(|entry| (entry.build)()).ok_or_else(|| {
            SpecError::UnknownName {
                what: "model",
                name: name.into(),
                expected: names.join(", "),
                nearest: nearest(name, &names),
            }
        })
    }

    /// The same model with another unit.
    #[must_use]
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
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

    /// Checks what the parts promise each other: levels in increasing order with positive weights, and a
    /// synapse only where there are memories to form it from.
    ///
    /// # Errors
    /// If a part breaks its promise.
    pub fn validate(&self) -> Result<(), SpecError> {
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
        if !self.synapse.is_identity() && !self.stores_memories() {
            let expected =
                format!("identity: the rule `{}` has no memories to form it from", self.rule.name());
            return Err(SpecError::out_of_range("synapse", &self.synapse, expected));
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
            (false, Load::Extensive(alpha)) => Err(SpecError::out_of_range(
                "load α",
                alpha,
                format!("none: the rule `{}` stores no memories", self.rule.name()),
            )),
            _ => Ok(()),
        }
    }
}
