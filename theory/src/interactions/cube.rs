//! The weight of every state of the visible units.

use mattis_model::Machine;

use super::Couplings;
use crate::TheoryError;
use crate::exact::ExactError;

/// Most visible units whose couplings are found all at once.
pub const MAX_SITES: usize = 24;

/// Sites whose states make up one block.
const BLOCK_SITES: usize = 10;

/// ln P + ln Z on the cube {low, 1}^N, in blocks that can be filled in any order, by any number of threads,
/// with the same numbers. It takes 8·2^N bytes, 128 MiB at N = 24, and M·2^N evaluations of K.
#[derive(Debug, Clone)]
pub struct Cube<'a> {
    machine: &'a Machine,
    /// Sums of W_i v_i and b_i v_i over the states of the sites of a block: rows of M + 1 numbers.
    inner: Vec<f64>,
}

/// All couplings of a machine with N ≤ [`MAX_SITES`].
///
/// # Errors
/// If N is larger.
pub fn couplings(machine: &Machine) -> Result<Couplings, TheoryError> {
    let cube = Cube::new(machine)?;
    Ok(cube.finish((0..cube.blocks()).map(|block| cube.block(block))))
}

impl<'a> Cube<'a> {
    /// The cube of a machine.
    ///
    /// # Errors
    /// If N is above [`MAX_SITES`].
    pub fn new(machine: &'a Machine) -> Result<Self, TheoryError> {
        if machine.visible() > MAX_SITES {
            return Err(ExactError::TooLarge {
                levels: 2,
                units: machine.visible(),
                limit: 1 << MAX_SITES,
                purpose: " to find all couplings; one of them is known at any N",
            }
            .into());
        }
        let inner = sums(machine, 0..machine.visible().min(BLOCK_SITES));
        Ok(Self { machine, inner })
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        1 << self.machine.visible().saturating_sub(BLOCK_SITES)
    }

    /// ln P + ln Z of one block of states.
    pub fn block(&self, block: usize) -> Vec<f64> {
        let width = self.machine.columns() + 1;
        let low = self.machine.encoding.low();
        let mut outer: Vec<f64> = self.machine.hidden_bias.iter().copied().chain([0.0]).collect();
        for site in BLOCK_SITES..self.machine.visible() {
            let value = if block >> (site - BLOCK_SITES) & 1 == 1 { 1.0 } else { low };
            add(self.machine, site, value, &mut outer);
        }
        let mut fields = vec![0.0; width];
        let weight = |inner: &[f64]| {
            for ((field, a), b) in fields.iter_mut().zip(&outer).zip(inner) {
                *field = a + b;
            }
            let (bias, fields) = (fields[width - 1], &fields[..width - 1]);
            bias + self.machine.free(fields)
        };
        self.inner.chunks_exact(width).map(weight).collect()
    }

    /// The couplings, from all blocks in their order.
    pub fn finish(&self, blocks: impl IntoIterator<Item = Vec<f64>>) -> Couplings {
        let mut values = Vec::with_capacity(1 << self.machine.visible());
        for block in blocks {
            values.extend(block);
        }
        values.resize(1 << self.machine.visible(), f64::NAN);
        // A field is a sum of at most N/2 + 2 rounded numbers and K a sum over M of them.
        let most = values.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let columns = self.machine.columns() as f64;
        let error = f64::EPSILON * (1.0 + most) * (1.0 + columns.sqrt());
        Couplings::of(self.machine.encoding, values, error)
    }
}

/// Adds W_i v and b_i v to a row of sums.
fn add(machine: &Machine, site: usize, value: f64, sums: &mut [f64]) {
    let row = machine.weights[site].iter().chain([&machine.visible_bias[site]]);
    for (sum, weight) in sums.iter_mut().zip(row) {
        *sum += weight * value;
    }
}

/// Rows of Σ W_i v_i and Σ b_i v_i over all states of some sites: each state adds one site to one before it.
fn sums(machine: &Machine, sites: std::ops::Range<usize>) -> Vec<f64> {
    let width = machine.columns() + 1;
    let low = machine.encoding.low();
    let mut rows = vec![0.0; width];
    for site in sites {
        let mut upper = rows.clone();
        for row in rows.chunks_exact_mut(width) {
            add(machine, site, low, row);
        }
        for row in upper.chunks_exact_mut(width) {
            add(machine, site, 1.0, row);
        }
        rows.extend(upper);
    }
    rows
}
