//! Random weights of machines with hidden units.

use mattis_model::SpecError;
use mattis_model::address::Purpose;

use crate::SimError;
use crate::error::check_memory;
use crate::random::{Source, normal};

/// W_iμ ~ N(mean, σ²), one row for each visible unit. Row i has its own stream, of which W_iμ takes the words 2μ and
/// 2μ + 1: more hidden units, and more visible ones, keep the old weights.
///
/// # Errors
/// If they do not fit in memory, or σ < 0 or a parameter is not finite.
pub fn random_weights(
    (visible, columns): (usize, usize),
    (mean, sigma): (f64, f64),
    source: Source,
) -> Result<Vec<Vec<f64>>, SimError> {
    if !mean.is_finite() {
        return Err(SpecError::out_of_range("mean of the weights", mean, "a finite number").into());
    }
    if !(sigma >= 0.0 && sigma.is_finite()) {
        return Err(SpecError::out_of_range("sigma of the weights", sigma, "a number >= 0").into());
    }
    // A row is a list of its own.
    check_memory(format!("{visible} × {columns} weights"), visible as u128 * (8 * columns as u128 + 64))?;
    let row = |site: usize| {
        let mut words = source.stream(Purpose::Weights, 0, site as u64);
        let mut word = move || words.next().unwrap_or_default();
        (0..columns).map(|_| mean + sigma * normal(word(), word())).collect()
    };
    Ok((0..visible).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_machines_keep_the_weights_of_smaller_ones() {
        let source = Source { seed: 5, sample: 2 };
        let small = random_weights((3, 4), (0.5, 2.0), source).unwrap();
        let large = random_weights((6, 7), (0.5, 2.0), source).unwrap();
        for (few, many) in small.iter().zip(&large) {
            assert_eq!(few[..], many[..4]);
        }
        assert!(random_weights((2, 2), (0.0, -1.0), source).is_err());
        assert!(random_weights((2, 2), (f64::NAN, 1.0), source).is_err());
        assert!(random_weights((1 << 40, 1 << 40), (0.0, 1.0), source).is_err());
    }

    /// Mean and variance at four standard errors.
    #[test]
    fn moments_are_those_of_the_law() {
        let weights = random_weights((100, 100), (0.3, 0.7), Source { seed: 6, sample: 0 }).unwrap();
        let all: Vec<f64> = weights.into_iter().flatten().collect();
        let mean = all.iter().sum::<f64>() / 1e4;
        let variance = all.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / 1e4;
        assert!((mean - 0.3).abs() < 4.0 * 0.007, "{mean}");
        assert!((variance - 0.49).abs() < 4.0 * 0.49 * 0.0142, "{variance}");
    }
}
