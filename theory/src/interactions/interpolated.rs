//! Hidden units of any kind: K(q + w) as a polynomial in w through a few nodes w_n, Σ_n K(q + w_n) ℓ_n(w), which
//! is again a sum of products of numbers of S and of k. Where that takes too many nodes, K(q + w) is looked up.

use std::f64::consts::PI;

use mattis_model::Machine;

use super::kernel::Numbers;
use super::level_products::reach;
use super::table::Table;
use super::tile::Form;
use crate::TheoryError;

/// Most nodes.
const MOST: usize = 64;

/// Fields at which the nodes are tried.
const PROBES: usize = 24;

/// Coefficients, relative to |K|, that are still seen above rounding.
const SEEN: f64 = 1e-12;

/// Coefficients, relative to |K|, that may be left out.
const ACCURACY: f64 = 1e-17;

/// K at the fields of sets of sites, beside which the nodes lie.
#[derive(Debug, Clone)]
pub(super) struct Interpolation {
    table: Table,
    /// Nodes of each column; `None` if K is looked up.
    nodes: Option<Vec<Vec<f64>>>,
    weights: Vec<Vec<f64>>,
    bias: Vec<f64>,
}

impl Interpolation {
    /// Without nodes where that would take too many: then K(q + w) itself is looked up each time.
    pub(super) fn new(machine: &Machine, order: usize) -> Result<Self, TheoryError> {
        let bias = machine.hidden_bias.clone();
        let reaches: Vec<_> = (0..bias.len()).map(|column| reach(machine, column, order)).collect();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (c, (q, w)) in bias.iter().zip(&reaches) {
            (low, high) = (low.min(c + q[0] + w[0]), high.max(c + q[1] + w[1]));
        }
        let table = Table::new(&machine.hidden, low, high)?;
        let widest = reaches.iter().fold(0.0_f64, |most, (_, w)| most.max(w[1] - w[0]));
        let nodes = needed(&table, low, high, widest)
            .map(|count| reaches.iter().map(|(_, w)| chebyshev(w[0], w[1], count)).collect());
        Ok(Self { table, nodes, weights: machine.weights.clone(), bias })
    }

    pub(super) fn numbers(&self, machine: &Machine) -> Numbers {
        let Some(nodes) = &self.nodes else {
            let mut sites = machine.weights.clone();
            sites.push(vec![0.0; machine.columns()]);
            return Numbers { form: Form::Lookup(self.table.clone()), factors: vec![], start: vec![], sites };
        };
        let site = |row: &[f64]| -> Vec<f64> {
            row.iter().zip(nodes).flat_map(|(w, nodes)| lagrange(nodes, *w)).collect()
        };
        let mut sites: Vec<Vec<f64>> = machine.weights.iter().map(|row| site(row)).collect();
        sites.push(site(&vec![0.0; machine.columns()]));
        Numbers { form: Form::Dot, factors: vec![], start: vec![], sites }
    }

    /// The fields of a set, or K at the nodes beside them.
    #[inline(always)]
    pub(super) fn prepare(&self, set: &[usize], out: &mut [f64]) {
        let field =
            |column: usize| set.iter().fold(self.bias[column], |q, site| q + self.weights[*site][column]);
        let Some(nodes) = &self.nodes else {
            out.iter_mut().enumerate().for_each(|(column, out)| *out = field(column));
            return;
        };
        let count = nodes.first().map_or(1, Vec::len);
        for ((column, nodes), out) in nodes.iter().enumerate().zip(out.chunks_exact_mut(count)) {
            let field = field(column);
            for (out, node) in out.iter_mut().zip(nodes) {
                *out = self.table.at(field + node);
            }
        }
    }
}

/// Points of the second kind, ends included, from `low` to `high`.
fn chebyshev(low: f64, high: f64, count: usize) -> Vec<f64> {
    let at = |n: usize| (PI * n as f64 / (count - 1) as f64).cos();
    (0..count).map(|n| 0.5 * (low + high) - 0.5 * (high - low) * at(n)).collect()
}

/// ℓ_n(x) of Chebyshev points of the second kind, whose barycentric weights are ±1, half at the ends.
fn lagrange(nodes: &[f64], x: f64) -> Vec<f64> {
    if let Some(hit) = nodes.iter().position(|node| *node == x) {
        return (0..nodes.len()).map(|n| if n == hit { 1.0 } else { 0.0 }).collect();
    }
    let last = nodes.len() - 1;
    let term = |(n, node): (usize, &f64)| {
        let weight = if n == 0 || n == last { 0.5 } else { 1.0 };
        if n % 2 == 0 { weight / (x - node) } else { -weight / (x - node) }
    };
    let terms: Vec<f64> = nodes.iter().enumerate().map(term).collect();
    let sum: f64 = terms.iter().sum();
    terms.into_iter().map(|term| term / sum).collect()
}

/// Nodes that K needs within a width, anywhere between two fields; `None` if more than [`MOST`].
fn needed(table: &Table, low: f64, high: f64, width: f64) -> Option<usize> {
    let last = MOST - 1;
    let cosines: Vec<f64> = (0..2 * last).map(|n| (PI * n as f64 / last as f64).cos()).collect();
    let mut most = 2;
    for probe in 0..PROBES {
        let from = low + (high - low - width).max(0.0) * probe as f64 / (PROBES - 1) as f64;
        let values: Vec<f64> = chebyshev(from, from + width, MOST).iter().map(|q| table.at(*q)).collect();
        let size = values.iter().fold(1.0_f64, |most, k| most.max(k.abs()));
        // Of the Chebyshev series.
        let coefficient = |degree: usize| {
            let term = |(n, value): (usize, &f64)| {
                let weight = if n == 0 || n == last { 0.5 } else { 1.0 };
                weight * value * cosines[degree * n % (2 * last)]
            };
            values.iter().enumerate().map(term).sum::<f64>().abs() * 2.0 / last as f64
        };
        let degree = (0..last).rev().find(|degree| coefficient(*degree) > SEEN * size).unwrap_or(0) + 1;
        // They fall geometrically, beyond where rounding hides them.
        most = most.max((degree as f64 * ACCURACY.ln() / SEEN.ln()).ceil() as usize + 2);
    }
    (most <= MOST).then_some(most)
}
