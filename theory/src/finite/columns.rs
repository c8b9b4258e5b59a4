//! Columns of memories with finitely many values, memories with equal overlaps taken together.

use super::law::SiteLaw;
use super::moments::{Moments, Transverse};

/// The columns of groups of memories: z_g = Σ_{μ∈g} η_μ, one overlap for each group.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Number of memories in each group.
    pub(super) sizes: Vec<usize>,
    /// Number of memories outside the groups, whose overlaps are 0.
    outside: usize,
    /// E\[η²\].
    power: f64,
    /// z of each column.
    sums: Vec<f64>,
    /// Σ_{μ∈g} η_μ² of each column.
    squares: Vec<f64>,
    weights: Vec<f64>,
}

/// Values η with their probabilities.
pub(super) type Support = [(f64, f64); 2];

/// k of n components have the second value: (probability, z, Σ η²).
fn group(n: usize, support: &Support) -> Vec<(f64, f64, f64)> {
    let [(low, p_low), (high, p_high)] = *support;
    let mut binomial = 1.0;
    (0..=n)
        .map(|k| {
            let (many, few) = (k as f64, (n - k) as f64);
            // Products stay in range up to n = 1000: powers on either side of the binomial.
            let probability = (binomial * p_high.powi(k as i32)) * p_low.powi((n - k) as i32);
            binomial = binomial * few / (many + 1.0);
            (probability, many * high + few * low, many * high * high + few * low * low)
        })
        .collect()
}

impl Columns {
    /// The columns of groups of the given sizes; with `fold`, z → −z is a symmetry and half of them suffice.
    pub(super) fn new(sizes: &[usize], outside: usize, support: &Support, fold: bool) -> Self {
        let k = sizes.len();
        let mut out = Self {
            sizes: sizes.to_vec(),
            outside,
            power: support.iter().map(|(value, p)| p * value * value).sum(),
            sums: Vec::new(),
            squares: Vec::new(),
            weights: Vec::new(),
        };
        let groups: Vec<_> = sizes.iter().map(|n| group(*n, support)).collect();
        let mut digits = vec![0; k];
        loop {
            let parts: Vec<_> = digits.iter().zip(&groups).map(|(d, group)| group[*d]).collect();
            let leading = parts.iter().map(|part| part.1).find(|z| *z != 0.0);
            let probability: f64 = parts.iter().map(|part| part.0).product();
            let share = match leading {
                Some(z) if fold => {
                    if z > 0.0 {
                        2.0
                    } else {
                        0.0
                    }
                }
                _ => 1.0,
            };
            if share * probability > 0.0 {
                out.weights.push(share * probability);
                out.sums.extend(parts.iter().map(|part| part.1));
                out.squares.extend(parts.iter().map(|part| part.2));
            }
            let Some(next) = (0..k).find(|g| digits[*g] < sizes[*g]) else { break };
            digits[next] += 1;
            digits[..next].fill(0);
        }
        out
    }

    /// Averages in the field g·z + h.
    pub(super) fn average(&self, law: &SiteLaw, g: &[f64], h: f64, temperature: f64) -> Moments {
        let k = self.sizes.len();
        let mut out = Moments::new(k);
        let mut inside = vec![(0.0, 0.0); k];
        for (c, &weight) in self.weights.iter().enumerate() {
            let z = &self.sums[c * k..(c + 1) * k];
            let field = h + z.iter().zip(g).map(|(z, g)| z * g).sum::<f64>();
            let r = law.at(field, temperature);
            let (even, odd) = out.add(weight, z, &r);
            for (i, &n) in self.sizes.iter().enumerate() {
                if n > 1 {
                    let n = n as f64;
                    let spread = (n * self.squares[c * k + i] - z[i] * z[i]) / (n * (n - 1.0));
                    inside[i].0 += even * spread;
                    inside[i].1 += odd * spread;
                }
            }
        }
        out.close();
        for (&n, (even, odd)) in self.sizes.iter().zip(inside) {
            if n > 1 {
                out.transverse.push(Transverse { even, odd, multiplicity: n - 1 });
            }
        }
        if self.outside > 0 {
            out.transverse.push(Transverse {
                even: self.power * out.chi,
                odd: self.power * out.odd_chi,
                multiplicity: self.outside,
            });
        }
        out
    }

    /// E\[⟨s⟩⟨s′⟩\] in the fields g·z + h and g′·z + h.
    pub(super) fn successive(&self, law: &SiteLaw, g: (&[f64], &[f64]), h: f64, temperature: f64) -> f64 {
        let field = |z: &[f64], g: &[f64]| h + z.iter().zip(g).map(|(z, g)| z * g).sum::<f64>();
        let k = self.sizes.len();
        let columns = self.sums.chunks(k).zip(&self.weights);
        columns
            .map(|(z, p)| {
                p * law.at(field(z, g.0), temperature).mean * law.at(field(z, g.1), temperature).mean
            })
            .sum()
    }
}
