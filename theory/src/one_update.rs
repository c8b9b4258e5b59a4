//! What one parallel update at T = 0 does to stored ±1 memories of Hebb couplings, J_ii = 0.
//!
//! N ξ_i^ν h_i = N − 1 + Σ_{μ≠ν} Σ_{j≠i} ξ_i^ν ξ_j^ν ξ_i^μ ξ_j^μ, and for one i and ν the (p − 1)(N − 1) products are
//! independent fair signs, so the probability that a bit changes is a binomial tail, exactly. The limit, a normal
//! crosstalk of variance p/N, is that of every text.

use std::f64::consts::PI;

use crate::average::normal_tail;

/// P(ξ_i h_i < 0) of random memories at finite N and p, exactly but for rounding, at most p · 10⁻¹⁶ + 2 · 10⁻¹³ of it; a
/// field of 0 changes nothing.
pub fn unstable_bit(neurons: usize, memories: usize) -> f64 {
    if neurons < 2 || memories < 2 {
        return 0.0;
    }
    let signs = (memories - 1) as u128 * (neurons - 1) as u128;
    match signs.checked_sub(neurons as u128) {
        // k products are +1, and 2k − M < −(N − 1).
        Some(rest) => fair_tail(signs as f64, (rest / 2) as f64),
        None => 0.0,
    }
}

/// Its limit for large N at load α = p/N: ½ erfc(1/√(2α)).
pub fn unstable_bit_limit(alpha: f64) -> f64 {
    if alpha > 0.0 { normal_tail(1.0 / alpha.sqrt()) } else { 0.0 }
}

/// The probability that a memory is not a fixed point: an estimate, good to a few per cent.
///
/// The bits of a memory are not independent: they share its overlaps with the other memories, and with C = Σ_μ G_μν²/N,
/// which is χ² with p − 1 degrees of freedom, a crosstalk has mean C − p + 1 and variance NC. Given C they are taken as
/// independent, with b(C) ∝ Q((N − p + C)/√(NC)) scaled to the exact mean [`unstable_bit`]; the result is
/// 1 − E_C (1 − b(C))^N. At N = 10⁴ and p = 700 it is 0.524, where independent bits give 0.540.
pub fn unstable_memory_estimate(neurons: usize, memories: usize) -> f64 {
    /// Points of the average over C.
    const POINTS: u32 = 800;
    let exact = unstable_bit(neurons, memories);
    if exact == 0.0 {
        return 0.0;
    }
    let (n, degrees) = (neurons as f64, memories as f64 - 1.0);
    // C = degrees e^t has the density e^{degrees (t − e^t)/2}.
    let width = 12.0 * (2.0 / degrees).sqrt();
    let (low, high) = (-(60.0 / degrees + width), (1.0 + width + 80.0 / degrees).ln());
    let terms: Vec<(f64, f64)> = (0..=POINTS)
        .map(|i| {
            let t: f64 = low + (high - low) * f64::from(i) / f64::from(POINTS);
            let c = degrees * t.exp();
            let bit = normal_tail((n - 1.0 - degrees + c) / (n * c).sqrt());
            ((0.5 * degrees * (t - t.exp() + 1.0)).exp(), bit)
        })
        .collect();
    let weight: f64 = terms.iter().map(|(weight, _)| weight).sum();
    let mean: f64 = terms.iter().map(|(weight, bit)| weight * bit).sum::<f64>() / weight;
    if mean == 0.0 {
        return n * exact;
    }
    let scale = exact / mean;
    let unstable = |bit: f64| -(n * (-(bit * scale).min(1.0)).ln_1p()).exp_m1();
    terms.iter().map(|(weight, bit)| weight * unstable(*bit)).sum::<f64>() / weight
}

/// The load at which a bit changes with this probability in the limit of large N: α = 1/z², Q(z) = probability.
/// `None` where the probability is not above 0 and below ½.
pub fn load_of_unstable_bits(probability: f64) -> Option<f64> {
    if !(probability > 0.0 && probability < 0.5) {
        return None;
    }
    let (mut low, mut high) = (0.0, 40.0);
    while high - low > 4.0 * f64::EPSILON * high {
        let middle = 0.5 * (low + high);
        if normal_tail(middle) > probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(1.0 / (high * high))
}

/// The largest p with which the expected number N p b of unstable bits of a whole set is at most ε.
pub fn largest_stable_set(neurons: usize, epsilon: f64) -> usize {
    let expected = |p: usize| neurons as f64 * p as f64 * unstable_bit(neurons, p);
    let mut high = 2;
    while expected(high) <= epsilon {
        if high > neurons.saturating_mul(4) {
            return high;
        }
        high *= 2;
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low.midpoint(high);
        if expected(middle) <= epsilon {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The same from the leading terms of ln erfc, the solution of P/N = 1/(4 ln N + 2 ln(1/ε) + 3 ln(P/N)).
///
/// The term −ln 2π that belongs into the denominator is left out, as published (Campagne, Elements on J. Hopfield
/// networks and G. Hinton's Boltzmann machines, equation 36); with it the result is 5 % larger at N = 10⁴.
pub fn largest_stable_set_asymptotic(neurons: usize, epsilon: f64) -> Option<f64> {
    let n = neurons as f64;
    let mut load: f64 = 0.05;
    for _ in 0..200 {
        let next = 1.0 / (4.0 * n.ln() - 2.0 * epsilon.ln() + 3.0 * load.ln());
        if !(next > 0.0 && next < 1.0) {
            return None;
        }
        if (next - load).abs() <= 4.0 * f64::EPSILON * load {
            break;
        }
        load = next;
    }
    Some(n * load)
}

/// P(K ≤ k) of K successes in n fair trials, k below n/2.
fn fair_tail(n: f64, k: f64) -> f64 {
    // The terms fall at least geometrically from the largest.
    let (mut term, mut sum, mut j) = (1.0, 1.0, k);
    while j > 0.0 {
        term *= j / (n - j + 1.0);
        sum += term;
        if term < sum * f64::EPSILON * 0.01 {
            break;
        }
        j -= 1.0;
    }
    fair_mass(n, k) * sum
}

/// P(K = k), by the deviance and Stirling's corrections, which do not cancel. (Loader, Fast and accurate computation
/// of binomial probabilities, 2000)
fn fair_mass(n: f64, k: f64) -> f64 {
    if k == 0.0 {
        return (-n * std::f64::consts::LN_2).exp();
    }
    let correction = stirling(n) - stirling(k) - stirling(n - k);
    let deviance = n * deviance((n - 2.0 * k) / n);
    (correction - deviance).exp() * (n / (2.0 * PI * k * (n - k))).sqrt()
}

/// ½(1 + d) ln(1 + d) + ½(1 − d) ln(1 − d), without cancellation.
fn deviance(d: f64) -> f64 {
    if d.abs() > 0.1 {
        return 0.5 * ((1.0 + d) * d.ln_1p() + (1.0 - d) * (-d).ln_1p());
    }
    let (square, mut power, mut sum) = (d * d, 1.0, 0.0);
    for j in 1..=10 {
        power *= square;
        let even = 2.0 * f64::from(j);
        sum += power / (even * (even - 1.0));
    }
    sum
}

/// ln x! − ln(√(2πx) (x/e)^x).
fn stirling(x: f64) -> f64 {
    if x < 16.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * x.ln() + x - 0.5 * (2.0 * PI).ln();
    }
    let y = 1.0 / (x * x);
    (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)))) / x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Binomial tails with 40 digits by mpmath.
    #[test]
    fn bits_are_a_binomial_tail() {
        let known = [
            (10_000, 1000, 0.000_778_034_711_123_773_1),
            (10_000, 386, 1.727_857_678_580_620_9e-7),
            (10_000, 50, 1.320_113_021_771_925_6e-46),
            (100, 10, 0.000_399_207_215_946_667_34),
            (7, 4, 0.048_126_220_703_125),
            (2, 3, 0.25),
            (2, 5, 0.3125),
            (5, 3, 0.035_156_25),
            (1_000_000, 100_000, 0.000_782_654_377_863_682_9),
        ];
        for (neurons, memories, expected) in known {
            let found = unstable_bit(neurons, memories);
            // The p/2 terms that count are products of ratios, each rounded twice.
            let rounding = 2e-13 + 0.5 * f64::EPSILON * memories as f64;
            assert!((found / expected - 1.0).abs() < rounding, "{neurons} {memories}: {found}");
        }
        for (neurons, memories) in [(3, 2), (100, 1), (100, 0), (1, 5), (0, 0)] {
            assert_eq!(unstable_bit(neurons, memories), 0.0);
        }
    }

    /// All 2⁹ sets of three memories of three units.
    #[test]
    fn all_sets_of_a_small_network() {
        let (neurons, memories) = (3_usize, 3_usize);
        let (mut wrong, mut all) = (0_u32, 0_u32);
        for bits in 0..1_u32 << (neurons * memories) {
            let sign = |memory: usize, unit: usize| 1 - 2 * ((bits >> (memory * neurons + unit)) & 1) as i32;
            for memory in 0..memories {
                for unit in 0..neurons {
                    let coupling = |j: usize| (0..memories).map(|m| sign(m, unit) * sign(m, j)).sum::<i32>();
                    let others = (0..neurons).filter(|j| *j != unit);
                    let field: i32 = others.map(|j| coupling(j) * sign(memory, j)).sum();
                    wrong += u32::from(sign(memory, unit) * field < 0);
                    all += 1;
                }
            }
        }
        assert_eq!(unstable_bit(neurons, memories), f64::from(wrong) / f64::from(all));
        assert!(wrong > 0);
    }

    #[test]
    fn the_limit_and_what_follows() {
        let ratio = |n: usize| unstable_bit(n, n / 10) / unstable_bit_limit(0.1) - 1.0;
        assert!(ratio(1_000_000).abs() < ratio(10_000).abs() && ratio(1_000_000).abs() < 1e-3);
        assert!((load_of_unstable_bits(0.01).unwrap() - 0.184_778_179_386_101).abs() < 1e-13);
        assert_eq!((load_of_unstable_bits(0.0), load_of_unstable_bits(0.5)), (None, None));
        assert_eq!(largest_stable_set(10_000, 0.01), 298);
        assert!((largest_stable_set_asymptotic(10_000, 0.01).unwrap() - 282.842_605_141_322).abs() < 1e-9);
        assert_eq!(largest_stable_set_asymptotic(1, 0.01), None);
    }

    /// 800 points of the average, by numpy, and sampled sets: at N = 300, p = 50 a share 0.806(3) of 20 000 memories.
    #[test]
    fn memories_are_estimated() {
        let known =
            [(10_000, 700, 0.523_847_691_9), (10_000, 400, 0.002_764_303_415), (300, 50, 0.808_787_026_7)];
        for (neurons, memories, expected) in known {
            let found = unstable_memory_estimate(neurons, memories);
            assert!((found / expected - 1.0).abs() < 1e-8, "{neurons} {memories}: {found}");
        }
        let sampled = unstable_memory_estimate(300, 50);
        assert!((sampled - 0.806).abs() < 0.01);
        // Fewer than of independent bits, which would be seen.
        let independent = 1.0 - (1.0 - unstable_bit(300, 50)).powi(300);
        assert!(independent - 0.806 > 0.05);
        assert!((unstable_memory_estimate(10_000, 50) / (1e4 * unstable_bit(10_000, 50)) - 1.0).abs() < 1e-6);
        assert_eq!((unstable_memory_estimate(10, 1), unstable_memory_estimate(3, 2)), (0.0, 0.0));
    }
}
