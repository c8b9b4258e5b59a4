//! Eigenvalues of reversible dynamics.

use nalgebra::DMatrix;

use super::sum::sum;
use super::{Dynamics, Enumeration, ExactError};

/// Most states of which a spectrum is computed.
pub const MAX_SPECTRUM_STATES: usize = 1 << 14;

/// Up to here all eigenvalues are computed, beyond only the ends of the spectrum.
const MAX_DENSE_STATES: usize = 1 << 10;

/// Largest |ln P(S)/P(S′)| of the symmetrised matrix: its square root stays a double.
const MAX_EXPONENT: f64 = 1200.0;

/// Steps of the iteration, and the residual |Av − λv| at which an eigenvalue counts as found; its error is
/// the square of that over the distance to the next.
const MAX_STEPS: usize = 400;
const RESIDUAL: f64 = 1e-9;

/// |λ| closer to 1 than this leaves no digits for a relaxation time.
const INDISTINCT: f64 = 1e-12;

/// The eigenvalues of one step of a dynamics; all are real under detailed balance.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// From 1 downwards: all of them with multiplicity where `complete`, otherwise the largest distinct ones.
    pub eigenvalues: Vec<f64>,
    /// The lowest.
    pub lowest: Option<f64>,
    /// Whether every eigenvalue was computed.
    pub complete: bool,
    /// Largest |W(S → S′) √(P(S)/P(S′)) − W(S′ → S) √(P(S′)/P(S))|: zero to rounding.
    pub detailed_balance: f64,
}

impl Spectrum {
    /// −1/ln|λ| in steps, λ the eigenvalue of largest modulus after the leading 1: the time after which the
    /// slowest deviation from the stationary law has decayed by e. `None` where |λ| is 1 to rounding.
    pub fn relaxation_time(&self) -> Option<f64> {
        let modulus = self.eigenvalues.get(1)?.abs().max(self.lowest?.abs());
        // Nothing is left after one step where every other eigenvalue is 0 to rounding.
        if modulus < INDISTINCT {
            return Some(0.0);
        }
        (modulus < 1.0 - INDISTINCT).then(|| -1.0 / libm::log(modulus))
    }
}

impl Enumeration {
    /// The spectrum of one step of a reversible dynamics, of D^{1/2} W D^{−1/2} with D the stationary law: all of it
    /// up to 2¹⁰ states; beyond, its ends by Lanczos' method with full orthogonalisation from a fixed vector, on the
    /// complement of the stationary law.
    ///
    /// # Errors
    /// If J is not symmetric, the dynamics is an ordered sweep, T is not positive or so low that probabilities leave
    /// the range of doubles, or there are more than [`MAX_SPECTRUM_STATES`] states.
    pub fn spectrum(&self, dynamics: Dynamics, temperature: f64) -> Result<Spectrum, ExactError> {
        self.check_symmetric()?;
        let weights = match dynamics {
            Dynamics::HeatBathRandom | Dynamics::MetropolisRandom => {
                self.boltzmann_log_weights(temperature)?
            }
            Dynamics::HeatBathParallel => self.parallel_log_weights(temperature)?,
            Dynamics::HeatBathSweep => return Err(ExactError::Irreversible),
        };
        let (low, high) = weights
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), w| (low.min(*w), high.max(*w)));
        if high - low > MAX_EXPONENT {
            let (exponent, limit) = (high - low, MAX_EXPONENT);
            return Err(ExactError::Unrepresentable { temperature, exponent, limit });
        }
        if self.states > MAX_SPECTRUM_STATES {
            return Err(ExactError::TooLarge {
                levels: self.levels.len(),
                units: self.units,
                limit: MAX_SPECTRUM_STATES,
                purpose: " in a spectrum",
            });
        }
        let root: Vec<f64> = weights.iter().map(|w| libm::exp(0.5 * (w - high))).collect();
        if self.states <= MAX_DENSE_STATES {
            return self.dense_spectrum(dynamics, temperature, &root);
        }
        let beta = 1.0 / temperature;
        if dynamics == Dynamics::HeatBathParallel {
            let product = Product::new(self, beta);
            let asymmetry = product.asymmetry(&root);
            Ok(ends(&root, asymmetry, |x, y| product.apply(&root, x, y)))
        } else {
            let flips = Flips::new(self, dynamics, beta);
            let asymmetry = flips.asymmetry(&root);
            Ok(ends(&root, asymmetry, |x, y| flips.apply(x, y)))
        }
    }

    fn dense_spectrum(&self, dynamics: Dynamics, t: f64, root: &[f64]) -> Result<Spectrum, ExactError> {
        let step = self.transition(dynamics, t)?;
        let m = self.states;
        let scaled = DMatrix::from_fn(m, m, |s, t| step.row(s)[t] * root[s] / root[t]);
        let difference = (&scaled - scaled.transpose()).amax();
        let symmetric = (&scaled + scaled.transpose()) * 0.5;
        let mut eigenvalues: Vec<f64> = symmetric.symmetric_eigenvalues().iter().copied().collect();
        eigenvalues.sort_by(|a, b| b.total_cmp(a));
        let lowest = eigenvalues.last().copied();
        Ok(Spectrum { eigenvalues, lowest, complete: true, detailed_balance: difference })
    }
}

/// Single changes of one unit: a sparse matrix.
struct Flips {
    /// W(S → S), and per state the targets with W(S → S′) and √(W(S → S′) W(S′ → S)).
    stay: Vec<f64>,
    targets: Vec<(u32, f64, f64)>,
    per_state: usize,
}

impl Flips {
    fn new(network: &Enumeration, dynamics: Dynamics, beta: f64) -> Self {
        let others = network.levels.len() - 1;
        let per_state = network.units * others;
        let mut flips = Self {
            stay: Vec::with_capacity(network.states),
            targets: Vec::with_capacity(network.states * per_state),
            per_state,
        };
        let chosen = 1.0 / network.units as f64;
        network.visit(|state, digits, spins| {
            let mut left = 0.0;
            network.each_unit(beta, digits, spins, |i, law| {
                let own = law[digits[i]];
                for (d, p) in law.iter().enumerate().filter(|(d, _)| *d != digits[i]) {
                    // The law of a unit does not depend on its own level: the way back has the weight of `own`.
                    let (there, both) = if dynamics == Dynamics::MetropolisRandom {
                        let proposal = chosen / others as f64;
                        (proposal * (p / own).min(1.0), proposal * (p / own).min(own / p).sqrt())
                    } else {
                        (chosen * p, chosen * (p * own).sqrt())
                    };
                    left += there;
                    flips.targets.push((network.neighbour(state, digits, i, d) as u32, there, both));
                }
            });
            flips.stay.push(1.0 - left);
        });
        flips
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        for (s, targets) in self.targets.chunks_exact(self.per_state).enumerate() {
            let moved: f64 = targets.iter().map(|(t, _, both)| both * x[*t as usize]).sum();
            y[s] = self.stay[s] * x[s] + moved;
        }
    }

    /// Both directions of every change against the stationary law.
    fn asymmetry(&self, root: &[f64]) -> f64 {
        let mut worst = 0.0f64;
        for (s, targets) in self.targets.chunks_exact(self.per_state).enumerate() {
            for (t, there, both) in targets {
                worst = worst.max((there * root[s] / root[*t as usize] - both).abs());
            }
        }
        // Both directions are compared with their geometric mean: they differ by at most twice that.
        2.0 * worst
    }
}

/// Parallel updates: W(S → S′) = Π_i P(s_i′ | H_i(S)), as a product of a low and a high half of the units.
struct Product {
    low: Vec<f64>,
    high: Vec<f64>,
    low_states: usize,
    high_states: usize,
}

impl Product {
    fn new(network: &Enumeration, beta: f64) -> Self {
        let base = network.levels.len();
        let split = network.units / 2;
        let low_states = base.pow(split as u32);
        let high_states = network.states / low_states;
        let mut product = Self {
            low: vec![0.0; network.states * low_states],
            high: vec![0.0; network.states * high_states],
            low_states,
            high_states,
        };
        let mut inputs = vec![0.0; network.units];
        let mut law = vec![0.0; base];
        network.visit(|state, _, spins| {
            network.inputs(spins, &mut inputs);
            let halves = [
                (&inputs[..split], &mut product.low[state * low_states..(state + 1) * low_states]),
                (&inputs[split..], &mut product.high[state * high_states..(state + 1) * high_states]),
            ];
            for (inputs, row) in halves {
                row[0] = 1.0;
                let mut filled = 1;
                for input in inputs {
                    network.single_unit(beta, input + network.field, 0.0, &mut law);
                    for (d, p) in law.iter().enumerate().rev() {
                        for k in 0..filled {
                            row[d * filled + k] = row[k] * p;
                        }
                    }
                    filled *= base;
                }
            }
        });
        product
    }

    fn low(&self, state: usize) -> &[f64] {
        &self.low[state * self.low_states..][..self.low_states]
    }

    /// y = Aᵀx with A = D^{1/2} W D^{−1/2}, which is symmetric.
    fn apply(&self, root: &[f64], x: &[f64], y: &mut [f64]) {
        y.fill(0.0);
        let amounts: Vec<f64> = x.iter().zip(root).map(|(x, root)| x * root).collect();
        // Four rows at a time, so that y is loaded and stored a quarter as often.
        let (fours, rest) = amounts.as_chunks::<4>();
        for (group, amount) in fours.iter().enumerate() {
            let s = 4 * group;
            let rows = [self.low(s), self.low(s + 1), self.low(s + 2), self.low(s + 3)];
            for (block, out) in y.chunks_exact_mut(self.low_states).enumerate() {
                let f = |k: usize| amount[k] * self.high[(s + k) * self.high_states + block];
                let factors = [f(0), f(1), f(2), f(3)];
                let columns = rows[0].iter().zip(rows[1]).zip(rows[2]).zip(rows[3]);
                for (out, (((a, b), c), d)) in out.iter_mut().zip(columns) {
                    *out += (factors[0] * a + factors[1] * b) + (factors[2] * c + factors[3] * d);
                }
            }
        }
        for (k, amount) in rest.iter().enumerate() {
            let s = 4 * fours.len() + k;
            for (block, out) in y.chunks_exact_mut(self.low_states).enumerate() {
                let factor = amount * self.high[s * self.high_states + block];
                out.iter_mut().zip(self.low(s)).for_each(|(out, l)| *out += factor * l);
            }
        }
        y.iter_mut().zip(root).for_each(|(y, root)| *y /= root);
    }

    /// Both directions of every pair of states, block by block of equal high halves.
    fn asymmetry(&self, root: &[f64]) -> f64 {
        let inverse: Vec<f64> = root.iter().map(|root| 1.0 / root).collect();
        let n = self.low_states;
        let mut worst = 0.0f64;
        for s in 0..root.len() {
            let own = self.low(s);
            let (high, low) = (s / n, s % n);
            for block in 0..=high {
                let forth = self.high[s * self.high_states + block] * root[s];
                let targets = block * n..(block + 1) * n;
                let back = self.low[targets.start * n + low..].iter().step_by(n);
                let their =
                    self.high[targets.start * self.high_states + high..].iter().step_by(self.high_states);
                let scales = root[targets.clone()].iter().zip(&inverse[targets]);
                for (((own, low), high), (root, inverted)) in own.iter().zip(back).zip(their).zip(scales) {
                    let gap = own * forth * inverted - low * high * root * inverse[s];
                    worst = worst.max(gap.abs());
                }
            }
        }
        worst
    }
}

/// Both ends of the spectrum of a symmetric matrix whose eigenvector of eigenvalue 1 is known.
fn ends(root: &[f64], detailed_balance: f64, apply: impl Fn(&[f64], &mut [f64])) -> Spectrum {
    let m = root.len();
    let norm = sum(root.iter().map(|r| r * r)).sqrt();
    let mut basis: Vec<Vec<f64>> = vec![root.iter().map(|r| r / norm).collect()];
    // A start without any symmetry of the network: multiples of the golden ratio.
    let mut fresh: Vec<f64> = (0..m).map(|s| (s as f64 * 0.618_033_988_749_894_9).fract() - 0.5).collect();
    orthogonalise(&basis, &mut fresh);
    let length = normalise(&mut fresh);
    let mut found = Spectrum { eigenvalues: vec![1.0], lowest: None, complete: false, detailed_balance };
    if length == 0.0 {
        return found;
    }
    basis.push(fresh);
    let (mut diagonal, mut off) = (Vec::new(), Vec::new());
    let mut next = vec![0.0; m];
    for step in 1..=MAX_STEPS.min(m - 1) {
        apply(&basis[step], &mut next);
        diagonal.push(dot(&basis[step], &next));
        orthogonalise(&basis, &mut next);
        let beta = normalise(&mut next);
        let exhausted = beta < 1e-13;
        if exhausted || step % 5 == 0 || step == MAX_STEPS.min(m - 1) {
            let n = diagonal.len();
            let matrix = DMatrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
                0 => diagonal[i],
                1 => off[i.min(j)],
                _ => 0.0,
            });
            let eigen = matrix.symmetric_eigen();
            let mut ritz: Vec<(f64, f64)> = (0..n)
                .map(|k| (eigen.eigenvalues[k], (beta * eigen.eigenvectors[(n - 1, k)]).abs()))
                .collect();
            ritz.sort_by(|a, b| b.0.total_cmp(&a.0));
            let good = |pair: &&(f64, f64)| exhausted || pair.1 < RESIDUAL;
            found.eigenvalues.truncate(1);
            found.eigenvalues.extend(ritz.iter().take_while(good).map(|pair| pair.0));
            found.lowest = ritz.last().filter(good).map(|pair| pair.0);
            if exhausted || (found.eigenvalues.len() > 1 && found.lowest.is_some()) {
                break;
            }
        }
        off.push(beta);
        basis.push(next.clone());
    }
    found
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (heads, tail) = a.as_chunks::<8>();
    let (others, rest) = b.as_chunks::<8>();
    for (x, y) in heads.iter().zip(others) {
        for k in 0..8 {
            lanes[k] += x[k] * y[k];
        }
    }
    lanes.iter().sum::<f64>() + tail.iter().zip(rest).map(|(x, y)| x * y).sum::<f64>()
}

/// Removes the components along an orthonormal set; twice is enough (Parlett 1980).
fn orthogonalise(basis: &[Vec<f64>], x: &mut [f64]) {
    for _ in 0..2 {
        for b in basis {
            let component = dot(b, x);
            x.iter_mut().zip(b).for_each(|(x, b)| *x -= component * b);
        }
    }
}

fn normalise(x: &mut [f64]) -> f64 {
    let length = dot(x, x).sqrt();
    if length > 0.0 {
        for x in x.iter_mut() {
            *x /= length;
        }
    }
    length
}
