//! Sums over hidden units, fast: what site k adds to the sites S, L(S; k) = Σ_μ \[K(q_S + W_kμ) − K(q_S)\] with
//! q_S = c + Σ_{i∈S} W_i. Pairs and triples are differences of them: J_ij = L(i; j) − L(; j),
//! J_ijk = L(ij; k) − L(i; k) − L(j; k) + L(; k).
//!
//! Whatever the unit, L(S; k) is made of numbers a of S and b of k: Σ a b, or ln Π (a + b + …), see [`Form`].

use mattis_model::{Alphabet, Machine};

use super::factorised::Factorised;
use super::interpolated::Interpolation;
use super::lanes::{LANES, Lanes};
use super::level_products::LevelProducts;
use super::tile::Form;
use crate::TheoryError;

/// How the numbers of a set S follow from those of its sites.
#[derive(Debug, Clone)]
enum Sets {
    /// Products of those of the sites, times those of no site.
    Products,
    /// The same for one site, nothing for more: Gaussian units.
    Pairs,
    /// K at the field of each hidden unit and a few beside it.
    Fields(Interpolation),
}

/// The sums of one machine.
#[derive(Debug, Clone)]
pub(super) struct Kernel {
    pub(super) form: Form,
    sets: Sets,
    /// Numbers of a set or site.
    depth: usize,
    /// b of eight sites each, `depth` long; filled with those of no site.
    blocks: Vec<Lanes>,
    /// b of no site.
    rest: Vec<Lanes>,
    /// What a site brings to the numbers of a set, a row each.
    factors: Vec<f64>,
    /// The numbers of the empty set.
    start: Vec<f64>,
    /// Whether the sum is the coupling itself and not L(S; k).
    pub(super) direct: bool,
}

/// The numbers of each law, before they are arranged.
pub(super) struct Numbers {
    pub(super) form: Form,
    /// What a site brings to a set.
    pub(super) factors: Vec<f64>,
    pub(super) start: Vec<f64>,
    /// b of each site and then of no site.
    pub(super) sites: Vec<Vec<f64>>,
}

impl Kernel {
    pub(super) fn new(machine: &Machine, order: usize) -> Result<Self, TheoryError> {
        let bias = &machine.hidden_bias;
        // J_S = Σ_μ scale Π_{i∈S} x_i.
        let direct = |x: &dyn Fn(f64) -> f64, start: Vec<f64>| {
            let row = |row: &Vec<f64>| row.iter().map(|w| x(*w)).collect::<Vec<f64>>();
            let mut sites: Vec<Vec<f64>> = machine.weights.iter().map(row).collect();
            let factors = sites.concat();
            sites.push(vec![0.0; bias.len()]);
            Numbers { form: Form::Dot, factors, start, sites }
        };
        match Factorised::of(&machine.hidden) {
            Some(Factorised::Exponential { rate }) => {
                let start = bias.iter().map(|c| rate * c.exp()).collect();
                return Ok(Self::arranged(Sets::Products, direct(&f64::exp_m1, start), true));
            }
            Some(Factorised::Quadratic { curvature, .. }) => {
                let start = vec![curvature; bias.len()];
                return Ok(Self::arranged(Sets::Pairs, direct(&|w| w, start), true));
            }
            None => {}
        }
        if let Alphabet::Levels(levels) = machine.hidden.alphabet()
            && let Some(products) = LevelProducts::new(machine, levels, order)
        {
            return Ok(Self::arranged(Sets::Products, products.numbers(machine), false));
        }
        let interpolation = Interpolation::new(machine, order)?;
        let numbers = interpolation.numbers(machine);
        Ok(Self::arranged(Sets::Fields(interpolation), numbers, false))
    }

    fn arranged(sets: Sets, numbers: Numbers, direct: bool) -> Self {
        let Numbers { form, factors, start, mut sites } = numbers;
        let rest = sites.pop().unwrap_or_default();
        let depth = rest.len();
        let mut blocks = Vec::with_capacity(sites.len().div_ceil(LANES) * depth);
        for eight in sites.chunks(LANES) {
            blocks
                .extend((0..depth).map(|h| Lanes(std::array::from_fn(|l| eight.get(l).unwrap_or(&rest)[h]))));
        }
        let rest = rest.into_iter().map(Lanes::of).collect();
        Self { form, sets, depth, blocks, rest, factors, start, direct }
    }

    /// Numbers of a set.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Number of blocks of eight sites.
    pub(super) fn blocks(&self) -> usize {
        self.blocks.len() / self.depth.max(1)
    }

    /// b of eight sites.
    #[inline(always)]
    pub(super) fn block(&self, block: usize) -> &[Lanes] {
        &self.blocks[block * self.depth..(block + 1) * self.depth]
    }

    /// b of no site: its sum is what L(S; k) of every k has in common.
    pub(super) fn rest(&self) -> &[Lanes] {
        &self.rest
    }

    /// The numbers of the set S.
    #[inline(always)]
    pub(super) fn prepare(&self, set: &[usize], out: &mut [f64]) {
        match &self.sets {
            Sets::Pairs if set.len() > 1 => out.fill(0.0),
            Sets::Products | Sets::Pairs => {
                out.copy_from_slice(&self.start);
                for site in set {
                    let factors = &self.factors[site * self.depth..(site + 1) * self.depth];
                    for (x, factor) in out.iter_mut().zip(factors) {
                        *x *= factor;
                    }
                }
            }
            Sets::Fields(interpolation) => interpolation.prepare(set, out),
        }
    }
}
