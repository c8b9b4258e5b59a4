//! Units whose couplings are products over sites, in closed form.

use mattis_model::Unit;

/// K of a unit that is a parabola or an exponential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Factorised {
    /// K = slope·q + ½ curvature·q²: a Gaussian unit. No coupling is of more than two sites.
    Quadratic {
        /// K′(0).
        slope: f64,
        /// K″.
        curvature: f64,
    },
    /// K = rate (e^q − 1): a Poisson unit.
    Exponential {
        /// Its mean at q = 0.
        rate: f64,
    },
}

/// Fields where the cumulants are looked at.
const PROBES: [f64; 5] = [0.0, -1.25, 0.75, 2.0, -0.5];

/// Cumulants that are compared.
const ORDERS: usize = 9;

impl Factorised {
    /// What the cumulants of a unit say: κ₃ = … = 0, or all of them equal, at several fields. No other unit has
    /// either, since K is analytic.
    pub(super) fn of(unit: &Unit) -> Option<Self> {
        let mut cumulants = [[0.0; ORDERS]; PROBES.len()];
        for (row, q) in cumulants.iter_mut().zip(PROBES) {
            unit.cumulants(q, row);
        }
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-13 * a.abs();
        let [_, first, second, ..] = cumulants[0];
        if second > 0.0
            && cumulants
                .iter()
                .all(|row| row[3..].iter().all(|k| k.abs() <= 1e-14 * second) && same(second, row[2]))
        {
            return Some(Self::Quadratic { slope: first, curvature: second });
        }
        let exponential = first > 0.0
            && cumulants
                .iter()
                .zip(PROBES)
                .all(|(row, q)| row[1..].iter().all(|k| same(first * q.exp(), *k)));
        exponential.then_some(Self::Exponential { rate: first })
    }
}
