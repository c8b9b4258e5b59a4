//! Control: load and temperature.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::SpecError;

/// How much is stored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Load {
    /// α = p/C memories per input, C the mean number of inputs (N when full).
    Extensive(f64),
    /// A number p of memories that stays finite as N grows.
    Finite(usize),
    /// Nothing is stored.
    Empty,
}

impl Load {
    /// α, 0 where nothing is stored or p is finite.
    pub fn alpha(&self) -> f64 {
        match self {
            Self::Extensive(alpha) => *alpha,
            Self::Finite(_) | Self::Empty => 0.0,
        }
    }

    /// p where it is finite.
    pub fn count(&self) -> Option<usize> {
        if let Self::Finite(count) = self { Some(*count) } else { None }
    }
}

impl From<f64> for Load {
    fn from(alpha: f64) -> Self {
        Self::Extensive(alpha)
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extensive(alpha) => fmt::Display::fmt(alpha, f),
            Self::Finite(count) => fmt::Display::fmt(count, f),
            Self::Empty => f.pad("none"),
        }
    }
}

/// A point of a phase diagram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// The load.
    pub load: Load,
    /// The temperature T, k_B = 1; 0 is exact.
    pub temperature: f64,
}

impl Control {
    /// A load α and a temperature T.
    pub fn new(load: impl Into<Load>, temperature: f64) -> Self {
        Self { load: load.into(), temperature }
    }

    /// A finite number p of memories and a temperature T.
    pub fn finite(count: usize, temperature: f64) -> Self {
        Self { load: Load::Finite(count), temperature }
    }

    /// A temperature of a model that stores nothing.
    pub fn without_load(temperature: f64) -> Self {
        Self { load: Load::Empty, temperature }
    }

    /// α, 0 where nothing is stored.
    pub fn alpha(&self) -> f64 {
        self.load.alpha()
    }

    /// α as records hold it.
    pub fn alpha_if_any(&self) -> Option<f64> {
        match self.load {
            Load::Extensive(alpha) => Some(alpha),
            Load::Finite(_) | Load::Empty => None,
        }
    }

    /// p where it is finite.
    pub fn count(&self) -> Option<usize> {
        self.load.count()
    }

    /// Checks the ranges: α > 0 or p ≥ 1 where there is a load, T ≥ 0, all finite.
    ///
    /// # Errors
    /// If one is out of range.
    pub fn validate(&self) -> Result<(), SpecError> {
        if let Load::Extensive(alpha) = self.load
            && !(alpha > 0.0 && alpha.is_finite())
        {
            return Err(SpecError::out_of_range("load α", alpha, "a finite number > 0"));
        }
        if self.load == Load::Finite(0) {
            return Err(SpecError::out_of_range("number of memories p", 0, "a whole number ≥ 1"));
        }
        if !(self.temperature >= 0.0 && self.temperature.is_finite()) {
            return Err(SpecError::out_of_range("temperature T", self.temperature, "a finite number ≥ 0"));
        }
        Ok(())
    }
}

/// Reads a grid: `a:b:n` (n points from a to b), `log:a:b:n`, or a list `a,b,c`.
///
/// # Errors
/// If the text has another form, a number is not finite, or a logarithmic end is not positive.
pub fn grid(text: &str) -> Result<Vec<f64>, SpecError> {
    let malformed = || SpecError::Malformed {
        given: text.into(),
        expected: "a number, a list a,b,c or a grid a:b:n or log:a:b:n".into(),
    };
    let number = |part: &str| part.trim().parse::<f64>().ok().filter(|x| x.is_finite()).ok_or_else(malformed);
    let (body, logarithmic) = match text.strip_prefix("log:") {
        Some(body) => (body, true),
        None => (text, false),
    };
    let parts: Vec<&str> = body.split(':').collect();
    match parts[..] {
        [list] if !logarithmic => list.split(',').map(number).collect(),
        [first, last, count] => {
            let (a, b) = (number(first)?, number(last)?);
            let n: usize = count.trim().parse().map_err(|_| malformed())?;
            if n == 0 || n > 1_000_000 {
                return Err(SpecError::out_of_range("number of grid points", n, "1 to 1000000"));
            }
            if logarithmic && !(a > 0.0 && b > 0.0) {
                return Err(SpecError::out_of_range("end of a logarithmic grid", a.min(b), "a number > 0"));
            }
            let point = |i: usize| {
                if i == 0 {
                    a
                } else if i == n - 1 {
                    b
                } else if logarithmic {
                    a * (b / a).powf(i as f64 / (n - 1) as f64)
                } else {
                    // Whole multiples of the step print as they are meant: 0.03, not 0.030000000000000002.
                    let value = a + (b - a) * i as f64 / (n - 1) as f64;
                    let rounded = (value * 1e12).round() / 1e12;
                    if (rounded - value).abs() <= 4.0 * f64::EPSILON * value.abs() { rounded } else { value }
                }
            };
            Ok((0..n).map(point).collect())
        }
        _ => Err(malformed()),
    }
}
