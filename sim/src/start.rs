//! Where a run starts.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use mattis_model::address::Purpose;
use mattis_model::{PatternLaw, Patterns, SpecError};

use crate::network::{Memories, PottsMemories, RealMemories};
use crate::random::{Source, index, unit_interval};

/// The state at time 0. A unit *agrees* with a component ξ > 0 on the level nearest to the largest |level|,
/// with another on the level nearest to its opposite; of two equally near ones the lower. The levels of a
/// continuous unit are the ends of its interval; one without bounds takes the values 1 and −1, as far as it can, and at
/// random a uniform one in [0, 1), times an amplitude that keeps the mean activity in the fields of all units.
///
/// Memories of the laws `sparse`, `ternary`, `quaternary`, `exponential` and `histogram` have values instead:
/// a unit agrees with ξ on the level nearest to it, of two equally near ones the lower; a continuous unit
/// takes the value that the field ξ drives it to, one without bounds ξ itself, times the amplitude. Instead of the opposite it agrees with the same memory at a
/// random unit, so that the activity stays, and a mixture is the sum of the memories.
///
/// Potts units agree with a memory in its state, and otherwise are in any of the others; they have no mixtures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Memory 0.
    Pattern,
    /// The memory whose mean activity is nearest to that of the law; it is made memory 0. Memories of few active
    /// units, which others suppress, and the fluctuations of their number, of relative size 1/√(fN), stay out of the
    /// averages; their limit for large N is the same.
    Typical,
    /// The sign of the sum of the first n memories; a sum of 0 is decided by a coin.
    Mixture {
        /// Number of memories, at least 2; odd where the load is extensive.
        n: usize,
    },
    /// Every level with the same probability, independently.
    Random,
    /// Each unit agrees with memory 0 with probability (1 + m)/2, else with its opposite; of Q states, with
    /// probability \[1 + (Q − 1)m\]/Q.
    Overlap {
        /// The mean overlap, in [−1, 1].
        m: f64,
    },
    /// Each unit agrees with memory 0 with probability `share`, else with memory 1: an ambiguous input, of
    /// overlaps share and 1 − share.
    Cue {
        /// The probability, in [0, 1].
        share: f64,
    },
}

/// The memories that a network stores, as far as starts need them.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    Nothing,
    Signs(Arc<Memories>),
    /// Real components that start a unit by their sign.
    Real(Arc<RealMemories>),
    /// Real components that start a unit by their value as drawn.
    Values(Arc<RealMemories>),
    /// States of Potts units.
    Colours(Arc<PottsMemories>),
}

/// Whether a memory of this law starts units by its values rather than its signs.
pub(crate) fn has_values(law: &PatternLaw) -> bool {
    matches!(
        law,
        PatternLaw::Sparse { .. }
            | PatternLaw::Ternary { .. }
            | PatternLaw::Quaternary { .. }
            | PatternLaw::Exponential { .. }
            | PatternLaw::Histogram { .. }
    )
}

impl Stored {
    /// Number of memories.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Signs(memories) => memories.count(),
            Self::Real(memories) | Self::Values(memories) => memories.count(),
            Self::Colours(memories) => memories.count(),
        }
    }

    fn component(&self, memory: usize, site: usize) -> f64 {
        match self {
            Self::Nothing => 0.0,
            Self::Signs(memories) => memories.component(memory, site),
            Self::Real(memories) | Self::Values(memories) => memories.component(memory, site),
            Self::Colours(memories) => f64::from(memories.component(memory, site)),
        }
    }
}

/// Where one unit is put.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Aim {
    Up,
    Down,
    /// The level nearest to a value; on an interval, what the value drives as a field.
    Near(f64),
    /// Anywhere, by this word.
    Anywhere(u64),
}

impl Aim {
    fn towards(positive: bool) -> Self {
        if positive { Self::Up } else { Self::Down }
    }

    /// The index of the level aimed at.
    pub(crate) fn level(self, levels: &[f64]) -> u8 {
        let largest = levels.iter().fold(0.0, |sum: f64, s| sum.max(s.abs()));
        let nearest = |target: f64| {
            let distance = |level: &usize| (levels[*level] - target).abs();
            (0..levels.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0) as u8
        };
        match self {
            // A little below: the lower of two equally near levels, whatever rounding made of the value.
            Self::Near(value) => nearest(value - 1e-12 * value.abs().max(1.0)),
            Self::Up => nearest(largest),
            Self::Down => nearest(-largest),
            Self::Anywhere(word) => index(word, levels.len()) as u8,
        }
    }

    /// The value aimed at on an interval, up to a common factor where it has no bounds; `driven` is the value at a
    /// field.
    pub(crate) fn value(self, (low, high): (f64, f64), driven: impl Fn(f64) -> f64) -> f64 {
        let bounded = low.is_finite() && high.is_finite();
        match self {
            Self::Near(value) if !bounded => value.clamp(low, high),
            Self::Near(field) => driven(field),
            Self::Anywhere(word) if !bounded => unit_interval(word).clamp(low, high),
            Self::Up if !bounded => 1.0_f64.clamp(low, high),
            Self::Down if !bounded => (-1.0_f64).clamp(low, high),
            Self::Anywhere(word) => low + unit_interval(word) * (high - low),
            Self::Up | Self::Down if self.level(&[low, high]) == 0 => low,
            Self::Up | Self::Down => high,
        }
    }
}

impl Start {
    /// The memories that are condensed at the start, and whose mean overlap is `m`; of a cue the first.
    pub fn condensed(&self) -> usize {
        if let Self::Mixture { n } = self { *n } else { 1 }
    }

    /// Checks the parameters against the number of memories, 0 where nothing is stored.
    ///
    /// # Errors
    /// If a parameter is out of range or there are too few memories.
    pub fn validate(&self, memories: usize) -> Result<(), SpecError> {
        match *self {
            Self::Random => return Ok(()),
            Self::Mixture { n } if n < 2 => {
                return Err(SpecError::out_of_range("n of start mixture", n, "a whole number ≥ 2"));
            }
            Self::Overlap { m } if !(-1.0..=1.0).contains(&m) => {
                return Err(SpecError::out_of_range("m of start overlap", m, "a number from -1 to 1"));
            }
            Self::Cue { share } if !(0.0..=1.0).contains(&share) => {
                return Err(SpecError::out_of_range("share of start cue", share, "a number from 0 to 1"));
            }
            _ => {}
        }
        if memories == 0 {
            return Err(SpecError::out_of_range("start", self, "random: this model stores no memories"));
        }
        if memories < self.condensed() {
            return Err(SpecError::out_of_range(
                "start",
                self,
                format!("n at most the number of memories, {memories}"),
            ));
        }
        if matches!(self, Self::Cue { .. }) && memories < 2 {
            return Err(SpecError::out_of_range("start", self, "at least 2 memories for a cue"));
        }
        Ok(())
    }

    /// Checks the parameters against the law of the memories.
    pub(crate) fn suits(&self, patterns: &Patterns) -> Result<(), SpecError> {
        let range = |least: f64| {
            let expected = format!("a number from {least} to 1 with patterns `{patterns}`");
            SpecError::out_of_range("m of start overlap", self.overlap().unwrap_or_default(), expected)
        };
        if let PatternLaw::Potts { states } = patterns.value() {
            let least = -1.0 / (*states as f64 - 1.0);
            if self.overlap().is_some_and(|m| m < least) {
                return Err(range(least));
            }
            if matches!(self, Self::Mixture { .. } | Self::Typical) {
                let expected =
                    format!("pattern, random, overlap or cue: `{patterns}` memories have no sum and no mean");
                return Err(SpecError::out_of_range("start", self, expected));
            }
        } else if *self == Self::Typical && patterns.mean() == 0.0 {
            let expected = format!("pattern: `{patterns}` memories have no mean activity");
            return Err(SpecError::out_of_range("start", self, expected));
        } else if has_values(patterns.value()) && self.overlap().is_some_and(|m| m < 0.0) {
            return Err(range(0.0));
        }
        Ok(())
    }

    fn overlap(&self) -> Option<f64> {
        if let Self::Overlap { m } = self { Some(*m) } else { None }
    }

    /// Where every unit is put.
    pub(crate) fn aims(&self, neurons: usize, stored: &Stored, source: Source, replica: u32) -> Vec<Aim> {
        let words = source.stream(Purpose::Start, replica, 0);
        if let Stored::Colours(memories) = stored {
            // Which of the others, where a unit does not agree.
            let others = source.stream(Purpose::Start, replica, 1);
            let aims = words.zip(others).take(neurons).enumerate();
            return aims.map(|(site, words)| self.aim_at_state(site, memories, words)).collect();
        }
        if let Stored::Values(memories) = stored {
            // Where the opposite would be: the memory at another unit.
            let places = source.stream(Purpose::Start, replica, 1);
            let aims = words.zip(places).take(neurons).enumerate();
            return aims.map(|(site, words)| self.aim_at_value(site, memories, words)).collect();
        }
        (0..neurons)
            .zip(words)
            .map(|(site, word)| {
                let positive = |memory: usize| stored.component(memory, site) > 0.0;
                match *self {
                    Self::Pattern | Self::Typical => Aim::towards(positive(0)),
                    Self::Mixture { n } => {
                        let sum: f64 = (0..n).map(|memory| stored.component(memory, site)).sum();
                        Aim::towards(if sum == 0.0 { word >> 63 == 1 } else { sum > 0.0 })
                    }
                    Self::Random => Aim::Anywhere(word),
                    Self::Overlap { m } => {
                        Aim::towards(positive(0) == (unit_interval(word) < 0.5 * (1.0 + m)))
                    }
                    Self::Cue { share } => Aim::towards(positive(usize::from(unit_interval(word) >= share))),
                }
            })
            .collect()
    }
}

impl Start {
    /// States are aimed at as the levels 0, …, Q − 1.
    fn aim_at_state(self, site: usize, memories: &PottsMemories, (word, other): (u64, u64)) -> Aim {
        let (u, states) = (unit_interval(word), memories.states());
        let at = |memory: usize| usize::from(memories.component(memory, site));
        let state = match self {
            Self::Random => return Aim::Anywhere(word),
            Self::Pattern | Self::Typical | Self::Mixture { .. } => at(0),
            Self::Overlap { m } if u * (states as f64) < 1.0 + (states as f64 - 1.0) * m => at(0),
            Self::Overlap { .. } => (at(0) + 1 + index(other, states - 1)) % states,
            Self::Cue { share } => at(usize::from(u >= share)),
        };
        Aim::Near(state as f64)
    }

    fn aim_at_value(self, site: usize, memories: &RealMemories, (word, place): (u64, u64)) -> Aim {
        Aim::Near(match self {
            Self::Random => return Aim::Anywhere(word),
            Self::Pattern | Self::Typical => memories.value(0, site),
            Self::Mixture { n } => (0..n).map(|memory| memories.value(memory, site)).sum(),
            Self::Overlap { m } if unit_interval(word) < m => memories.value(0, site),
            Self::Overlap { .. } => memories.value(0, index(place, memories.neurons())),
            Self::Cue { share } => memories.value(usize::from(unit_interval(word) >= share), site),
        })
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern => f.write_str("pattern"),
            Self::Typical => f.write_str("typical"),
            Self::Mixture { n } => write!(f, "mixture:n={n}"),
            Self::Random => f.write_str("random"),
            Self::Overlap { m } => write!(f, "overlap:m={m}"),
            Self::Cue { share } => write!(f, "cue:share={share}"),
        }
    }
}

impl FromStr for Start {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let malformed = || SpecError::Malformed {
            given: text.into(),
            expected: "a start: pattern, typical, mixture:n=3, random, overlap:m=0.3 or cue:share=0.6".into(),
        };
        let start = match text.split_once(':') {
            None => match text {
                "pattern" => Self::Pattern,
                "typical" => Self::Typical,
                "random" => Self::Random,
                "mixture" => Self::Mixture { n: 3 },
                _ => return Err(malformed()),
            },
            Some(("mixture", rest)) => {
                let n = rest.strip_prefix("n=").and_then(|n| n.parse().ok()).ok_or_else(malformed)?;
                Self::Mixture { n }
            }
            Some(("overlap", rest)) => {
                let m = rest.strip_prefix("m=").and_then(|m| m.parse().ok()).ok_or_else(malformed)?;
                Self::Overlap { m }
            }
            Some(("cue", rest)) => {
                let share =
                    rest.strip_prefix("share=").and_then(|share| share.parse().ok()).ok_or_else(malformed)?;
                Self::Cue { share }
            }
            Some(_) => return Err(malformed()),
        };
        start.validate(usize::MAX)?;
        Ok(start)
    }
}

#[cfg(test)]
mod tests;
