//! Addresses of random numbers.
//!
//! A uniform is a pure function of (master seed, purpose, disorder sample, replica, sweep, position). The
//! first five make an [`Address`]; it names a stream of the counter-based generator [`GENERATOR`], and the
//! position counts 64-bit words in that stream. No thread, order or number of workers enters.

/// The generator behind every address. Its name is part of the provenance: another one gives other bytes.
pub const GENERATOR: &str = "ars7";

/// What a draw is for; streams of different purposes never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Purpose {
    /// Components of memories: one stream per memory, one bit per component of a ±1 law.
    Patterns = 1,
    /// Couplings without memories.
    Couplings = 2,
    /// The state a run starts in.
    Start = 3,
    /// Which unit is updated next.
    Order = 4,
    /// Whether a unit changes, or to which level; of units with levels the upper 16 bits, four decisions to a word.
    Update = 5,
    /// Which change is proposed.
    Proposal = 6,
    /// Who is connected to whom: one stream per unit.
    Connections = 7,
    /// Weights of machines with hidden units: one stream per visible unit.
    Weights = 8,
    /// The lower 48 bits of decisions about units with levels, one word each.
    Refinement = 9,
}

/// The address of a stream of uniforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address {
    /// Master seed.
    pub seed: u64,
    /// What it is for.
    pub purpose: Purpose,
    /// Disorder sample.
    pub sample: u64,
    /// Replica: an independent thermal history on the same disorder.
    pub replica: u32,
    /// Sweep, from 0.
    pub sweep: u64,
}

impl Address {
    /// The key under which streams are named: seed and disorder sample.
    pub fn key(&self) -> [u64; 2] {
        [self.seed, self.sample]
    }

    /// The name of the stream under that key: purpose (lower half) and replica, then the sweep.
    pub fn counter(&self) -> [u64; 2] {
        [self.purpose as u64 | (u64::from(self.replica) << 32), self.sweep]
    }
}
