//! From a model to a network: which one carries it, and what is refused.

use std::sync::Arc;

use mattis_model::{CouplingLaw, Diagonal, Load, Model, PatternLaw, Topology, Unsupported};

use crate::SimError;
use crate::dynamics::{ContinuousEngine, Dynamics, Engine, Order};
use crate::network::{
    ContinuousNetwork, Couplings, DenseNetwork, Interaction, Matrix, Memories, Network, Overlaps,
    PatternNetwork, Quantised, RealMemories, RealNetwork, Shifted,
};
use crate::random::Source;
use crate::start::Stored;
use crate::system::{Graded, Levelled, Visitor};

/// A model at a size, a number of memories and a temperature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) model: &'a Model,
    pub(crate) neurons: usize,
    pub(crate) memories: usize,
    pub(crate) temperature: f64,
    pub(crate) dynamics: Dynamics,
    pub(crate) order: Order,
}

/// What carries the couplings.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Plan {
    /// Integer overlaps with ±1 memories.
    Signs,
    /// A matrix formed from ±1 memories.
    SignMatrix,
    /// Overlaps in floating point.
    Real,
    /// A matrix without memories.
    Glass { strength: f64 },
}

fn refuse(what: impl Into<String>, because: &str, nearest: &str) -> SimError {
    Unsupported::new(what, "the simulation", because, nearest).into()
}

impl Setup<'_> {
    /// p/N, where there are memories.
    pub(crate) fn load(&self) -> Load {
        if self.memories == 0 {
            Load::Empty
        } else {
            Load::Extensive(self.memories as f64 / self.neurons as f64)
        }
    }

    fn diagonal(&self) -> f64 {
        self.model.self_coupling.at(self.load())
    }

    fn engine(&self) -> Result<Engine, Unsupported> {
        Engine::new(self.model, self.dynamics, self.order, self.diagonal(), self.temperature)
    }

    fn continuous_engine(&self) -> Result<ContinuousEngine, Unsupported> {
        ContinuousEngine::new(self.model, self.dynamics, self.order, self.diagonal(), self.temperature)
    }

    /// Refuses what cannot be run or would not fit, before anything is run.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        let continuous = self.model.unit.continuous().is_some();
        if continuous {
            self.continuous_engine()?;
        } else {
            self.engine()?;
        }
        match self.plan()? {
            Plan::Signs if !continuous => Ok(()),
            Plan::Signs | Plan::Real => RealMemories::check(self.neurons, self.memories),
            Plan::SignMatrix | Plan::Glass { .. } => Couplings::check(self.neurons),
        }
    }

    fn plan(&self) -> Result<Plan, SimError> {
        let model = self.model;
        if *model.connectivity.value() != Topology::Full {
            let what = format!("connectivity `{}`", model.connectivity);
            return Err(refuse(what, "it has no network for it", "full"));
        }
        let law = *model.patterns.value();
        let centred = model.centre() == 0.0;
        let is_hebb = match model.rule.value() {
            CouplingLaw::GaussianDisorder { strength } => return Ok(Plan::Glass { strength: *strength }),
            CouplingLaw::Hebb => true,
            CouplingLaw::Covariance => centred,
            CouplingLaw::QuadraticForm(_) => false,
            _ => {
                let what = format!("rule `{}`", model.rule);
                return Err(refuse(what, "it has no network for it", "hebb or none"));
            }
        };
        if is_hebb && law == PatternLaw::Rademacher {
            let quantised = Quantised::new(&model.unit.levels()).is_some();
            let signs = model.synapse.is_identity() && quantised;
            return Ok(if signs { Plan::Signs } else { Plan::SignMatrix });
        }
        if !model.synapse.is_identity() {
            return Err(refuse(
                format!(
                    "synapse `{}` with rule `{}` and patterns `{}`",
                    model.synapse, model.rule, model.patterns
                ),
                "it forms nonlinear couplings of unbiased ±1 memories only",
                "synapse identity, or rule hebb with rademacher patterns",
            ));
        }
        // η_i·A η_i is the same for every unit only here.
        let uniform = matches!(law, PatternLaw::Biased { .. } | PatternLaw::RandomAxis) && is_hebb;
        if *model.self_coupling.value() == Diagonal::Kept && !uniform {
            return Err(refuse(
                format!("self-coupling `kept` with rule `{}` and patterns `{}`", model.rule, model.patterns),
                "this diagonal differs from unit to unit",
                "self-coupling zero or a number",
            ));
        }
        Ok(Plan::Real)
    }

    /// Draws the disorder of a sample, builds the system, and hands it over.
    pub(crate) fn build<V: Visitor>(&self, source: Source, visitor: V) -> Result<V::Out, SimError> {
        let (model, neurons) = (self.model, self.neurons);
        let continuous = model.unit.continuous().is_some();
        match self.plan()? {
            Plan::Real => {
                let memories = Arc::new(RealMemories::draw(model, neurons, self.memories, source)?);
                let stored = Stored::Real(Arc::clone(&memories));
                if continuous {
                    return self.graded(Overlaps::new(memories), &stored, visitor);
                }
                self.levelled(RealNetwork::new(memories, &model.unit)?, &stored, visitor)
            }
            Plan::Glass { strength } => {
                let couplings = Arc::new(Couplings::gaussian(neurons, strength, source)?);
                if continuous {
                    return self.graded(Matrix::new(couplings, None), &Stored::Nothing, visitor);
                }
                let network = DenseNetwork::new(couplings, None, &model.unit)?;
                self.levelled(network, &Stored::Nothing, visitor)
            }
            plan => {
                let memories = Arc::new(Memories::draw(neurons, self.memories, source)?);
                let stored = Stored::Signs(Arc::clone(&memories));
                let matrix = || Couplings::hebb(&memories, &model.synapse).map(Arc::new);
                if continuous {
                    let component = |memory, site| memories.component(memory, site);
                    let real = Arc::new(RealMemories::given(neurons, self.memories, None, component)?);
                    if model.synapse.is_identity() {
                        return self.graded(Overlaps::new(real), &stored, visitor);
                    }
                    return self.graded(Matrix::new(matrix()?, Some(real)), &stored, visitor);
                }
                if plan == Plan::Signs {
                    let network = PatternNetwork::new(Arc::clone(&memories), &model.unit)?;
                    return self.levelled(network, &stored, visitor);
                }
                let network = DenseNetwork::new(matrix()?, Some(Arc::clone(&memories)), &model.unit)?;
                self.levelled(network, &stored, visitor)
            }
        }
    }

    fn levelled<N: Network + Clone, V: Visitor>(
        &self,
        network: N,
        stored: &Stored,
        visitor: V,
    ) -> Result<V::Out, SimError> {
        let engine = self.engine()?;
        if self.model.field.value().has_row_sums() {
            return visitor.visit(Levelled::new(Shifted::by_row_sums(network), engine), stored);
        }
        visitor.visit(Levelled::new(network, engine), stored)
    }

    fn graded<I: Interaction, V: Visitor>(
        &self,
        interaction: I,
        stored: &Stored,
        visitor: V,
    ) -> Result<V::Out, SimError> {
        let network = ContinuousNetwork::new(interaction);
        let shifted = self.model.field.value().has_row_sums();
        let network = if shifted { network.with_row_sums() } else { network };
        visitor.visit(Graded::new(network, self.continuous_engine()?), stored)
    }
}
