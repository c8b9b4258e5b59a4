//! Dynamics: how states follow each other, one addressed uniform per decision.

mod acceptance;
mod continuous;
mod flow;
mod heat_bath;
mod metropolis;
mod parallel;
mod potts;
mod runge_kutta;
mod sampler;
mod spin;
mod zero_temperature;

use std::fmt;
use std::str::FromStr;

use mattis_model::address::Purpose;
use mattis_model::{Model, Schedule, SpecError, Topology, Unsupported};

pub use acceptance::Acceptance;
pub use continuous::{ContinuousEngine, ContinuousStep, RealKernel};
pub use flow::Flow;
pub use heat_bath::HeatBath;
pub use metropolis::Metropolis;
pub(crate) use parallel::with_own;
pub use parallel::{Step, step};
pub use potts::PottsEngine;
pub use runge_kutta::DormandPrince;
pub use sampler::Sampler;
pub use spin::{SpinRule, SpinSweep, Visits};
pub(crate) use spin::{integer_sign, spin_step};
pub use zero_temperature::{is_stable, winner};

use crate::network::{Network, levels_of};
use crate::random::{Source, index};

/// How a unit chooses its next level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dynamics {
    /// From its single-site measure, whatever the present level.
    #[default]
    HeatBath,
    /// Another level is proposed, and accepted with probability min(1, e^{ΔA/T}).
    Metropolis,
}

impl fmt::Display for Dynamics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::HeatBath => "heat-bath",
            Self::Metropolis => "metropolis",
        })
    }
}

impl FromStr for Dynamics {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        match text {
            "heat-bath" => Ok(Self::HeatBath),
            "metropolis" => Ok(Self::Metropolis),
            _ => Err(SpecError::out_of_range("dynamics", text, "heat-bath or metropolis")),
        }
    }
}

/// In which order units are visited by sequential updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// N picks with replacement make a sweep.
    #[default]
    Random,
    /// 0, 1, …, N − 1.
    Sweep,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Random => "random",
            Self::Sweep => "sweep",
        })
    }
}

impl FromStr for Order {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        match text {
            "random" => Ok(Self::Random),
            "sweep" => Ok(Self::Sweep),
            _ => Err(SpecError::out_of_range("order", text, "random or sweep")),
        }
    }
}

/// What a unit does at T = 0 if several levels have the largest action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ties {
    /// It keeps the present level if it is among the winners, else takes the lowest of them.
    Keep,
    /// It takes any of them with the same probability: what T → 0 leaves. Where inputs are few and
    /// uncorrelated ties are frequent, and no state is at rest.
    Coin,
}

impl Ties {
    fn of(topology: Topology) -> Self {
        if matches!(topology, Topology::Extreme { .. } | Topology::Finite { .. }) {
            Self::Coin
        } else {
            Self::Keep
        }
    }
}

/// The single-site measure ρ(s) exp{[h s + ½Γs² − V(s)]/T} of a unit with levels; T = 0: the largest action
/// wins, a tie keeps the present level if it is among the winners, else takes the lowest of them. With
/// connectivity `extreme` and `finite` a fair draw decides it instead, as the limit T → 0 does.
#[derive(Debug, Clone, PartialEq)]
pub struct SingleSite {
    levels: Vec<f64>,
    /// ½Γs² − V(s).
    heights: Vec<f64>,
    potentials: Vec<f64>,
    weights: Vec<f64>,
    temperature: f64,
    external: f64,
    spin: bool,
    ties: Ties,
}

impl SingleSite {
    /// The measure of a model's unit with reaction Γ on itself and the model's external field.
    ///
    /// # Errors
    /// If the unit has too many levels.
    pub fn new(model: &Model, reaction: f64, temperature: f64) -> Result<Self, Unsupported> {
        let levels = levels_of(&model.unit)?;
        let potentials: Vec<f64> = levels.iter().map(|s| model.unit.potential(*s)).collect();
        Ok(Self {
            heights: levels.iter().zip(&potentials).map(|(s, v)| 0.5 * reaction * s * s - v).collect(),
            weights: levels.iter().map(|s| model.unit.weight(*s)).collect(),
            spin: model.unit.is_binary_spin(),
            external: model.field.value().value(),
            ties: Ties::of(*model.connectivity.value()),
            levels,
            potentials,
            temperature,
        })
    }

    /// The levels.
    pub fn levels(&self) -> &[f64] {
        &self.levels
    }

    /// V of a level.
    pub fn potential(&self, level: u8) -> f64 {
        self.potentials[usize::from(level)]
    }

    /// The external field.
    pub fn external(&self) -> f64 {
        self.external
    }

    /// The temperature.
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    /// Whether ties exist and are decided by a fair draw.
    #[inline]
    fn has_coins(&self) -> bool {
        self.temperature == 0.0 && self.ties == Ties::Coin
    }

    /// The action h s + ½Γs² − V(s) of a level in the field of the couplings.
    fn action(&self, level: usize, field: f64) -> f64 {
        (field + self.external) * self.levels[level] + self.heights[level]
    }

    /// Unnormalised weights of all levels relative to the largest action, and their sum.
    #[inline]
    fn weigh<const ROOM: usize>(&self, field: f64) -> ([f64; ROOM], f64) {
        let count = self.levels.len();
        let best = (0..count).map(|l| self.action(l, field)).fold(f64::NEG_INFINITY, f64::max);
        let mut weights = [0.0; ROOM];
        let mut total = 0.0;
        for (level, weight) in weights[..count].iter_mut().enumerate() {
            *weight = self.weights[level] * libm::exp((self.action(level, field) - best) / self.temperature);
            total += *weight;
        }
        (weights, total)
    }
}

/// The sign of a spin's level.
#[inline]
fn sign(level: u8) -> f64 {
    if level == 0 { -1.0 } else { 1.0 }
}

/// The kernel of a run: what one sweep does.
#[derive(Debug, Clone)]
pub struct Engine {
    kind: Kind,
    diagonal: f64,
    fields: Vec<f64>,
}

#[derive(Debug, Clone)]
enum Kind {
    HeatBath(HeatBath, Order),
    Metropolis(Metropolis),
    Parallel(HeatBath),
}

impl Engine {
    /// The kernel of a model at a temperature, with J_ii = `diagonal`. Sequential updates have the diagonal
    /// in the single-site measure (Γ = J_ii), parallel ones in the field (Γ = 0).
    ///
    /// # Errors
    /// If the combination of dynamics, order and update is not offered.
    pub fn new(
        model: &Model,
        dynamics: Dynamics,
        order: Order,
        diagonal: f64,
        temperature: f64,
    ) -> Result<Self, Unsupported> {
        let sequential = SingleSite::new(model, diagonal, temperature)?;
        let kind = match (*model.update.value(), dynamics, order) {
            (Schedule::Sequential, Dynamics::HeatBath, order) => {
                Kind::HeatBath(HeatBath::new(sequential), order)
            }
            (Schedule::Sequential, Dynamics::Metropolis, Order::Random) => {
                Kind::Metropolis(Metropolis::new(sequential))
            }
            (Schedule::Sequential, Dynamics::Metropolis, Order::Sweep) => {
                return Err(Unsupported::new(
                    "metropolis in sweep order",
                    "the simulation",
                    "Metropolis in a fixed order can be reducible",
                    "metropolis in random order, or heat-bath in sweep order",
                ));
            }
            (Schedule::Parallel, Dynamics::HeatBath, _) => {
                Kind::Parallel(HeatBath::new(SingleSite::new(model, 0.0, temperature)?))
            }
            (Schedule::Parallel, Dynamics::Metropolis, _) => {
                return Err(Unsupported::new(
                    "metropolis with parallel updates",
                    "the simulation",
                    "a parallel Metropolis step does not leave the stationary law of the model invariant",
                    "heat-bath with parallel updates, or metropolis with sequential ones",
                ));
            }
            (other, _, _) => {
                return Err(Unsupported::new(
                    format!("update {other:?}"),
                    "the simulation",
                    "it has no kernel for it",
                    "sequential or parallel",
                ));
            }
        };
        Ok(Self { kind, diagonal, fields: Vec::new() })
    }

    /// The single-site measure that levels are drawn from.
    pub fn site(&self) -> &SingleSite {
        match &self.kind {
            Kind::HeatBath(rule, _) | Kind::Parallel(rule) => rule.site(),
            Kind::Metropolis(rule) => rule.site(),
        }
    }

    /// J_ii.
    pub fn diagonal(&self) -> f64 {
        self.diagonal
    }

    /// Whether all units are updated at once.
    pub fn is_parallel(&self) -> bool {
        matches!(self.kind, Kind::Parallel(_))
    }

    /// One sweep: N single updates, or one parallel step.
    pub fn sweep<N: Network>(&mut self, network: &mut N, source: Source, replica: u32, sweep: u64) -> Step {
        network.refresh();
        let neurons = network.neurons();
        let stream = |purpose| source.stream(purpose, replica, sweep);
        let updates = source.decisions(replica, sweep);
        if self.site().spin
            && let Some(step) = network.own_sweep(self.spin_sweep(source, replica, sweep))
        {
            return step;
        }
        match &self.kind {
            Kind::HeatBath(rule, Order::Sweep) => {
                Step::changed(rule.visit(network, (0..neurons).zip(updates)))
            }
            Kind::HeatBath(rule, Order::Random) => {
                let sites = stream(Purpose::Order).map(|word| index(word, neurons)).take(neurons);
                Step::changed(rule.visit(network, sites.zip(updates)))
            }
            Kind::Metropolis(rule) => {
                let sites = stream(Purpose::Order).map(|word| index(word, neurons)).take(neurons);
                let visits = sites.zip(updates);
                if rule.site().levels.len() == 2 {
                    Step::changed(rule.visit(network, visits.map(|(site, u)| (site, u, 0))))
                } else {
                    let proposals = stream(Purpose::Proposal);
                    Step::changed(rule.visit(network, visits.zip(proposals).map(|((i, u), v)| (i, u, v))))
                }
            }
            Kind::Parallel(rule) => {
                self.fields.resize(neurons, 0.0);
                step(rule, network, self.diagonal, &mut self.fields, updates)
            }
        }
    }

    fn spin_sweep(&self, source: Source, replica: u32, sweep: u64) -> SpinSweep<'_> {
        let picked = || Visits::Picked(source.stream(Purpose::Order, replica, sweep));
        let (rule, visits) = match &self.kind {
            Kind::HeatBath(rule, Order::Sweep) => (SpinRule::HeatBath(rule), Visits::InTurn),
            Kind::HeatBath(rule, Order::Random) => (SpinRule::HeatBath(rule), picked()),
            Kind::Metropolis(rule) => (SpinRule::Metropolis(rule), picked()),
            Kind::Parallel(rule) => (SpinRule::HeatBath(rule), Visits::AtOnce(self.diagonal)),
        };
        SpinSweep { rule, visits, decisions: source.decisions(replica, sweep) }
    }

    /// Whether further sweeps cannot change the network: T = 0 and no unit wants to move.
    pub fn is_frozen<N: Network>(&self, network: &N, last: &Step) -> bool {
        let site = self.site();
        let resting = || is_stable(site, network, if self.is_parallel() { self.diagonal } else { 0.0 });
        site.temperature == 0.0 && last.changes == 0 && (self.is_parallel() && !site.has_coins() || resting())
    }
}

#[cfg(test)]
mod continuous_tests;
#[cfg(test)]
mod flow_tests;
#[cfg(test)]
mod potts_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod ties_tests;
