//! Sums that keep their digits.

/// A compensated sum (Neumaier 1974): its error does not grow with the number of terms.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn add(&mut self, term: f64) {
        let total = self.total + term;
        self.lost += if self.total.abs() >= term.abs() {
            (self.total - total) + term
        } else {
            (term - total) + self.total
        };
        self.total = total;
    }

    pub(super) fn value(self) -> f64 {
        self.total + self.lost
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}

/// Σ of an iterator, compensated.
pub(super) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().collect::<Sum>().value()
}

/// Turns logarithms of weights into probabilities in place; returns ln Σ e^{weight}.
pub(super) fn normalise(log_weights: &mut [f64]) -> f64 {
    let top = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for weight in log_weights.iter_mut() {
        *weight = libm::exp(*weight - top);
    }
    let total = sum(log_weights.iter().copied());
    for weight in log_weights.iter_mut() {
        *weight /= total;
    }
    top + libm::log(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_survive_large_ones() {
        assert_eq!(sum([1e16, 1.0, 1.0, -1e16]), 2.0);
        assert_eq!([1e16, 1.0, 1.0, -1e16].iter().sum::<f64>(), 2.0 - 2.0);
    }

    #[test]
    fn huge_exponents_do_not_overflow() {
        let mut weights = [-1e5, -1e5 - std::f64::consts::LN_2];
        let log = normalise(&mut weights);
        assert!((log - (-1e5 + 1.5f64.ln())).abs() < 1e-10);
        assert!((weights[0] - 2.0 / 3.0).abs() < 1e-10);
    }
}
