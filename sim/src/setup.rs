//! From a model to a network: which one carries it, and what is refused.

use std::sync::Arc;

use mattis_model::{CouplingLaw, Diagonal, Load, Model, PatternLaw, Schedule, Topology, Unsupported};

use crate::SimError;
use crate::dynamics::{ContinuousEngine, Dynamics, Engine, Flow, Order, PottsEngine};
use crate::network::{
    ContinuousNetwork, Couplings, DenseNetwork, Graph, Hebb, Inhibited, Interaction, Links, Matrix, Memories,
    Network, Overlaps, PatternNetwork, PottsMemories, PottsNetwork, Quantised, RealMemories, RealNetwork,
    Shifted, SignLinks, SignNetwork, Sparse, Spins,
};
use crate::random::Source;
use crate::start::{Stored, has_values};
use crate::system::{Coloured, Graded, Levelled, Visitor};

/// A model at a size, a number of memories and a temperature.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) model: &'a Model,
    pub(crate) neurons: usize,
    pub(crate) memories: usize,
    pub(crate) temperature: f64,
    pub(crate) dynamics: Dynamics,
    pub(crate) order: Order,
    /// Whether memory 0 is to be the one of typical activity.
    pub(crate) typical: bool,
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
    /// Links of a graph.
    Sparse,
    /// A matrix without memories.
    Glass { strength: f64 },
    /// Integer overlaps with memories of Potts units.
    Colours { states: usize },
}

fn refuse(what: impl Into<String>, because: &str, nearest: &str) -> SimError {
    Unsupported::new(what, "the simulation", because, nearest).into()
}

impl Setup<'_> {
    /// p/C, where there are memories.
    pub(crate) fn load(&self) -> Load {
        if self.memories == 0 {
            Load::Empty
        } else {
            Load::Extensive(self.memories as f64 / self.model.connectivity.value().inputs(self.neurons))
        }
    }

    /// J_ii, with the share of every unit in the inhibition of itself.
    fn diagonal(&self) -> f64 {
        let own = self.model.self_coupling.at(self.load());
        let inhibition = self.model.field.value().inhibition();
        if inhibition == 0.0 { own } else { own - inhibition / self.neurons as f64 }
    }

    /// Whether units or fields need an interaction of real values.
    fn is_real(&self) -> bool {
        self.model.unit.continuous().is_some() || self.model.field.value().inhibition() != 0.0
    }

    /// Whether the units can run on kernels with integer fields.
    fn has_kernels(&self) -> bool {
        self.model.unit.is_binary_spin() && !self.is_real() && !self.model.field.value().has_row_sums()
    }

    /// Whether the memories on a graph are unbiased signs with Hebb couplings.
    fn is_unbiased(&self) -> bool {
        let rademacher = *self.model.patterns.value() == PatternLaw::Rademacher;
        rademacher && self.model.rule.fixed_count().is_none() && !self.typical
    }

    fn engine(&self) -> Result<Engine, Unsupported> {
        Engine::new(self.model, self.dynamics, self.order, self.diagonal(), self.temperature)
    }

    fn continuous_engine(&self) -> Result<ContinuousEngine, Unsupported> {
        ContinuousEngine::new(self.model, self.dynamics, self.order, self.diagonal(), self.temperature)
    }

    fn potts_engine(&self) -> Result<PottsEngine, Unsupported> {
        PottsEngine::new(self.model, self.dynamics, self.order, self.temperature)
    }

    fn flow(&self) -> Result<Flow, Unsupported> {
        Flow::new(self.model, self.dynamics, self.diagonal(), self.temperature)
    }

    fn is_flow(&self) -> bool {
        *self.model.update.value() == Schedule::Continuous
    }

    /// Refuses what cannot be run or would not fit, before anything is run; the bytes that a sample takes at least.
    pub(crate) fn check(&self) -> Result<u128, SimError> {
        self.model.unit.in_network("the simulation")?;
        if self.model.unit.colours().is_some() {
            self.potts_engine()?;
        } else if self.is_flow() {
            self.flow()?;
        } else if self.model.unit.continuous().is_some() {
            self.continuous_engine()?;
        } else {
            self.engine()?;
        }
        let (neurons, memories) = (self.neurons as u128, self.memories as u128);
        let bits = neurons * memories.div_ceil(64) * 8;
        let inputs = self.model.connectivity.value().inputs(self.neurons);
        Ok(match self.plan()? {
            Plan::Signs if self.has_kernels() => {
                // Two replicas share all but their rows.
                bits + Hebb::check(self.neurons, self.memories)?
            }
            Plan::Signs if !self.is_real() => bits,
            Plan::Signs | Plan::Real => {
                RealMemories::check(self.neurons, self.memories)?;
                8 * neurons * memories
            }
            Plan::Sparse if self.has_kernels() && self.is_unbiased() => {
                Graph::check(*self.model.connectivity.value(), self.neurons)?;
                bits + (16.0 * inputs * self.neurons as f64) as u128
            }
            Plan::Sparse => {
                RealMemories::check(self.neurons, self.memories)?;
                Graph::check(*self.model.connectivity.value(), self.neurons)?;
                8 * neurons * memories + (12.0 * inputs * self.neurons as f64) as u128
            }
            Plan::SignMatrix | Plan::Glass { .. } => {
                Couplings::check(self.neurons)?;
                bits + 8 * neurons * neurons
            }
            Plan::Colours { .. } => {
                PottsMemories::check(self.neurons, self.memories)?;
                neurons * memories
            }
        })
    }

    fn plan(&self) -> Result<Plan, SimError> {
        let model = self.model;
        if let Some(states) = model.unit.colours() {
            return Ok(Plan::Colours { states });
        }
        let full = *model.connectivity.value() == Topology::Full;
        let law = model.patterns.value();
        let centred = model.centre() == 0.0;
        let is_hebb = match model.rule.value() {
            CouplingLaw::GaussianDisorder { .. } if !full => {
                let what = format!("rule `{}` with connectivity `{}`", model.rule, model.connectivity);
                return Err(refuse(what, "it dilutes couplings formed from memories only", "full"));
            }
            CouplingLaw::GaussianDisorder { strength } => return Ok(Plan::Glass { strength: *strength }),
            CouplingLaw::Hebb => true,
            CouplingLaw::Covariance { .. } => centred,
            CouplingLaw::QuadraticForm(_) => false,
            _ => {
                let what = format!("rule `{}`", model.rule);
                return Err(refuse(what, "it has no network for it", "hebb or none"));
            }
        };
        if full && is_hebb && *law == PatternLaw::Rademacher {
            let quantised = Quantised::new(&model.unit.levels()).is_some();
            let signs = model.synapse.is_identity() && quantised;
            return Ok(if signs { Plan::Signs } else { Plan::SignMatrix });
        }
        if !model.synapse.is_identity() {
            return Err(refuse(
                format!(
                    "synapse `{}` with rule `{}`, patterns `{}` and connectivity `{}`",
                    model.synapse, model.rule, model.patterns, model.connectivity
                ),
                "it forms nonlinear couplings of unbiased ±1 memories in full networks only",
                "synapse identity, or rule hebb with rademacher patterns and connectivity full",
            ));
        }
        // η_i·A η_i is the same for every unit only here.
        let signs =
            matches!(law, PatternLaw::Rademacher | PatternLaw::Biased { .. } | PatternLaw::RandomAxis);
        let uniform = signs && is_hebb;
        if *model.self_coupling.value() == Diagonal::Kept && !uniform {
            return Err(refuse(
                format!("self-coupling `kept` with rule `{}` and patterns `{}`", model.rule, model.patterns),
                "this diagonal differs from unit to unit",
                "self-coupling zero or a number",
            ));
        }
        Ok(if full { Plan::Real } else { Plan::Sparse })
    }

    /// Draws the disorder of a sample, builds the system, and hands it over.
    pub(crate) fn build<V: Visitor>(&self, source: Source, visitor: V) -> Result<V::Out, SimError> {
        let (model, neurons) = (self.model, self.neurons);
        match self.plan()? {
            Plan::Real => {
                let memories = self.real_memories(source)?;
                let stored = self.stored(&memories);
                self.carried(Overlaps::new(memories), &stored, visitor)
            }
            Plan::Sparse => self.diluted(source, visitor),
            Plan::Colours { states } => {
                let memories = Arc::new(PottsMemories::draw(neurons, self.memories, states, source)?);
                let stored = Stored::Colours(Arc::clone(&memories));
                visitor.visit(Coloured::new(PottsNetwork::new(memories), self.potts_engine()?), &stored)
            }
            Plan::Glass { strength } => {
                let couplings = Arc::new(Couplings::gaussian(neurons, strength, source)?);
                if self.is_real() {
                    return self.carried(Matrix::new(couplings, None), &Stored::Nothing, visitor);
                }
                let network = DenseNetwork::new(couplings, None, &model.unit)?;
                self.levelled(network, &Stored::Nothing, visitor)
            }
            plan => {
                let memories = Arc::new(Memories::draw(neurons, self.memories, source)?);
                let stored = Stored::Signs(Arc::clone(&memories));
                let matrix = || Couplings::hebb(&memories, &model.synapse).map(Arc::new);
                if self.is_real() {
                    let component = |memory, site| memories.component(memory, site);
                    let real = Arc::new(RealMemories::given(neurons, self.memories, None, component)?);
                    if model.synapse.is_identity() {
                        return self.carried(Overlaps::new(real), &stored, visitor);
                    }
                    return self.carried(Matrix::new(matrix()?, Some(real)), &stored, visitor);
                }
                if plan == Plan::Signs && self.has_kernels() && Hebb::carries(neurons, self.memories) {
                    return self.levelled(SignNetwork::new(memories)?, &stored, visitor);
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

    /// Units on a graph: ±1 units with unbiased ±1 memories have integer fields.
    fn diluted<V: Visitor>(&self, source: Source, visitor: V) -> Result<V::Out, SimError> {
        let topology = *self.model.connectivity.value();
        if !self.is_unbiased() {
            let memories = self.real_memories(source)?;
            let links = Links::draw(topology, &memories, source)?;
            let stored = self.stored(&memories);
            return self.carried(Sparse::new(Arc::new(links), memories), &stored, visitor);
        }
        let packed = Arc::new(Memories::draw(self.neurons, self.memories, source)?);
        let mut links = Links::draw_signs(topology, &packed, source)?;
        if self.has_kernels() {
            links = match SignLinks::new(links) {
                Ok(integers) => {
                    let stored = Stored::Signs(Arc::clone(&packed));
                    return self.levelled(Spins::new(integers, packed), &stored, visitor);
                }
                Err(links) => links,
            };
        }
        let memories = self.real_memories(source)?;
        let stored = self.stored(&memories);
        self.carried(Sparse::new(Arc::new(links), memories), &stored, visitor)
    }

    fn real_memories(&self, source: Source) -> Result<Arc<RealMemories>, SimError> {
        let memories = RealMemories::draw(self.model, self.neurons, self.memories, source)?;
        let typical = |memories: RealMemories| memories.typical_first(self.model.patterns.mean());
        Ok(Arc::new(if self.typical { typical(memories)? } else { memories }))
    }

    fn stored(&self, memories: &Arc<RealMemories>) -> Stored {
        let memories = Arc::clone(memories);
        if has_values(self.model.patterns.value()) {
            Stored::Values(memories)
        } else {
            Stored::Real(memories)
        }
    }

    /// The units of the model on an interaction.
    fn carried<I: Interaction, V: Visitor>(
        &self,
        interaction: I,
        stored: &Stored,
        visitor: V,
    ) -> Result<V::Out, SimError> {
        let inhibition = self.model.field.value().inhibition();
        if inhibition == 0.0 {
            self.placed(interaction, stored, visitor)
        } else {
            self.placed(Inhibited::new(interaction, inhibition), stored, visitor)
        }
    }

    fn placed<I: Interaction, V: Visitor>(
        &self,
        interaction: I,
        stored: &Stored,
        visitor: V,
    ) -> Result<V::Out, SimError> {
        if self.model.unit.continuous().is_some() {
            return self.graded(interaction, stored, visitor);
        }
        self.levelled(RealNetwork::with(interaction, &self.model.unit)?, stored, visitor)
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
        if self.is_flow() {
            return visitor.visit(Graded::new(network, self.flow()?), stored);
        }
        visitor.visit(Graded::new(network, self.continuous_engine()?), stored)
    }
}
