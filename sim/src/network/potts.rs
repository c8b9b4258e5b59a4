//! Potts units with Hebb couplings and no matrix: fields from integer overlaps.

use std::sync::Arc;

use mattis_model::SpecError;
use mattis_model::address::Purpose;

use crate::SimError;
use crate::error::check_memory;
use crate::random::{Source, index};

/// Memories whose components are states 0, …, Q − 1, one byte each; those of one unit stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PottsMemories {
    neurons: usize,
    count: usize,
    states: usize,
    rows: Vec<u8>,
}

impl PottsMemories {
    /// Draws memories of Q states: component i of memory μ is made from word i of the stream of μ, so more
    /// memories keep the old ones.
    ///
    /// # Errors
    /// If they do not fit in memory, or the states not in a byte.
    pub fn draw(neurons: usize, count: usize, states: usize, source: Source) -> Result<Self, SimError> {
        let mut out = Self::blank(neurons, count, states)?;
        for memory in 0..count {
            let words = source.stream(Purpose::Patterns, 0, memory as u64);
            for (row, word) in out.rows.chunks_exact_mut(count).zip(words) {
                row[memory] = index(word, states) as u8;
            }
        }
        Ok(out)
    }

    /// Memories given by a function (memory, unit) → state.
    ///
    /// # Errors
    /// If they do not fit in memory, or a state is not below Q.
    pub fn given(
        neurons: usize,
        count: usize,
        states: usize,
        component: impl Fn(usize, usize) -> usize,
    ) -> Result<Self, SimError> {
        let mut out = Self::blank(neurons, count, states)?;
        for site in 0..neurons {
            for memory in 0..count {
                let state = component(memory, site);
                if state >= states {
                    let expected = format!("less than Q = {states}");
                    return Err(SpecError::out_of_range("state of a memory", state, expected).into());
                }
                out.rows[site * count + memory] = state as u8;
            }
        }
        Ok(out)
    }

    fn blank(neurons: usize, count: usize, states: usize) -> Result<Self, SimError> {
        if !(2..=256).contains(&states) {
            return Err(SpecError::out_of_range("states Q", states, "a whole number from 2 to 256").into());
        }
        Self::check(neurons, count)?;
        Ok(Self { neurons, count, states, rows: vec![0; neurons * count] })
    }

    pub(crate) fn check(neurons: usize, count: usize) -> Result<(), SimError> {
        let bytes = neurons as u128 * count as u128;
        check_memory(format!("{count} Potts memories of {neurons} units"), bytes)
    }

    /// Number of units N.
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// Number of memories p.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Number of states Q.
    pub fn states(&self) -> usize {
        self.states
    }

    /// ξ_i^μ.
    pub fn component(&self, memory: usize, site: usize) -> u8 {
        self.rows[site * self.count + memory]
    }

    fn row(&self, site: usize) -> &[u8] {
        &self.rows[site * self.count..(site + 1) * self.count]
    }
}

/// Potts units with J_ij^kl = (1/Q²N) Σ_μ u_k(ξ_i^μ) u_l(ξ_j^μ), u_k(s) = Qδ_ks − 1, J_ii = 0.
///
/// With v_i^μ = Qδ(s_i, ξ_i^μ) − 1 and M_μ = Σ_i v_i^μ, since Σ_k u_k(s) u_k(ξ) = Q v:
///
/// H = −½ Σ_{i≠j} Σ_kl J_ij^kl u_k(s_i) u_l(s_j) = −(1/2N) Σ_μ \[M_μ² − Σ_i (v_i^μ)²\],
///
/// so that unit i in state k has the energy −a_k = −(1/N)(Q A_k − Σ_l A_l), A_k = Σ_{μ: ξ_i^μ = k} (M_μ − v_i^μ).
/// All sums are integers. For Q = 2, where v = ±1, this is the network of ±1 units.
#[derive(Debug, Clone)]
pub struct PottsNetwork {
    memories: Arc<PottsMemories>,
    states: Vec<u8>,
    sums: Vec<i64>,
}

impl PottsNetwork {
    /// A network with every unit in state 0.
    pub fn new(memories: Arc<PottsMemories>) -> Self {
        let (states, sums) = (vec![0; memories.neurons], vec![0; memories.count]);
        let mut network = Self { memories, states, sums };
        network.sum();
        network
    }

    fn sum(&mut self) {
        self.sums.fill(-(self.memories.neurons as i64));
        let rise = self.memories.states as i64;
        for (site, state) in self.states.iter().enumerate() {
            for (sum, component) in self.sums.iter_mut().zip(self.memories.row(site)) {
                *sum += if component == state { rise } else { 0 };
            }
        }
    }

    /// The memories.
    pub fn memories(&self) -> &Arc<PottsMemories> {
        &self.memories
    }

    /// The state of every unit.
    pub fn states(&self) -> &[u8] {
        &self.states
    }

    /// M_μ = Σ_i \[Qδ(s_i, ξ_i^μ) − 1\].
    pub fn overlap(&self, memory: usize) -> i64 {
        self.sums[memory]
    }

    /// A_k of a unit for every state k; `out` has Q places.
    pub fn attractions(&self, site: usize, out: &mut [i64]) {
        out.fill(0);
        let own = self.states[site];
        let mut same = 0;
        for (component, sum) in self.memories.row(site).iter().zip(&self.sums) {
            out[usize::from(*component)] += sum + 1;
            same += i64::from(*component == own);
        }
        out[usize::from(own)] -= same * self.memories.states as i64;
    }

    /// The factor 1/N of energies.
    pub fn scale(&self) -> f64 {
        1.0 / self.memories.neurons as f64
    }

    /// Puts one unit in a state.
    pub fn set(&mut self, site: usize, state: u8) {
        let old = std::mem::replace(&mut self.states[site], state);
        if old == state {
            return;
        }
        let rise = self.memories.states as i64;
        for (sum, component) in self.sums.iter_mut().zip(self.memories.row(site)) {
            *sum += rise * (i64::from(*component == state) - i64::from(*component == old));
        }
    }

    /// Puts all units in their states, each below Q.
    pub fn load(&mut self, states: &[u8]) {
        self.states.copy_from_slice(states);
        self.sum();
    }

    /// H.
    pub fn energy(&self) -> f64 {
        let (size, states) = (self.memories.neurons as i128, self.memories.states as i128);
        // (M + N)/Q units agree, with v² = (Q − 1)², and the others have v² = 1.
        let of = |sum: &i64| {
            let sum = i128::from(*sum);
            sum * sum - (states - 2) * (sum + size) - size
        };
        -0.5 * self.scale() * self.sums.iter().map(of).sum::<i128>() as f64
    }

    /// m_μ = M_μ/N(Q − 1), 1 at the memory and 0 on average at random.
    pub fn overlaps(&self, out: &mut [f64]) {
        let most = self.memories.neurons as f64 * (self.memories.states as f64 - 1.0);
        for (overlap, sum) in out.iter_mut().zip(&self.sums) {
            *overlap = *sum as f64 / most;
        }
    }

    /// (1/N) Σ_i \[Qδ(s_i, s_i′) − 1\]/(Q − 1) with another state.
    pub fn overlap_with(&self, other: &[u8]) -> f64 {
        let same = self.states.iter().zip(other).filter(|(a, b)| a == b).count() as f64;
        let states = self.memories.states as f64;
        (states * same / self.states.len() as f64 - 1.0) / (states - 1.0)
    }
}
