//! Potts units at T = 0 as a problem in one parameter.
//!
//! With the lead a of the stored state, in units of the noise, and P, E of [`Winner`],
//!
//! √(α(Q − 1)) = √Q \[(QP(a) − 1)/a − E(a)\]
//!
//! has one maximum, α_c; Q = 2 is the Hopfield model. (Kanter, Phys. Rev. A 37, 2739 (1988))

use super::Winner;
use crate::solve::scalar::brent;

/// The curve for Q states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PottsCurve {
    pub(crate) states: usize,
}

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PottsPoint {
    /// √α, negative beyond C = 1.
    pub(crate) root: f64,
    pub(crate) m: f64,
    /// C.
    pub(crate) response: f64,
    /// Δ.
    pub(crate) delta: f64,
}

/// Leads that are told from 0.
const SMALLEST: f64 = 1e-4;

impl PottsCurve {
    /// The point at a lead a > 0.
    pub(crate) fn at(self, lead: f64) -> PottsPoint {
        let race = Winner::new(self.states, lead);
        let q = self.states as f64;
        let aligned = q * race.probability - 1.0;
        PottsPoint {
            root: (q / (q - 1.0)).sqrt() * (aligned / lead - race.mean),
            m: aligned / (q - 1.0),
            response: race.mean * lead / aligned,
            delta: q * (aligned / lead).powi(2),
        }
    }

    /// a² times the slope of (QP − 1)/a − E.
    fn slope(self, lead: f64) -> f64 {
        let race = Winner::new(self.states, lead);
        let q = self.states as f64;
        (q * lead + lead.powi(3)) * race.slope - (q * race.probability - 1.0)
    }

    /// The lead at the maximum.
    pub(crate) fn top(self) -> Option<f64> {
        let mut high = 40.0;
        while high > 0.2 {
            let low = high - 0.1;
            if self.slope(low) > 0.0 {
                return brent(low, high, &mut |lead| self.slope(lead));
            }
            high = low;
        }
        None
    }

    /// The two solutions at a load, that of larger overlap first; none above the maximum.
    pub(crate) fn at_load(self, alpha: f64) -> Vec<PottsPoint> {
        let mut gap = |lead: f64| self.at(lead).root - alpha.sqrt();
        let Some(top) = self.top() else { return Vec::new() };
        let q = self.states as f64;
        // No noise but that of saturated units leads further.
        let far = (q * (q - 1.0) / alpha).sqrt();
        let ends = [(top, far.max(top)), (SMALLEST, top)];
        ends.into_iter().filter_map(|(low, high)| Some(self.at(brent(low, high, &mut gap)?))).collect()
    }
}
