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

/// A value of z_n = Σ_{μ ≤ n} ξ^μ with its probability; the condensed memories give the field m z_n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// z_n.
    pub sum: f64,
    /// Its probability.
    pub probability: f64,
}

/// The columns of n symmetric ±1 memories. With `fold`, s → −s is a symmetry and z ≥ 0 suffices.
pub fn columns(n: usize, fold: bool) -> Vec<Column> {
    let mut binomial = 0.5_f64.powi(n as i32);
    let mut out = Vec::new();
    for k in 0..=n {
        let sum = n as f64 - 2.0 * k as f64;
        if !fold || sum > 0.0 {
            let double = if fold { 2.0 } else { 1.0 };
            out.push(Column { sum, probability: double * binomial });
        } else if sum == 0.0 {
            out.push(Column { sum, probability: binomial });
        }
        binomial *= (n - k) as f64 / (k + 1) as f64;
    }
    out
}
