//! Sweeps of ±1 units, as networks with a kernel of their own take them.

use super::{HeatBath, Metropolis, Step, sign};
use crate::kernel::look::Law;
use crate::random::{Decisions, Uniforms};

/// The exact rule of a ±1 unit.
#[derive(Debug, Clone, Copy)]
pub enum SpinRule<'a> {
    /// Heat bath.
    HeatBath(&'a HeatBath),
    /// Metropolis.
    Metropolis(&'a Metropolis),
}

impl SpinRule<'_> {
    /// Whether a unit at this level flips in the field of the couplings.
    #[inline]
    pub fn flips(&self, level: u8, field: f64, word: u64) -> bool {
        match self {
            Self::HeatBath(rule) => rule.next(level, field, word) != level,
            Self::Metropolis(rule) => rule.next(level, field, word, 0) != level,
        }
    }

    /// The same by the upper 16 bits of the word, and by the whole one where these do not decide.
    #[inline]
    pub fn decides(&self, level: u8, field: f64, upper: u16, word: impl FnOnce() -> u64) -> bool {
        let (site, acceptance) = match self {
            Self::HeatBath(rule) => (rule.site(), rule.acceptance()),
            Self::Metropolis(rule) => (rule.site(), rule.acceptance()),
        };
        let aligned = sign(level) * (field + site.external);
        let flips = if site.has_coins() { None } else { acceptance.flips_by(aligned, upper) };
        flips.unwrap_or_else(|| self.flips(level, field, word()))
    }

    /// What the first look goes by.
    pub fn law(&self) -> Law {
        match self {
            Self::HeatBath(_) => Law::HeatBath,
            Self::Metropolis(_) => Law::Metropolis,
        }
    }

    /// The temperature.
    pub fn temperature(&self) -> f64 {
        match self {
            Self::HeatBath(rule) => rule.site().temperature(),
            Self::Metropolis(rule) => rule.site().temperature(),
        }
    }

    /// The external field.
    pub fn external(&self) -> f64 {
        match self {
            Self::HeatBath(rule) => rule.site().external(),
            Self::Metropolis(rule) => rule.site().external(),
        }
    }
}

/// Which units are updated, and in the field of which state.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // one at a time, never stored
pub enum Visits {
    /// 0, 1, …, N − 1, one after another.
    InTurn,
    /// N picks, one after another; each is [`index`](crate::random::index) of a word.
    Picked(Uniforms),
    /// All at once; each unit adds this much times its value to its own field.
    AtOnce(f64),
}

/// One sweep: decision k is about the k-th visit.
#[derive(Debug)]
pub struct SpinSweep<'a> {
    /// The rule.
    pub rule: SpinRule<'a>,
    /// The visits.
    pub visits: Visits,
    /// The words.
    pub decisions: Decisions,
}

/// The two-time energy of a parallel step of ±1 units, from integers: `aligned` is Σ s_i(t) h_i(t) over all
/// units, `turned` the same over those that flip, both in units of `scale`.
pub(crate) fn spin_step(
    (aligned, turned, scale): (i64, i64, f64),
    (diagonal, external): (f64, f64),
    (neurons, flips): (usize, usize),
    (before, after): (i64, i64),
) -> Step {
    let kept = (aligned - 2 * turned) as f64 * scale + diagonal * (neurons as f64 - 2.0 * flips as f64);
    let energy = -kept - external * (before + after) as f64;
    Step { changes: flips, two_time_energy: Some(energy) }
}

/// The sign of a level as an integer.
#[inline]
pub(crate) fn integer_sign(level: u8) -> i64 {
    sign(level) as i64
}
