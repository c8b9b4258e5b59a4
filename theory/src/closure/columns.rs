//! Condensed patterns: what the local field sees of them.

use mattis_model::record::StateKind;

/// Which order parameters are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// n memories with equal overlaps.
    Condensed(usize),
    /// Frozen without overlap.
    SpinGlass,
    /// Nothing frozen.
    Paramagnet,
}

impl Phase {
    /// Number of condensed memories.
    pub fn condensed(self) -> usize {
        match self {
            Self::Condensed(n) => n,
            _ => 0,
        }
    }

    /// What a state of this phase is called.
    pub fn kind(self) -> StateKind {
        match self {
            Self::Condensed(1) => StateKind::Retrieval,
            Self::Condensed(_) => StateKind::Mixture,
            Self::SpinGlass => StateKind::SpinGlass,
            Self::Paramagnet => StateKind::Paramagnet,
        }
    }

    /// Whether Δ is free.
    pub fn is_frozen(self) -> bool {
        self != Self::Paramagnet
    }
}

/// A value of z_n = Σ_{μ ≤ n} η^μ with its probability; the condensed memories, as the rule stores them, give
/// the field m z_n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// z_n.
    pub sum: f64,
    /// Its probability.
    pub probability: f64,
    /// The mean of Σ_μ (η^μ)² over the columns with this sum.
    pub square: f64,
}

/// More columns than this are not averaged over.
const MOST: usize = 1500;

/// The columns of n independent memories with these values and probabilities; `None` where they are too many.
pub fn convolved(n: usize, support: &[(f64, f64)]) -> Option<Vec<Column>> {
    let mut out = vec![Column { sum: 0.0, probability: 1.0, square: 0.0 }];
    let scale = support.iter().fold(0.0_f64, |a, (value, _)| a.max(value.abs()));
    for _ in 0..n {
        let mut next: Vec<Column> = Vec::with_capacity(out.len() * support.len());
        for column in &out {
            next.extend(support.iter().map(|(value, p)| Column {
                sum: column.sum + value,
                probability: column.probability * p,
                square: column.square + value * value,
            }));
        }
        next.sort_by(|a, b| a.sum.total_cmp(&b.sum));
        out.clear();
        for column in next {
            match out.last_mut() {
                // Sums that differ by rounding only are one.
                Some(last) if n > 1 && (column.sum - last.sum).abs() <= 1e-13 * scale => {
                    let total = last.probability + column.probability;
                    last.square =
                        (last.square * last.probability + column.square * column.probability) / total;
                    last.probability = total;
                }
                _ => out.push(column),
            }
        }
        if out.len() > MOST {
            return None;
        }
    }
    Some(out)
}

/// The columns of n symmetric ±1 memories. With `fold`, s → −s is a symmetry and z ≥ 0 suffices.
pub fn columns(n: usize, fold: bool) -> Vec<Column> {
    let mut binomial = 0.5_f64.powi(n as i32);
    let mut out = Vec::new();
    for k in 0..=n {
        let sum = n as f64 - 2.0 * k as f64;
        if !fold || sum > 0.0 {
            let double = if fold { 2.0 } else { 1.0 };
            out.push(Column { sum, probability: double * binomial, square: n as f64 });
        } else if sum == 0.0 {
            out.push(Column { sum, probability: binomial, square: n as f64 });
        }
        binomial *= (n - k) as f64 / (k + 1) as f64;
    }
    out
}
