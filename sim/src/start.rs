//! Where a run starts.

use std::fmt;
use std::str::FromStr;

use mattis_model::SpecError;
use mattis_model::address::Purpose;

use crate::network::Memories;
use crate::random::{Source, index, unit_interval};

/// The state at time 0. A unit *agrees* with a component ξ = ±1 on the level nearest to ξ times the largest
/// |level|; of two equally near ones the lower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Memory 0.
    Pattern,
    /// The sign of the sum of the first n memories.
    Mixture {
        /// Number of memories, odd and at least 3.
        n: usize,
    },
    /// Every level with the same probability, independently.
    Random,
    /// Each unit agrees with memory 0 with probability (1 + m)/2, else with its opposite.
    Overlap {
        /// The mean overlap, in [−1, 1].
        m: f64,
    },
}

impl Start {
    /// The memories that are condensed at the start, and whose mean overlap is `m`.
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
            Self::Mixture { n } if n < 3 || n % 2 == 0 => {
                return Err(SpecError::out_of_range("n of start mixture", n, "an odd number ≥ 3"));
            }
            Self::Overlap { m } if !(-1.0..=1.0).contains(&m) => {
                return Err(SpecError::out_of_range("m of start overlap", m, "a number from -1 to 1"));
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
        Ok(())
    }

    /// The level of every unit.
    pub(crate) fn levels(
        &self,
        neurons: usize,
        memories: Option<&Memories>,
        levels: &[f64],
        source: Source,
        replica: u32,
    ) -> Vec<u8> {
        let largest = levels.iter().fold(0.0, |sum: f64, s| sum.max(s.abs()));
        let nearest = |target: f64| {
            let distance = |level: &usize| (levels[*level] - target).abs();
            (0..levels.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0) as u8
        };
        let (up, down) = (nearest(largest), nearest(-largest));
        let agree = |positive: bool| if positive { up } else { down };
        let words = source.stream(Purpose::Start, replica, 0);
        (0..neurons)
            .zip(words)
            .map(|(site, word)| {
                let positive =
                    |memory: usize| memories.is_some_and(|memories| memories.is_positive(memory, site));
                match *self {
                    Self::Pattern => agree(positive(0)),
                    Self::Mixture { n } => agree(2 * (0..n).filter(|memory| positive(*memory)).count() > n),
                    Self::Random => index(word, levels.len()) as u8,
                    Self::Overlap { m } => agree(positive(0) == (unit_interval(word) < 0.5 * (1.0 + m))),
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
        }
    }
}

impl FromStr for Start {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let malformed = || SpecError::Malformed {
            given: text.into(),
            expected: "a start: pattern, mixture:n=3, random or overlap:m=0.3".into(),
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
        for text in ["pattern", "mixture:n=3", "random", "overlap:m=0.3", "overlap:m=-1"] {
            assert_eq!(text.parse::<Start>().unwrap().to_string(), text);
        }
        for text in [
            "mixture:n=4",
            "mixture:n=1",
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
        assert!(Start::Random.validate(0).is_ok());
    }
}
