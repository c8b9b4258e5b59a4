//! Where a run starts.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use mattis_model::SpecError;
use mattis_model::address::Purpose;

use crate::network::{Memories, RealMemories};
use crate::random::{Source, index, unit_interval};

/// The state at time 0. A unit *agrees* with a component ξ > 0 on the level nearest to the largest |level|,
/// with another on the level nearest to its opposite; of two equally near ones the lower. The levels of a
/// continuous unit are the ends of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Memory 0.
    Pattern,
    /// The sign of the sum of the first n memories; a sum of 0 is decided by a coin.
    Mixture {
        /// Number of memories, at least 2; odd where the load is extensive.
        n: usize,
    },
    /// Every level with the same probability, independently.
    Random,
    /// Each unit agrees with memory 0 with probability (1 + m)/2, else with its opposite.
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
    Real(Arc<RealMemories>),
}

impl Stored {
    /// Number of memories.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Signs(memories) => memories.count(),
            Self::Real(memories) => memories.count(),
        }
    }

    fn component(&self, memory: usize, site: usize) -> f64 {
        match self {
            Self::Nothing => 0.0,
            Self::Signs(memories) => memories.component(memory, site),
            Self::Real(memories) => memories.component(memory, site),
        }
    }
}

/// Where one unit is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    Up,
    Down,
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
            Self::Up => nearest(largest),
            Self::Down => nearest(-largest),
            Self::Anywhere(word) => index(word, levels.len()) as u8,
        }
    }

    /// The value aimed at on an interval.
    pub(crate) fn value(self, (low, high): (f64, f64)) -> f64 {
        if let Self::Anywhere(word) = self {
            return low + unit_interval(word) * (high - low);
        }
        if self.level(&[low, high]) == 0 { low } else { high }
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

    /// Where every unit is put.
    pub(crate) fn aims(&self, neurons: usize, stored: &Stored, source: Source, replica: u32) -> Vec<Aim> {
        let words = source.stream(Purpose::Start, replica, 0);
        (0..neurons)
            .zip(words)
            .map(|(site, word)| {
                let positive = |memory: usize| stored.component(memory, site) > 0.0;
                match *self {
                    Self::Pattern => Aim::towards(positive(0)),
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

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern => f.write_str("pattern"),
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
            expected: "a start: cue:share=0.6, pattern, mixture:n=3, random or overlap:m=0.3".into(),
        };
        let start = match text.split_once(':') {
            None => match text {
                "pattern" => Self::Pattern,
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
mod tests {
    use super::*;

    #[test]
    fn starts_print_as_they_parse() {
        for text in [
            "pattern",
            "mixture:n=3",
            "mixture:n=2",
            "random",
            "overlap:m=0.3",
            "overlap:m=-1",
            "cue:share=0.6",
            "cue:share=1",
        ] {
            assert_eq!(text.parse::<Start>().unwrap().to_string(), text);
        }
        for text in [
            "mixture:n=1",
            "mixture:n=-3",
            "cue",
            "cue:share=1.01",
            "cue:m=0.5",
            "overlap:m=1.5",
            "overlap:m=nan",
            "patern",
            "overlap",
            "random:n=1",
        ] {
            let message = text.parse::<Start>().unwrap_err().to_string();
            assert!(
                !message.contains('\n') && message.contains("expected") || message.contains("is not"),
                "{message}"
            );
        }
        assert!(Start::Pattern.validate(0).is_err());
        assert!(Start::Mixture { n: 5 }.validate(3).is_err());
        assert!(Start::Cue { share: 0.5 }.validate(1).is_err());
        assert!(Start::Random.validate(0).is_ok());
    }
}
