//! Signal-to-noise estimates of one update.

use crate::average::normal_tail;

/// The probability that the first update of a 0/1 neuron moves it away from a stored memory, with n random
/// memories in N neurons, T_ij = Σ(2V_i − 1)(2V_j − 1), T_ii = 0 and thresholds 0, half of the neurons firing.
///
/// The field is ±N/2 with normal noise of variance (n − 1)N/2: P = Q(√\[N/2(n − 1)\]), Q the normal tail.
/// (Hopfield, PNAS 79, 2554 (1982))
pub fn first_update_error(neurons: usize, memories: usize) -> f64 {
    if memories < 2 {
        return 0.0;
    }
    normal_tail((neurons as f64 / (2.0 * (memories - 1) as f64)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::first_update_error;

    #[test]
    fn ten_memories_in_a_hundred_neurons() {
        // Q(√(100/18)) to ten digits.
        assert!((first_update_error(100, 10) - 0.009_211_062_727).abs() < 1e-12);
        assert_eq!(first_update_error(100, 1), 0.0);
    }
}
