//! Addresses of random numbers.
//!
//! A uniform is a pure function of (master seed, purpose, disorder sample, replica, sweep, position). The
//! first five make an [`Address`]; it names a stream of the counter-based generator [`GENERATOR`], and the
//! position counts 64-bit words in that stream. No thread, order or number of workers enters.

/// The generator behind every address. Its name is part of the provenance: another one gives other bytes.
pub const GENERATOR: &str = "chacha8";

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
    /// Whether a unit changes, or to which level.
    Update = 5,
    /// Which change is proposed.
    Proposal = 6,
    /// Who is connected to whom: one stream per unit.
    Connections = 7,
    /// Weights of machines with hidden units: one stream per visible unit.
    Weights = 8,
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
    /// The 256-bit key of the generator: seed, sample, purpose and replica, little-endian, then zeros.
    pub fn key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key[0..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&self.sample.to_le_bytes());
        key[16..20].copy_from_slice(&(self.purpose as u32).to_le_bytes());
        key[20..24].copy_from_slice(&self.replica.to_le_bytes());
        key
    }

    /// The 64-bit stream under that key: the sweep.
    pub fn stream(&self) -> u64 {
        self.sweep
    }
}
