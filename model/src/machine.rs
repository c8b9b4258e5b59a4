//! Boltzmann machines with hidden units.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::unit::exp_beyond_linear;
use crate::{SpecError, Unit};

/// The values of a visible unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Encoding {
    /// v ∈ {0, 1}.
    #[default]
    #[serde(rename = "01")]
    ZeroOne,
    /// v = ±1.
    #[serde(rename = "pm1")]
    PlusMinus,
}

impl Encoding {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ZeroOne, Self::PlusMinus];

    /// The lower value, 0 or −1; the upper one is 1.
    pub fn low(self) -> f64 {
        match self {
            Self::ZeroOne => 0.0,
            Self::PlusMinus => -1.0,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ZeroOne => "01",
            Self::PlusMinus => "pm1",
        })
    }
}

impl FromStr for Encoding {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        match text.trim() {
            "01" => Ok(Self::ZeroOne),
            "pm1" => Ok(Self::PlusMinus),
            _ => Err(SpecError::out_of_range("encoding", text, "01 or pm1")),
        }
    }
}

/// A restricted Boltzmann machine: N binary visible units v_i and M hidden units z_μ of one law,
/// P(v, z) ∝ exp\[b·v + Σ_iμ v_i W_iμ z_μ + c·z − Σ_μ V(z_μ)\]. Summed over z,
///
/// ln P(v) = b·v + F(v) − ln Z,  F(v) = Σ_μ \[K(q_μ + c_μ) − K(c_μ)\],  q_μ = Σ_i W_iμ v_i,
///
/// K(q) = w(q, 0, 1) − w(0, 0, 1): the hidden prior is normalised, F = 0 where q = 0. A Potts hidden unit of Q
/// states has Q columns of W and Q biases, K of its Q fields being ln Σ_a e^{q_a} − ln Q.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Machine {
    /// The law of a hidden unit.
    pub hidden: Unit,
    /// The values of a visible unit.
    pub encoding: Encoding,
    /// W_iμ, one row of equal length for each visible unit.
    pub weights: Vec<Vec<f64>>,
    /// b_i.
    pub visible_bias: Vec<f64>,
    /// c_μ, one for each column of W.
    pub hidden_bias: Vec<f64>,
}

/// A machine as it is written, before its sizes are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    hidden: Unit,
    encoding: Encoding,
    weights: Vec<Vec<f64>>,
    visible_bias: Vec<f64>,
    hidden_bias: Vec<f64>,
}

impl TryFrom<Parts> for Machine {
    type Error = SpecError;

    fn try_from(parts: Parts) -> Result<Self, SpecError> {
        let Parts { hidden, encoding, weights, visible_bias, hidden_bias } = parts;
        Self { hidden, encoding, weights, visible_bias, hidden_bias }.checked()
    }
}

impl Machine {
    /// A machine without biases.
    ///
    /// # Errors
    /// As [`Machine::with_biases`].
    pub fn new(hidden: Unit, encoding: Encoding, weights: Vec<Vec<f64>>) -> Result<Self, SpecError> {
        let columns = weights.first().map_or(0, Vec::len);
        let visible = weights.len();
        Self { hidden, encoding, weights, visible_bias: vec![0.0; visible], hidden_bias: vec![0.0; columns] }
            .checked()
    }

    /// The machine with these biases.
    ///
    /// # Errors
    /// If a size does not fit, a number is not finite, or a field that some v brings about is outside the
    /// domain of the hidden unit.
    pub fn with_biases(self, visible: Vec<f64>, hidden: Vec<f64>) -> Result<Self, SpecError> {
        Self { visible_bias: visible, hidden_bias: hidden, ..self }.checked()
    }

    fn checked(self) -> Result<Self, SpecError> {
        let width = self.hidden.colours().unwrap_or(1);
        let columns = self.columns();
        let size =
            |what: &str, given: usize, expected: String| Err(SpecError::out_of_range(what, given, expected));
        if self.weights.is_empty() || columns == 0 {
            return size("number of weights", 0, "at least one visible and one hidden unit".into());
        }
        if !columns.is_multiple_of(width) {
            return size("columns of W", columns, format!("a multiple of {width}, one for each state"));
        }
        if let Some(row) = self.weights.iter().find(|row| row.len() != columns) {
            return size("length of a row of W", row.len(), format!("{columns}, as the first"));
        }
        if self.visible_bias.len() != self.visible() {
            return size("number of visible biases", self.visible_bias.len(), self.visible().to_string());
        }
        if self.hidden_bias.len() != columns {
            return size("number of hidden biases", self.hidden_bias.len(), columns.to_string());
        }
        let numbers = self.weights.iter().flatten().chain(&self.visible_bias).chain(&self.hidden_bias);
        if let Some(number) = numbers.into_iter().find(|x| !x.is_finite()) {
            return Err(SpecError::out_of_range("a weight or bias", number, "a finite number"));
        }
        let (low, high) = self.hidden.fields();
        for column in 0..columns {
            let (least, most) = self.reach(column);
            if least <= low || most >= high {
                let field = if most >= high { most } else { least };
                return Err(SpecError::out_of_range(
                    format!("largest field of hidden unit {column} ({})", self.hidden.name()),
                    field,
                    format!("a number between {low} and {high}, where its measure is finite"),
                ));
            }
        }
        Ok(self)
    }

    /// N.
    pub fn visible(&self) -> usize {
        self.weights.len()
    }

    /// Columns of W: the number of hidden units, times Q for Potts units.
    pub fn columns(&self) -> usize {
        self.weights.first().map_or(0, Vec::len)
    }

    /// M.
    pub fn hidden_units(&self) -> usize {
        self.columns() / self.hidden.colours().unwrap_or(1)
    }

    /// Least and largest value of q + c in a column over all v.
    pub fn reach(&self, column: usize) -> (f64, f64) {
        let low = self.encoding.low();
        let bias = self.hidden_bias[column];
        self.weights
            .iter()
            .map(|row| row[column])
            .fold((bias, bias), |(least, most), w| (least + w.min(low * w), most + w.max(low * w)))
    }

    /// c + Σ_i W_i v_i, one number for each column.
    pub fn fields(&self, v: &[f64]) -> Vec<f64> {
        let mut fields = self.hidden_bias.clone();
        for (row, value) in self.weights.iter().zip(v).filter(|(_, value)| **value != 0.0) {
            for (field, weight) in fields.iter_mut().zip(row) {
                *field += weight * value;
            }
        }
        fields
    }

    /// F at fields c + q: what the hidden units add to ln P(v).
    pub fn free(&self, fields: &[f64]) -> f64 {
        let width = self.hidden.colours().unwrap_or(1);
        let pairs = fields.chunks_exact(width).zip(self.hidden_bias.chunks_exact(width));
        pairs.map(|(field, bias)| self.rise(bias, field)).sum()
    }

    /// K at the fields of one hidden unit (one, or Q) less K at its biases.
    fn rise(&self, biases: &[f64], fields: &[f64]) -> f64 {
        if self.hidden.colours().is_none() {
            return biases.iter().zip(fields).map(|(c, field)| self.hidden.shifted(*c, field - c)).sum();
        }
        colours_rise(biases, fields)
    }
}

/// ln Σ_a e^{h_a} − ln Σ_a e^{c_a}, with relative digits also where h is close to c.
fn colours_rise(biases: &[f64], fields: &[f64]) -> f64 {
    let top = |x: &[f64]| x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shares = |x: &[f64], top: f64| x.iter().map(|x| (x - top).exp()).collect::<Vec<_>>();
    let (before, after) = (top(biases), top(fields));
    let (from, to) = (shares(biases, before), shares(fields, after));
    let (from_total, to_total) = (from.iter().sum::<f64>(), to.iter().sum::<f64>());
    let steps: Vec<f64> = fields.iter().zip(biases).map(|(field, bias)| field - bias).collect();
    if steps.iter().any(|step| step.abs() > 1.0) {
        return (after - before) + (to_total.ln() - from_total.ln());
    }
    // Their mean, and what is beyond it, which is positive.
    let mean = steps.iter().zip(&from).map(|(step, share)| step * share).sum::<f64>() / from_total;
    let beyond =
        steps.iter().zip(&from).map(|(step, share)| share * exp_beyond_linear(step - mean)).sum::<f64>();
    mean + (beyond / from_total).ln_1p()
}
