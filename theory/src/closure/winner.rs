//! Which of Q normal numbers is the largest, one of them ahead by a.
//!
//! g_1, …, g_Q are independent standard normal; the first is raised by a. It wins with the probability
//!
//! P(a) = ∫ φ(z) Φ(z + a)^{Q−1} dz,  P′(a) = (Q − 1) ∫ φ(z) φ(z − a) Φ(z)^{Q−2} dz
//!
//! and the winner's own number, without the lead, is on average
//!
//! E(a) = 2P′(a) + (Q − 1)(Q − 2) ∫ φ(z)² Φ(z)^{Q−3} Φ(z − a) dz,  E′(a) = −a P′(a).
//!
//! All integrands are positive and entire: the trapezoidal rule converges geometrically.

use crate::average::{normal_density, normal_tail};

/// Step of the rule; with Q = 256 the integrands are some 0.4 wide and 0.05 leaves nothing to be seen.
const STEP: f64 = 0.04;
/// Beyond this a normal density is below rounding.
const REACH: f64 = 9.5;

/// P and E at a lead a with the derivatives that are needed for exact Jacobians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Winner {
    /// P(a), the probability that the one ahead wins.
    pub(crate) probability: f64,
    /// P′(a).
    pub(crate) slope: f64,
    /// E(a), the mean of the winner's number.
    pub(crate) mean: f64,
}

/// Φ(z)^n; n ln Φ from the tail, so that nothing is lost where Φ is close to 1 and n large.
fn power(z: f64, n: i32) -> f64 {
    let tail = normal_tail(z.abs());
    let log = if z > 0.0 { (-tail).ln_1p() } else { tail.ln() };
    if n == 0 { 1.0 } else { (f64::from(n) * log).exp() }
}

impl Winner {
    /// The race of `states` ≥ 2 numbers, one of them ahead by `lead`.
    pub(crate) fn new(states: usize, lead: f64) -> Self {
        let others = states as i32 - 1;
        let (mut probability, mut slope, mut rest) = (0.0, 0.0, 0.0);
        let half = (REACH / STEP).ceil() as i32;
        for i in -half..=half {
            let z = STEP * f64::from(i);
            let density = STEP * normal_density(z);
            probability += density * power(z + lead, others);
            slope += density * normal_density(z - lead) * power(z, others - 1);
            if others > 1 {
                rest += density * normal_density(z) * power(z, others - 2) * normal_tail(lead - z);
            }
        }
        let slope = f64::from(others) * slope;
        let mean = 2.0 * slope + f64::from(others) * f64::from(others - 1) * rest;
        Self { probability, slope, mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Q = 2 in closed form; Q = 3 from the known mean of the largest of three, 3/(2√π).
    #[test]
    fn closed_forms() {
        for lead in [0.0, 0.3, 1.7, 5.0, 9.0] {
            let race = Winner::new(2, lead);
            assert!((race.probability - normal_tail(-lead / 2.0_f64.sqrt())).abs() < 1e-15);
            let slope = (-0.25 * lead * lead).exp() / (2.0 * std::f64::consts::PI.sqrt());
            assert!((race.slope - slope).abs() < 1e-15);
            assert!((race.mean - 2.0 * slope).abs() < 1e-15);
        }
        let race = Winner::new(3, 0.0);
        assert!((race.mean - 1.5 / std::f64::consts::PI.sqrt()).abs() < 1e-15);
        for states in [3, 10, 57, 256] {
            let even = Winner::new(states, 0.0);
            assert!((states as f64 * even.probability - 1.0).abs() < 1e-13, "{states}");
        }
    }

    /// P′ and E′ = −aP′ against finite differences.
    #[test]
    fn derivatives() {
        for states in [2, 3, 7, 256] {
            for lead in [0.4, 2.0, 4.5] {
                let at = |x: f64| Winner::new(states, x);
                let step = 1e-3;
                let difference = |f: &dyn Fn(f64) -> f64| {
                    let centred = |h: f64| (f(lead + h) - f(lead - h)) / (2.0 * h);
                    (4.0 * centred(step) - centred(2.0 * step)) / 3.0
                };
                let race = at(lead);
                assert!((difference(&|x| at(x).probability) - race.slope).abs() < 1e-11);
                assert!((difference(&|x| at(x).mean) + lead * race.slope).abs() < 1e-11);
            }
        }
    }
}
