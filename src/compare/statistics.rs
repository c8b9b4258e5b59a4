//! Probabilities of differences: Student's t, and what holds for a whole family of correlated rows.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Probability of a |t| at least this large, with so many degrees of freedom (infinite: normal).
pub fn two_sided(t: f64, degrees: f64) -> Option<f64> {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return None;
    }
    let t = t.abs();
    if t.is_infinite() {
        return Some(0.0);
    }
    // Beyond a million degrees the difference from the normal law is below rounding of the errors.
    let tail =
        if degrees > 1e6 { Normal::standard().sf(t) } else { StudentsT::new(0.0, 1.0, degrees).ok()?.sf(t) };
    Some((2.0 * tail).min(1.0))
}

/// Holm's adjusted probabilities, in the order given. A set of rows below a level on them holds a false
/// alarm with at most that probability, whatever the correlations between rows.
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut adjusted = vec![0.0; probabilities.len()];
    let mut floor: f64 = 0.0;
    for (rank, index) in order.iter().enumerate() {
        let factor = (probabilities.len() - rank) as f64;
        floor = floor.max((factor * probabilities[*index]).min(1.0));
        adjusted[*index] = floor;
    }
    adjusted
}

/// Welch and Satterthwaite's degrees of freedom of Σ wᵢ xᵢ from the standard errors of the xᵢ and the
/// samples behind them.
pub fn degrees_of_freedom(terms: &[(f64, f64, usize)]) -> f64 {
    let total: f64 = terms.iter().map(|(weight, error, _)| (weight * error).powi(2)).sum();
    let spread: f64 = terms
        .iter()
        .map(|(weight, error, samples)| (weight * error).powi(4) / samples.saturating_sub(1).max(1) as f64)
        .sum();
    if spread > 0.0 { total * total / spread } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_has_the_tabulated_tails() {
        for (t, degrees, p) in
            [(12.706205, 1.0, 0.05), (2.228139, 10.0, 0.05), (5.0, f64::INFINITY, 5.733031e-7)]
        {
            let found = two_sided(t, degrees).expect("a probability");
            assert!((found / p - 1.0).abs() < 1e-5, "{found} {p}");
        }
        assert_eq!(two_sided(f64::NAN, 3.0), None);
        assert_eq!(two_sided(f64::INFINITY, 3.0), Some(0.0));
    }

    #[test]
    fn holm_orders_and_bounds() {
        assert_eq!(holm(&[0.01, 0.5, 0.02]), vec![0.03, 0.5, 0.04]);
        assert_eq!(holm(&[0.9, 0.9]), vec![1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn equal_errors_add_their_degrees() {
        assert_eq!(degrees_of_freedom(&[(1.0, 0.1, 9), (1.0, 0.1, 9)]), 16.0);
        assert!((degrees_of_freedom(&[(1.0, 0.1, 9), (1.0, 1e-9, 9)]) - 8.0).abs() < 1e-9);
    }
}
