//! Couplings as a matrix, local fields cached.

use std::sync::Arc;

use mattis_model::address::Purpose;
use mattis_model::{SpecError, Synapse, Unit};

use super::{Memories, Network, Quantised, levels_of};
use crate::SimError;
use crate::error::check_memory;
use crate::random::{Source, normal};

/// A coupling matrix J_ij without its diagonal, in units of `scale`, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Couplings {
    neurons: usize,
    scale: f64,
    /// Whether entries are integers N J_ij.
    integer: bool,
    rows: Vec<f64>,
    /// The transposed matrix where it differs: a change of s_j moves the fields by column j.
    columns: Option<Vec<f64>>,
}

impl Couplings {
    fn symmetric(
        neurons: usize,
        scale: f64,
        mut entry: impl FnMut(usize, usize) -> f64,
    ) -> Result<Self, SimError> {
        Self::check(neurons)?;
        let mut rows = vec![0.0; neurons * neurons];
        for i in 1..neurons {
            for j in 0..i {
                let value = entry(i, j);
                rows[i * neurons + j] = value;
                rows[j * neurons + i] = value;
            }
        }
        Ok(Self { neurons, scale, integer: false, rows, columns: None })
    }

    pub(crate) fn check(neurons: usize) -> Result<(), SimError> {
        check_memory(
            format!("a dense {neurons} × {neurons} coupling matrix"),
            8 * neurons as u128 * neurons as u128,
        )
    }

    /// J_ij = (√p/N) g(x_ij)/a₁ with x_ij = p^{−1/2} Σ_μ ξ_i^μ ξ_j^μ. With the identity synapse the entries
    /// are the integers N J_ij, so that fields carry no rounding.
    ///
    /// # Errors
    /// If the matrix does not fit in memory.
    pub fn hebb(memories: &Memories, synapse: &Synapse) -> Result<Self, SimError> {
        let neurons = memories.neurons();
        Self::check(neurons)?;
        let size = neurons as f64;
        if synapse.is_identity() {
            let entries = Self::symmetric(neurons, 1.0 / size, |i, j| memories.correlation(i, j) as f64)?;
            return Ok(Self { integer: true, ..entries });
        }
        let root = (memories.count() as f64).sqrt();
        let scale = root / (size * synapse.signal());
        let count = memories.count();
        let table: Vec<f64> =
            (0..=count).map(|apart| synapse.apply((count as f64 - 2.0 * apart as f64) / root)).collect();
        Self::symmetric(neurons, scale, |i, j| table[memories.distance(i, j)])
    }

    /// J_ij = J_ji independent normal of mean 0 and variance strength²/N. The pair i > j has the words
    /// 2j and 2j + 1 of the stream of i.
    ///
    /// # Errors
    /// If the matrix does not fit in memory.
    pub fn gaussian(neurons: usize, strength: f64, source: Source) -> Result<Self, SimError> {
        let mut row = 0;
        let mut stream = source.stream(Purpose::Couplings, 0, 0);
        Self::symmetric(neurons, strength / (neurons as f64).sqrt(), |i, _| {
            if i != row {
                row = i;
                stream = source.stream(Purpose::Couplings, 0, i as u64);
            }
            let mut word = || stream.next().unwrap_or_default();
            normal(word(), word())
        })
    }

    /// A matrix given row by row; its diagonal is left out, and it may be asymmetric.
    ///
    /// # Errors
    /// If it is not N × N, or an entry is not finite.
    pub fn given(neurons: usize, matrix: &[f64]) -> Result<Self, SimError> {
        Self::check(neurons)?;
        if matrix.len() != neurons * neurons {
            let expected = format!("{} for {neurons} units", neurons * neurons);
            return Err(SpecError::out_of_range("number of couplings", matrix.len(), expected).into());
        }
        if let Some(bad) = matrix.iter().find(|value| !value.is_finite()) {
            return Err(SpecError::out_of_range("coupling", bad, "a finite number").into());
        }
        let at = |i: usize, j: usize| if i == j { 0.0 } else { matrix[i * neurons + j] };
        let listed = |transposed: bool| -> Vec<f64> {
            (0..neurons * neurons)
                .map(|k| (k / neurons, k % neurons))
                .map(|(i, j)| if transposed { at(j, i) } else { at(i, j) })
                .collect()
        };
        let (rows, columns) = (listed(false), listed(true));
        let columns = (rows != columns).then_some(columns);
        Ok(Self { neurons, scale: 1.0, integer: false, rows, columns })
    }

    pub(super) fn neurons(&self) -> usize {
        self.neurons
    }

    /// The unit of the entries.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// J_ij; 0 on the diagonal.
    pub fn coupling(&self, i: usize, j: usize) -> f64 {
        self.rows[i * self.neurons + j] * self.scale
    }

    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.rows[i * self.neurons..(i + 1) * self.neurons]
    }

    pub(super) fn column(&self, j: usize) -> &[f64] {
        let entries = self.columns.as_ref().unwrap_or(&self.rows);
        &entries[j * self.neurons..(j + 1) * self.neurons]
    }
}

/// A network with a coupling matrix. Fields are cached, moved by a column when a unit changes, and summed
/// anew once per sweep.
#[derive(Debug, Clone)]
pub struct DenseNetwork {
    couplings: Arc<Couplings>,
    memories: Option<Arc<Memories>>,
    levels: Vec<f64>,
    /// Levels in units of their quantum, where they have one: fields of integer couplings are then exact.
    reduced: Vec<f64>,
    scale: f64,
    /// Fields are integers and cannot drift.
    exact: bool,
    states: Vec<u8>,
    values: Vec<f64>,
    fields: Vec<f64>,
}

impl DenseNetwork {
    /// A network with every unit on its lowest level; memories serve overlaps only.
    ///
    /// # Errors
    /// If the unit has too many levels, or memories and couplings differ in size.
    pub fn new(
        couplings: Arc<Couplings>,
        memories: Option<Arc<Memories>>,
        unit: &Unit,
    ) -> Result<Self, SimError> {
        let levels = levels_of(unit)?;
        let neurons = couplings.neurons;
        if let Some(memories) = &memories
            && memories.neurons() != neurons
        {
            let given = memories.neurons();
            return Err(SpecError::out_of_range("units of the memories", given, neurons.to_string()).into());
        }
        let quantised = Quantised::new(&levels);
        let exact = couplings.integer && quantised.is_some();
        let (quantum, reduced): (f64, Vec<f64>) = match quantised {
            Some(found) => (found.quantum, found.multiples.iter().map(|l| f64::from(*l)).collect()),
            None => (1.0, levels.clone()),
        };
        // The same rounding as quantum/N in the network of patterns.
        let scale = if couplings.integer { quantum / neurons as f64 } else { couplings.scale * quantum };
        let values = vec![reduced[0]; neurons];
        let (states, fields) = (vec![0; neurons], vec![0.0; neurons]);
        let mut network = Self { couplings, memories, levels, reduced, scale, exact, states, values, fields };
        network.sum_fields();
        Ok(network)
    }

    /// The field in units of the scale of couplings and levels; an integer for Hebb couplings.
    pub fn raw_field(&self, site: usize) -> f64 {
        self.fields[site]
    }

    fn sum_fields(&mut self) {
        for (i, field) in self.fields.iter_mut().enumerate() {
            *field = dot(self.couplings.row(i), &self.values);
        }
    }
}

/// Σ a_k b_k in a fixed order of eight partial sums.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (x, y) in a.iter().zip(b) {
        for k in 0..8 {
            sums[k] += x[k] * y[k];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}

impl Network for DenseNetwork {
    fn levels(&self) -> &[f64] {
        &self.levels
    }

    fn states(&self) -> &[u8] {
        &self.states
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        self.fields[site] * self.scale
    }

    fn fields(&mut self, out: &mut [f64]) {
        for (field, cached) in out.iter_mut().zip(&self.fields) {
            *field = cached * self.scale;
        }
    }

    fn set(&mut self, site: usize, level: u8) {
        let old = std::mem::replace(&mut self.states[site], level);
        if old == level {
            return;
        }
        let value = self.reduced[usize::from(level)];
        let change = value - std::mem::replace(&mut self.values[site], value);
        for (field, coupling) in self.fields.iter_mut().zip(self.couplings.column(site)) {
            *field += change * coupling;
        }
    }

    fn coupling_energy(&self) -> f64 {
        let sum: f64 =
            self.states.iter().enumerate().map(|(i, s)| self.levels[usize::from(*s)] * self.field(i)).sum();
        -0.5 * sum
    }

    fn memories(&self) -> usize {
        self.memories.as_ref().map_or(0, |memories| memories.count())
    }

    fn overlaps(&self, out: &mut [f64]) {
        out.fill(0.0);
        let Some(memories) = &self.memories else { return };
        for (site, state) in self.states.iter().enumerate() {
            let value = self.levels[usize::from(*state)];
            for (block, word) in out.chunks_mut(64).zip(memories.row(site)) {
                for (bit, sum) in block.iter_mut().enumerate() {
                    *sum += if (word >> bit) & 1 == 1 { value } else { -value };
                }
            }
        }
        let size = self.states.len() as f64;
        for sum in out {
            *sum /= size;
        }
    }

    fn refresh(&mut self) {
        if !self.exact {
            self.sum_fields();
        }
    }
}
