//! Temperatures where the state without overlaps changes.

use super::{Columnar, FinitePatterns};
use crate::solve::scalar::brent;

impl FinitePatterns {
    /// The largest and smallest eigenvalue of E\[ηηᵀ\]^½ A E\[ηηᵀ\]^½, which the paramagnet's response multiplies.
    fn gains(&self) -> (f64, f64) {
        let p = self.count as f64;
        let (mean, power) = (self.mean(), self.power());
        let Some(form) = &self.form else {
            let all = power + (p - 1.0) * mean * mean;
            let one = if self.count > 1 { power - mean * mean } else { all };
            return (all.max(one), all.min(one));
        };
        let n = self.count;
        let covariance = super::Matrix::from_fn(n, n, |i, j| if i == j { power } else { mean * mean });
        let eigen = nalgebra::SymmetricEigen::new(covariance);
        let roots = super::Matrix::from_diagonal(&eigen.eigenvalues.map(|x| x.max(0.0).sqrt()));
        let root = &eigen.eigenvectors * roots * eigen.eigenvectors.transpose();
        let values = super::saddle::eigenvalues(&root * form * &root);
        let extreme = |f: fn(f64, f64) -> f64, start: f64| values.iter().copied().fold(start, f);
        (extreme(f64::max, f64::NEG_INFINITY), extreme(f64::min, f64::INFINITY))
    }

    /// The highest temperature where the state without overlaps loses stability: gain × w_hh = 1. Hebb
    /// couplings of ±1 memories: 1; biased by a: 1 + (p − 1)a²; covariance rule: 1 − a²; parallel updates with
    /// J₀: T = 1 + tanh(J₀/T). `None` if m = 0 is no state, or stable at any temperature. Under parallel
    /// updates the instability may be one towards a 2-cycle.
    pub fn critical_temperature(&self) -> Option<f64> {
        if !self.has_zero() {
            return None;
        }
        let (largest, smallest) = self.gains();
        let excess = |temperature: f64| {
            let r = self.law.at(self.field, temperature);
            let even = largest * r.even - 1.0;
            if self.parallel { even.max(-smallest * r.odd - 1.0) } else { even }
        };
        highest_root(&excess)
    }

    /// The tricritical diagonal and temperature (J₀, T) of the branch m = m′ under parallel updates: where w̃_hh
    /// and w̃_hhhh allow neither a quadratic nor a quartic term in ½m² − E w̃. J₀ = −(ln 2)/3 and T = 2/3 for
    /// Ising units. Units with levels and without field; J₀ is varied, whatever the model's diagonal.
    pub fn tricritical(&self) -> Option<(f64, f64)> {
        if !(self.parallel && self.fold && self.law.has_levels()) {
            return None;
        }
        let (gain, _) = self.gains();
        if gain <= 0.0 {
            return None;
        }
        let law = |diagonal: f64| super::law::SiteLaw::pair(self.law.unit(), diagonal);
        // J₀ of the critical line at T.
        let diagonal = |temperature: f64| {
            let mut excess = |x: f64| gain * law(x).at(0.0, temperature).even - 1.0;
            let reach = 40.0 * temperature;
            brent(-reach, reach, &mut excess)
        };
        let mut quartic =
            |temperature: f64| diagonal(temperature).map_or(f64::NAN, |j| law(j).fourth(0.0, temperature));
        let scale = gain * self.law.largest().powi(2);
        let mut high = 1.999 * scale;
        let mut above = quartic(high);
        while high > 1e-3 * scale {
            let low = 0.97 * high;
            let below = quartic(low);
            if above < 0.0 && below >= 0.0 {
                let temperature = brent(low, high, &mut quartic)?;
                return Some((diagonal(temperature)?, temperature));
            }
            (high, above) = (low, below);
        }
        None
    }

    /// The temperature where the state of one memory and the one without overlaps have equal free energies, if it
    /// is a first-order transition: with T between the paramagnet's instability and the end of the retrieval
    /// branch. `None` where the transition is continuous.
    pub fn first_order_temperature(&self) -> Option<f64> {
        let end = self.spinodal_temperature()?;
        let gap = |temperature: f64| {
            let (Some(found), Some(zero)) = (
                self.symmetric_found(1, self.count, temperature),
                self.free_energy_without_overlap(temperature),
            ) else {
                return f64::NAN;
            };
            found.free_energy - zero
        };
        // Just below its end the condensed state is the higher one.
        let mut high = end * (1.0 - 1e-9);
        while gap(high).is_nan() || gap(high) <= 0.0 {
            high = end - 4.0 * (end - high);
            if high < 0.9 * end {
                return None;
            }
        }
        let mut low = high;
        while gap(low) > 0.0 {
            low *= 0.97;
            if low < 1e-4 * end {
                return None;
            }
        }
        brent(low, high, &mut |t| gap(t))
    }

    /// The highest temperature of a condensed state of one memory where it ends in a fold; `None` where it ends
    /// continuously at m = 0.
    pub fn spinodal_temperature(&self) -> Option<f64> {
        if !self.has_zero() || self.form.is_some() || !(self.has_outside() || self.count == 1) {
            return None;
        }
        let saddle = match self.columnar {
            Columnar::Discrete(support) => self.groups(&support, &[1], self.count - 1),
            Columnar::Isotropic(axis) | Columnar::Independent(axis, _) => self.axis(axis),
        };
        // T(m): the highest temperature where m solves its equation.
        let temperature = |m: f64| {
            let excess = |t: f64| saddle.map(&[m], t).map_or(f64::NAN, |image| image[0] / m - 1.0);
            highest_root(&excess)
        };
        let slope = |m: f64| {
            let t = temperature(m)?;
            let y = crate::solve::newton::Vector::from_element(1, m);
            let (_, by_m, by_t) = saddle.linearize(&y, t)?;
            Some(-by_m[(0, 0)] / by_t[0])
        };
        // T(m) of a continuous transition falls from m = 0 on.
        let largest = self.law.largest() * self.power().sqrt();
        let points: Vec<f64> = (1..100).map(|i| largest * f64::from(i) / 100.0).collect();
        let mut last: Option<(f64, f64)> = None;
        for m in points {
            let here = slope(m).map(|slope| (m, slope));
            if let (Some((left, rising)), Some((right, falling))) = (last, here)
                && rising > 0.0
                && falling <= 0.0
            {
                let m = brent(left, right, &mut |m| slope(m).unwrap_or(f64::NAN))?;
                return temperature(m);
            }
            last = here;
        }
        None
    }

    fn free_energy_without_overlap(&self, temperature: f64) -> Option<f64> {
        let copies = if self.parallel { 2.0 } else { 1.0 };
        self.has_zero().then(|| -copies * self.law.at(self.field, temperature).w)
    }
}

/// The highest temperature where a function that is negative at high temperatures changes sign.
fn highest_root(excess: &dyn Fn(f64) -> f64) -> Option<f64> {
    let mut high = 1.0;
    while excess(high) > 0.0 {
        high *= 4.0;
        if high > 1e12 {
            return None;
        }
    }
    while high > 1e-9 {
        let low = 0.93 * high;
        if excess(low) > 0.0 {
            return brent(low, high, &mut |t| excess(t));
        }
        high = low;
    }
    None
}
