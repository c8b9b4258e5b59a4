//! Trapezoidal rules for a standard normal variable, with the step that a tanh needs.
//!
//! The rule of step h leaves of each pole at distance d from the real axis an error of about e^{d²/2 − 2πd/h}
//! (Trefethen & Weideman, SIAM Rev. 56, 385 (2014)). The poles of tanh(a + bz) nearest to the axis have
//! d = π/2b, and h = 2πd/(43 + d²/2) makes that e^{−43}, times 43^{k−1}/(k − 1)! for
//! powers of the tanh with a pole of order k.

use std::f64::consts::PI;
use std::sync::OnceLock;

use crate::average::normal_density;

/// |z| beyond which the normal density is below 10⁻¹⁸ of its maximum.
const REACH: f64 = 9.2;
/// √86.
const FARTHEST: f64 = 9.273_618_495_495_704;
/// Fewer nodes are not enough for the normal density itself, of which a step h leaves e^{−2π²/h²} = 10⁻²⁵.
const FEWEST: f64 = 31.5;
/// Rules have a multiple of this number of nodes.
const QUANTUM: usize = 16;
/// Rules have at most this many nodes: longer ones take more time than panels, and in their sums the third
/// derivative of a steep tanh cancels.
const MOST: usize = 384;

/// Equidistant nodes, symmetric about 0, and their weights, the normal density included.
#[derive(Debug, PartialEq)]
pub(crate) struct Rule {
    /// The distance of neighbours.
    pub(crate) step: f64,
    /// The weights, a multiple of sixteen of them.
    pub(crate) weights: Vec<f64>,
}

impl Rule {
    /// The shortest rule for averages of powers of tanh(a + bz), b > 0, by 1/b; `None` where it would be longer than
    /// panels.
    #[inline]
    pub(crate) fn of(inverse: f64) -> Option<&'static Self> {
        // 2·REACH/h with d = π/2b. 1/h has its minimum at d = √86, and farther poles cost no nodes.
        let pole = (0.5 * PI * inverse).min(FARTHEST);
        let needed = (2.0 * REACH / (2.0 * PI)) * (43.0 / pole + 0.5 * pole);
        (needed <= MOST as f64).then(|| Self::with_at_least(needed.max(FEWEST) as usize + 1))
    }

    fn with_at_least(nodes: usize) -> &'static Self {
        static RULES: [OnceLock<Rule>; 25] = [const { OnceLock::new() }; 25];
        let count = nodes.div_ceil(QUANTUM).min(RULES.len() - 1);
        RULES[count].get_or_init(|| Self::new(count * QUANTUM))
    }

    pub(super) fn new(nodes: usize) -> Self {
        let step = 2.0 * REACH / nodes as f64;
        let middle = 0.5 * (nodes - 1) as f64;
        let weights = (0..nodes).map(|i| step * normal_density(step * (i as f64 - middle))).collect();
        Self { step, weights }
    }
}
