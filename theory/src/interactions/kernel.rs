//! Sums over hidden units, fast: what site k adds to the sites S, L(S; k) = Σ_μ \[K(q_S + W_kμ) − K(q_S)\] with
//! q_S = c + Σ_{i∈S} W_i. Pairs and triples are differences of them: J_ij = L(i; j) − L(; j),
//! J_ijk = L(ij; k) − L(i; k) − L(j; k) + L(; k).

use mattis_model::{Alphabet, Machine};

use super::factorised::Factorised;
use super::table::Table;
use crate::TheoryError;

/// Hidden units that are treated side by side; rows are padded to a multiple of it.
pub(super) const LANES: usize = 8;

/// ln of the largest product that is formed before its logarithm is taken.
const LARGEST: f64 = 600.0;

/// How a unit's sums are formed.
#[derive(Debug, Clone)]
pub(super) enum Law {
    /// Two levels, a distance d apart: K is linear and ln(1 + e^{dq + a}), so L(S; k) = ln Π_μ (o + e^{dW}) −
    /// ln Π_μ (o + 1) with o = e^{−dq_S − a} the odds of the lower level. The linear part is in no pair or
    /// triple.
    TwoLevels {
        /// Factors whose product is below e^LARGEST, a multiple of [`LANES`].
        stretch: usize,
    },
    /// J_S = Σ_μ scale Π_{i∈S} x_i: the row is the coupling itself.
    Products,
    /// Pairs only.
    Pairs,
    /// Any other, by a table of K.
    Any(Table),
}

/// The sums of one machine.
#[derive(Debug, Clone)]
pub(super) struct Kernel {
    pub(super) law: Law,
    /// Padded number of hidden units.
    width: usize,
    /// e^{dW}, W or e^W − 1 of each site.
    rows: Vec<f64>,
    /// e^{−dW} of each site where there are two levels.
    factors: Vec<f64>,
    /// Odds of the lower level, scale or c, without a site.
    start: Vec<f64>,
    hidden: usize,
}

impl Kernel {
    pub(super) fn new(machine: &Machine, order: usize) -> Result<Self, TheoryError> {
        let hidden = machine.columns();
        let width = hidden.next_multiple_of(LANES);
        let pad = |f: &dyn Fn(f64) -> f64, empty: f64, row: &[f64]| -> Vec<f64> {
            row.iter().map(|x| f(*x)).chain(std::iter::repeat_n(empty, width - hidden)).collect()
        };
        let all = |f: &dyn Fn(f64) -> f64, empty: f64| -> Vec<f64> {
            machine.weights.iter().flat_map(|row| pad(f, empty, row)).collect()
        };
        let build = |law, rows, factors, start| Ok(Self { law, width, rows, factors, start, hidden });
        let bias = &machine.hidden_bias;
        match Factorised::of(&machine.hidden) {
            Some(Factorised::Exponential { rate }) => {
                let start = pad(&|c| rate * c.exp(), 0.0, bias);
                return build(Law::Products, all(&f64::exp_m1, 0.0), vec![], start);
            }
            Some(Factorised::Quadratic { curvature, .. }) => {
                let start = pad(&|_| curvature, 0.0, bias);
                return build(Law::Pairs, all(&|w| w, 0.0), vec![], start);
            }
            None => {}
        }
        let largest = machine.weights.iter().flatten().fold(0.0_f64, |most, w| most.max(w.abs()));
        if let Some((distance, odds)) = two_levels(machine) {
            let field = bias.iter().fold(0.0_f64, |most, c| most.max((distance * c).abs())) + odds.abs();
            // |ln| of a factor o + e^{dW}.
            let factor = field + (order + 1) as f64 * distance * largest + 1.0;
            let stretch = (LARGEST / factor) as usize / LANES * LANES;
            if stretch > 0 {
                let rows = all(&|w| (distance * w).exp(), 1.0);
                let factors = all(&|w| (-distance * w).exp(), 1.0);
                let start = pad(&|c| (-distance * c - odds).exp(), 0.0, bias);
                return build(Law::TwoLevels { stretch: stretch.min(width) }, rows, factors, start);
            }
        }
        // The fields that `order` sites can make.
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (column, c) in bias.iter().enumerate() {
            let mut weights: Vec<f64> = machine.weights.iter().map(|row| row[column]).collect();
            weights.sort_by(f64::total_cmp);
            let least: f64 = weights.iter().take(order).map(|w| w.min(0.0)).sum();
            let most: f64 = weights.iter().rev().take(order).map(|w| w.max(0.0)).sum();
            (low, high) = (low.min(c + least), high.max(c + most));
        }
        let table = Table::new(&machine.hidden, low, high)?;
        build(Law::Any(table), all(&|w| w, 0.0), vec![], pad(&|c| c, low, bias))
    }

    fn row<'a>(&self, rows: &'a [f64], site: usize) -> &'a [f64] {
        &rows[site * self.width..(site + 1) * self.width]
    }

    /// What [`Kernel::sum`] needs to know of the sites S.
    pub(super) fn prepare(&self, sites: &[usize], out: &mut Vec<f64>) {
        out.clone_from(&self.start);
        let rows = if matches!(self.law, Law::TwoLevels { .. }) { &self.factors } else { &self.rows };
        for site in sites {
            let row = self.row(rows, *site);
            match self.law {
                Law::Any(_) => out.iter_mut().zip(row).for_each(|(x, w)| *x += w),
                _ => out.iter_mut().zip(row).for_each(|(x, w)| *x *= w),
            }
        }
        if matches!(self.law, Law::Pairs) && sites.len() > 1 {
            out.fill(0.0);
        }
    }

    /// Whether [`Kernel::sum`] is the coupling itself and not L(S; k).
    pub(super) fn direct(&self) -> bool {
        matches!(self.law, Law::Products | Law::Pairs)
    }

    /// L(S; k) + [`Kernel::base`], or J_{S∪k} of the laws that are direct.
    pub(super) fn sum(&self, prepared: &[f64], site: usize) -> f64 {
        let row = self.row(&self.rows, site);
        match &self.law {
            Law::TwoLevels { stretch } => {
                prepared.chunks(*stretch).zip(row.chunks(*stretch)).map(|(o, x)| product(o, x).ln()).sum()
            }
            Law::Products | Law::Pairs => dot(prepared, row),
            Law::Any(table) => {
                let pairs = prepared[..self.hidden].iter().zip(&row[..self.hidden]);
                pairs.map(|(q, w)| table.at(q + w)).sum()
            }
        }
    }

    /// Σ K(q_S): what L(S; k) of every k has in common.
    pub(super) fn base(&self, prepared: &[f64]) -> f64 {
        match &self.law {
            Law::Any(table) => prepared[..self.hidden].iter().map(|q| table.at(*q)).sum(),
            Law::TwoLevels { stretch } => {
                let ones = vec![1.0; self.width];
                prepared.chunks(*stretch).zip(ones.chunks(*stretch)).map(|(o, x)| product(o, x).ln()).sum()
            }
            Law::Products | Law::Pairs => 0.0,
        }
    }
}

/// The distance of two levels and ln of the odds of the upper one at q = 0.
fn two_levels(machine: &Machine) -> Option<(f64, f64)> {
    let unit = &machine.hidden;
    let Alphabet::Levels(&[low, high]) = unit.alphabet() else { return None };
    let odds = (unit.weight(high) / unit.weight(low)).ln() - unit.potential(high) + unit.potential(low);
    Some((high - low, odds))
}

/// Π (o + x).
fn product(o: &[f64], x: &[f64]) -> f64 {
    let mut lanes = [1.0; LANES];
    for (o, x) in o.chunks_exact(LANES).zip(x.chunks_exact(LANES)) {
        for ((lane, o), x) in lanes.iter_mut().zip(o).zip(x) {
            *lane *= o + x;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a * b) * (c * d)) * ((e * f) * (g * h))
}

/// Σ a b.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}
