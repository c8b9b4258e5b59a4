//! One memory in a finite network, exactly, under either update.
//!
//! With J_ij = ξ_i ξ_j/N the gauge S_i → ξ_i S_i leaves a law of the magnetisation alone: N + 1 terms.

use mattis_model::Schedule;

/// ⟨|m|⟩ of N ±1 units with one memory and J_ii = 0 at temperature T > 0, in the stationary law of the update:
/// P(M) ∝ C(N, k) e^{M²/2NT} for sequential, C(N, k) \[2cosh((M−1)/NT)\]^k \[2cosh((M+1)/NT)\]^{N−k} for
/// parallel updates (Peretto 1984), M = 2k − N.
pub fn one_memory_overlap(neurons: usize, temperature: f64, update: Schedule) -> f64 {
    let n = neurons as f64;
    let ln_2_cosh = |x: f64| x.abs() + (-2.0 * x.abs()).exp().ln_1p();
    let log_weight = |k: usize| {
        let (up, down) = (k as f64, (neurons - k) as f64);
        let total = up - down;
        let ways = libm::lgamma(n + 1.0) - libm::lgamma(up + 1.0) - libm::lgamma(down + 1.0);
        ways + match update {
            Schedule::Parallel => {
                up * ln_2_cosh((total - 1.0) / (n * temperature))
                    + down * ln_2_cosh((total + 1.0) / (n * temperature))
            }
            _ => total * total / (2.0 * n * temperature),
        }
    };
    let logs: Vec<f64> = (0..=neurons).map(log_weight).collect();
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut norm, mut sum) = (0.0, 0.0);
    for (k, log) in logs.iter().enumerate() {
        let weight = (log - top).exp();
        norm += weight;
        sum += weight * (2.0 * k as f64 - n).abs() / n;
    }
    sum / norm
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::Enumeration;
    use mattis_model::{Diagonal, Unit};

    #[test]
    fn the_sum_is_the_enumeration() {
        let memory: Vec<f64> = (0..9).map(|i| if i % 3 == 0 { -1.0 } else { 1.0 }).collect();
        let network =
            Enumeration::of_memories(&Unit::neutral(), std::slice::from_ref(&memory), Diagonal::Zero)
                .unwrap();
        for temperature in [0.3, 0.8, 2.0] {
            let laws = [
                (Schedule::Sequential, network.boltzmann(temperature).unwrap()),
                (Schedule::Parallel, network.parallel(temperature).unwrap()),
            ];
            for (update, law) in laws {
                let exact = law.overlaps(std::slice::from_ref(&memory)).unwrap().absolute[0];
                assert!((one_memory_overlap(9, temperature, update) - exact).abs() < 1e-13, "{update:?}");
            }
        }
    }

    #[test]
    fn the_updates_differ_by_one_over_n() {
        let scaled = |neurons: usize| {
            let difference = one_memory_overlap(neurons, 0.5, Schedule::Parallel)
                - one_memory_overlap(neurons, 0.5, Schedule::Sequential);
            difference * neurons as f64
        };
        // N(m_L − m_H) tends to 0.00544 and is off by O(1/N).
        let (a, b) = (scaled(400), scaled(800));
        assert!((2.0 * b - a - 0.00544).abs() < 5e-5, "{a} {b}");
    }
}
