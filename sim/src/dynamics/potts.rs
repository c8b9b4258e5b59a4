//! Dynamics of Potts units.

use mattis_model::address::Purpose;
use mattis_model::{Model, Schedule, Unsupported};

use super::{Dynamics, Order, Step};
use crate::network::PottsNetwork;
use crate::random::{Source, index, unit_interval};

/// The kernel of Potts units: heat bath, P(k) ∝ exp(a_k/T) with −a_k the energy of the unit in state k. At
/// T = 0 the largest a_k wins; a tie keeps the present state if it is among the winners, else takes the lowest.
#[derive(Debug, Clone)]
pub struct PottsEngine {
    parallel: bool,
    order: Order,
    temperature: f64,
    attractions: Vec<i64>,
    weights: Vec<f64>,
    next: Vec<u8>,
}

impl PottsEngine {
    /// The kernel of a model at a temperature, in units of [`PottsNetwork::energy`].
    ///
    /// # Errors
    /// If the unit is no Potts unit, the dynamics is Metropolis, or there is no such update.
    pub fn new(
        model: &Model,
        dynamics: Dynamics,
        order: Order,
        temperature: f64,
    ) -> Result<Self, Unsupported> {
        let refuse = |what: String, because: &str, nearest: &str| {
            Err(Unsupported::new(what, "the simulation", because, nearest))
        };
        let Some(states) = model.unit.colours() else {
            return refuse(
                format!("unit `{}`", model.unit),
                "it has no colours",
                "the kernel of units with levels",
            );
        };
        if dynamics == Dynamics::Metropolis {
            let what = format!("metropolis with unit `{}`", model.unit);
            return refuse(what, "it draws from all states at once", "heat-bath");
        }
        let parallel = match *model.update.value() {
            Schedule::Sequential => false,
            Schedule::Parallel => true,
            _ => {
                let what = format!("update `{}` with unit `{}`", model.update, model.unit);
                return refuse(what, "it has no kernel for it", "sequential or parallel");
            }
        };
        let (attractions, weights) = (vec![0; states], vec![0.0; states]);
        Ok(Self { parallel, order, temperature, attractions, weights, next: Vec::new() })
    }

    /// Whether all units are updated at once.
    pub fn is_parallel(&self) -> bool {
        self.parallel
    }

    /// The state with the largest A_k.
    fn winner(current: u8, attractions: &[i64]) -> u8 {
        let mut best = usize::from(current);
        for (state, value) in attractions.iter().enumerate() {
            if *value > attractions[best] {
                best = state;
            }
        }
        best as u8
    }

    /// e^{(a_k − a_max)/T} of every state, and their sum; `scale` is that of the network.
    fn weigh(&mut self, scale: f64) -> f64 {
        let most = self.attractions.iter().copied().max().unwrap_or(0);
        let rate = scale * self.attractions.len() as f64 / self.temperature;
        let mut total = 0.0;
        for (weight, value) in self.weights.iter_mut().zip(&self.attractions) {
            // The rate may overflow at the lowest temperatures.
            *weight = if *value == most { 1.0 } else { libm::exp((value - most) as f64 * rate) };
            total += *weight;
        }
        total
    }

    /// The next state of a unit.
    pub fn next(&mut self, network: &PottsNetwork, site: usize, word: u64) -> u8 {
        network.attractions(site, &mut self.attractions);
        if self.temperature == 0.0 {
            return Self::winner(network.states()[site], &self.attractions);
        }
        let mut left = unit_interval(word) * self.weigh(network.scale());
        let last = self.weights.len() - 1;
        for (state, weight) in self.weights[..last].iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return state as u8;
            }
        }
        last as u8
    }

    /// The probabilities by which the words decide the next state of a unit.
    pub fn probabilities(&mut self, network: &PottsNetwork, site: usize) -> Vec<f64> {
        network.attractions(site, &mut self.attractions);
        if self.temperature == 0.0 {
            let winner = Self::winner(network.states()[site], &self.attractions);
            return (0..self.weights.len()).map(|k| f64::from(u8::from(k == usize::from(winner)))).collect();
        }
        let total = self.weigh(network.scale());
        self.weights.iter().map(|weight| weight / total).collect()
    }

    /// One sweep: N single updates, or one parallel step. Words are addressed as for units with levels.
    pub fn sweep(&mut self, network: &mut PottsNetwork, source: Source, replica: u32, sweep: u64) -> Step {
        let neurons = network.states().len();
        let updates = source.stream(Purpose::Update, replica, sweep);
        if self.parallel {
            return self.step(network, updates);
        }
        let (mut changes, order) = (0, self.order);
        let mut update = |site: usize, word: u64| {
            let next = self.next(network, site, word);
            if next != network.states()[site] {
                network.set(site, next);
                changes += 1;
            }
        };
        match order {
            Order::Sweep => (0..neurons).zip(updates).for_each(|(site, word)| update(site, word)),
            Order::Random => {
                let sites = source.stream(Purpose::Order, replica, sweep).map(|word| index(word, neurons));
                sites.take(neurons).zip(updates).for_each(|(site, word)| update(site, word));
            }
        }
        Step::changed(changes)
    }

    /// All units at once. The two-time energy is −Σ_ij Σ_kl J_ij^kl u_k(s_i(t+1)) u_l(s_j(t)).
    fn step(&mut self, network: &mut PottsNetwork, words: impl Iterator<Item = u64>) -> Step {
        let neurons = network.states().len();
        let states = self.weights.len() as i128;
        let mut next = std::mem::take(&mut self.next);
        next.clear();
        let mut twice = 0_i128;
        for (site, word) in (0..neurons).zip(words) {
            let state = self.next(network, site, word);
            let total: i64 = self.attractions.iter().sum();
            twice += states * i128::from(self.attractions[usize::from(state)]) - i128::from(total);
            next.push(state);
        }
        let changes = next.iter().zip(network.states()).filter(|(a, b)| a != b).count();
        for (site, state) in next.iter().enumerate() {
            network.set(site, *state);
        }
        self.next = next;
        Step { changes, two_time_energy: Some(-network.scale() * twice as f64) }
    }

    /// Whether further sweeps cannot change the network: T = 0 and no unit wants to move.
    pub fn is_frozen(&mut self, network: &PottsNetwork, last: &Step) -> bool {
        self.temperature == 0.0
            && last.changes == 0
            && (self.parallel
                || (0..network.states().len())
                    .all(|site| self.next(network, site, 0) == network.states()[site]))
    }
}
