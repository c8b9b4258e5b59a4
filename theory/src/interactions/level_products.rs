//! Hidden units with levels: Z at the field q_S + w is Σ_l ρ_l e^{s_l q_S} e^{s_l w}, a sum of products of a number
//! of S and one of k, and a sum of ln Z is the logarithm of a product.

use mattis_model::Machine;

use super::kernel::Numbers;
use super::tile::Form;

/// Levels beyond which a table of K is faster.
const MOST_LEVELS: usize = 8;

/// Largest |ln| of a number that is formed.
const LARGEST: f64 = 600.0;

/// Largest |ln| of a product of factors: e^±650 of a number from √½ to √2 is normal.
const LARGEST_PRODUCT: f64 = 650.0;

/// Numbers of level l beside the factor ρ_top e^{s_top q} e^{s_0 w}, which is in no pair or triple: of S
/// (ρ_l/ρ_top) e^{−(s_top − s_l) q}, of k e^{(s_l − s_0) w}. The lowest level has 1 for k, the highest for S.
pub(super) struct LevelProducts {
    /// ln(ρ_l/ρ_top), s_l − s_top, s_l − s_0.
    levels: Vec<[f64; 3]>,
    ends: Vec<usize>,
}

impl LevelProducts {
    /// `None` where there are too many levels or a number could be too large or too small.
    pub(super) fn new(machine: &Machine, levels: &[f64], order: usize) -> Option<Self> {
        let unit = &machine.hidden;
        let [low, .., high] = *levels else { return None };
        if levels.len() > MOST_LEVELS {
            return None;
        }
        let height = |s: f64| unit.log_weight(s) - unit.potential(s);
        let levels: Vec<[f64; 3]> =
            levels.iter().map(|s| [height(*s) - height(high), s - high, s - low]).collect();
        let width = levels.len() - 1;
        // Bounds of every number and every factor.
        let (mut ends, mut above, mut below) = (vec![], 0.0, 0.0);
        for (column, c) in machine.hidden_bias.iter().enumerate() {
            let (q, w) = reach(machine, column, order);
            let (mut least, mut most) = (f64::NEG_INFINITY, 0.0_f64);
            for [height, down, up] in &levels {
                let sum = |q: f64, w: f64| height + down * (c + q) + up * w;
                // Every product of some of the factors that a number is made of.
                let numbers = [down * q[0], down * q[1], height + down * c, up * w[0], up * w[1]];
                if numbers.iter().fold(0.0, |sum, x| sum + x.abs()) > LARGEST {
                    return None;
                }
                // down ≤ 0 ≤ up.
                least = least.max(sum(q[1], w[0]));
                most = most.max(sum(q[0], w[1]));
            }
            most += (levels.len() as f64).ln();
            let (up, down) = (most.max(0.0), (-least).max(0.0));
            if above + up > LARGEST_PRODUCT || below + down > LARGEST_PRODUCT {
                ends.push(column * width);
                (above, below) = (0.0, 0.0);
            }
            (above, below) = (above + up, below + down);
        }
        ends.push(machine.columns() * width);
        Some(Self { levels, ends })
    }

    pub(super) fn numbers(self, machine: &Machine) -> Numbers {
        let last = self.levels.len() - 1;
        // The lowest level first, whose number of k is 1; with it the highest, whose number of S is 1.
        let of_sets = |f: &dyn Fn(&[f64; 3], f64) -> f64, fields: &[f64]| -> Vec<f64> {
            fields.iter().flat_map(|q| self.levels[..last].iter().map(|level| f(level, *q))).collect()
        };
        let of_sites = |weights: &[f64]| -> Vec<f64> {
            let one = |w: &f64| {
                let highest = (self.levels[last][2] * w).exp();
                let between =
                    self.levels[1..last].iter().map(|[_, _, up]| (up * w).exp()).collect::<Vec<_>>();
                [vec![highest], between].concat()
            };
            weights.iter().flat_map(one).collect()
        };
        let start = of_sets(&|[height, down, _], c| (height + down * c).exp(), &machine.hidden_bias);
        let factors = machine.weights.iter().map(|row| of_sets(&|[_, down, _], w| (down * w).exp(), row));
        let factors = factors.collect::<Vec<_>>().concat();
        let mut sites: Vec<Vec<f64>> = machine.weights.iter().map(|row| of_sites(row)).collect();
        sites.push(of_sites(&vec![0.0; machine.columns()]));
        Numbers { form: Form::Product { width: last, ends: self.ends }, factors, start, sites }
    }
}

/// Least and largest Σ_{i∈S} W_i of fewer sites than `order`, and of one site or none.
pub(super) fn reach(machine: &Machine, column: usize, order: usize) -> ([f64; 2], [f64; 2]) {
    let mut weights: Vec<f64> = machine.weights.iter().map(|row| row[column]).collect();
    weights.sort_by(f64::total_cmp);
    let below = |most: usize| weights.iter().take(most).map(|w| w.min(0.0)).sum::<f64>();
    let above = |most: usize| weights.iter().rev().take(most).map(|w| w.max(0.0)).sum::<f64>();
    ([below(order - 1), above(order - 1)], [below(1), above(1)])
}
