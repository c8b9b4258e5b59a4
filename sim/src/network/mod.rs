//! Networks: a state, its couplings, and the local fields between them.

mod continuous;
mod dense;
mod graph;
mod inhibited;
mod interaction;
mod overlap;
mod patterns;
mod potts;
mod real;
mod shifted;
mod sparse;
mod spins;
mod tables;

use mattis_model::{Unit, Unsupported};

use crate::dynamics::{SpinSweep, Step};

pub use continuous::ContinuousNetwork;
pub use dense::{Couplings, DenseNetwork};
pub use graph::Graph;
pub use inhibited::Inhibited;
pub use interaction::{Interaction, Matrix, Overlaps};
pub use overlap::RealNetwork;
pub use patterns::{Memories, PatternNetwork};
pub use potts::{PottsMemories, PottsNetwork};
pub use real::RealMemories;
pub use shifted::Shifted;
pub use sparse::{Links, Sparse};
pub use spins::{Cache, Coupled, Hebb, SignLinks, SignNetwork, Spins};

/// What the dynamics need of a network. Units hold indices into [`Network::levels`]; the diagonal J_ii and
/// the uniform external field are not part of it, so the same network serves every diagonal.
pub trait Network {
    /// The values s that a unit can take, in increasing order.
    fn levels(&self) -> &[f64];

    /// The level of every unit, as an index.
    fn states(&self) -> &[u8];

    /// Σ_{j≠i} J_ij s_j, and the unit's own field where there is one.
    fn field(&self, site: usize) -> f64;

    /// The fields of all units at once.
    fn fields(&mut self, out: &mut [f64]);

    /// Puts one unit on a level.
    fn set(&mut self, site: usize, level: u8);

    /// −½ Σ_{i≠j} J_ij s_i s_j; an energy where the couplings are symmetric.
    fn coupling_energy(&self) -> f64;

    /// Whether the couplings are symmetric by construction.
    fn is_symmetric(&self) -> bool {
        true
    }

    /// −Σ_i b_i s_i of fields b_i that differ from unit to unit.
    fn shift_energy(&self) -> f64 {
        0.0
    }

    /// Number of memories, 0 where nothing is stored.
    fn memories(&self) -> usize;

    /// Overlaps m_μ = (1/N) Σ_i ξ_i^μ s_i, one per memory.
    fn overlaps(&self, out: &mut [f64]);

    /// Stops the drift of what is updated in floating point; called once per sweep.
    fn refresh(&mut self) {}

    /// One sweep of ±1 units by a kernel of the network's own; `None` if it has none, and the general path
    /// serves. Both give the same states.
    fn own_sweep(&mut self, _sweep: SpinSweep<'_>) -> Option<Step> {
        None
    }

    /// Number of units N.
    fn neurons(&self) -> usize {
        self.states().len()
    }

    /// Puts every unit on the level of a list, units beyond the list stay.
    fn load(&mut self, levels: &[u8]) {
        for (site, &level) in levels.iter().enumerate() {
            self.set(site, level);
        }
        self.refresh();
    }
}

/// Largest number of levels of a unit.
pub const MAX_LEVELS: usize = 64;

/// The levels of a unit with a finite alphabet of at most [`MAX_LEVELS`] values.
///
/// # Errors
/// If there are more, or none.
pub fn levels_of(unit: &Unit) -> Result<Vec<f64>, Unsupported> {
    let levels = unit.levels();
    if levels.is_empty() || levels.len() > MAX_LEVELS {
        return Err(Unsupported::new(
            format!("unit `{unit}` with {} levels", levels.len()),
            "the simulation",
            "states are stored as a small index",
            format!("units with 1 to {MAX_LEVELS} levels"),
        ));
    }
    Ok(levels)
}

/// Levels as integer multiples ℓ of a common quantum.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantised {
    /// The quantum.
    pub quantum: f64,
    /// The multiples, in the order of the levels.
    pub multiples: Vec<i32>,
}

impl Quantised {
    /// The largest quantum that divides every level, at most [`Quantised::FINEST`] times smaller than the
    /// smallest level; `None` if there is none.
    pub fn new(levels: &[f64]) -> Option<Self> {
        let smallest = levels.iter().map(|s| s.abs()).filter(|s| *s > 0.0).fold(f64::INFINITY, f64::min);
        if !smallest.is_finite() {
            return levels
                .iter()
                .all(|s| *s == 0.0)
                .then(|| Self { quantum: 1.0, multiples: vec![0; levels.len()] });
        }
        (1..=Self::FINEST).find_map(|parts| {
            let quantum = smallest / f64::from(parts);
            let multiples: Option<Vec<i32>> = levels
                .iter()
                .map(|s| {
                    let multiple = (s / quantum).round();
                    let fits = multiple.abs() <= f64::from(Self::LARGEST)
                        && (multiple * quantum - s).abs() <= 4.0 * f64::EPSILON * s.abs();
                    fits.then_some(multiple as i32)
                })
                .collect();
            multiples.map(|multiples| Self { quantum, multiples })
        })
    }

    /// How many times smaller than the smallest level the quantum may be.
    pub const FINEST: i32 = 64;

    /// Largest multiple.
    pub const LARGEST: i32 = 256;

    /// The largest |ℓ|.
    pub fn largest(&self) -> i32 {
        self.multiples.iter().map(|l| l.abs()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod real_tests;
#[cfg(test)]
mod sparse_tests;
#[cfg(test)]
mod tests;
