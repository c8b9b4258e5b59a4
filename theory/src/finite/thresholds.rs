//! Temperatures below which mixtures are stable.

use mattis_model::record::Threshold;

use super::saddle::Saddle;
use super::search::Class;
use super::symmetry::{SAME, runs};
use super::{Columnar, ENUMERATED, FinitePatterns};
use crate::branch::arclength::{Stride, Waypoint, trace, zeros};
use crate::solve::newton::{Matrix, Problem, Vector};
use crate::solve::scalar::brent;

/// The equations of a face with T as one more unknown.
struct Path<'a>(&'a Saddle<'a>);

impl Problem for Path<'_> {
    fn linearize(&self, x: &Vector) -> Option<(Vector, Matrix)> {
        let k = x.len() - 1;
        if x[k] <= 0.0 {
            return None;
        }
        let m = x.rows(0, k).into_owned();
        let (f, by_m, by_t) = self.0.linearize(&m, x[k])?;
        let mut jacobian = by_m.insert_column(k, 0.0);
        jacobian.set_column(k, &by_t);
        Some((f, jacobian))
    }
}

/// Where paths from T = 0 start, relative to the critical temperature.
const COLD: f64 = 0.02;
/// How far from the overlaps at T = 0.
const NEAR: f64 = 1e-3;

impl FinitePatterns {
    /// A temperature of the order of the couplings: where overlaps appear, if only by a jump.
    fn scale(&self) -> Option<f64> {
        self.critical_temperature().or_else(|| self.spinodal_temperature())
    }

    /// The temperature below which the symmetric state of n ≥ 2 memories is stable (none for even n of ±1
    /// units); for n = 1 where the state of one memory ends. `None` where it is nowhere stable.
    pub fn threshold(&self, n: usize) -> Option<f64> {
        let scale = self.scale()?;
        let count = self.count.max(n);
        let smallest = |temperature: f64| {
            self.symmetric_found(n, count, temperature).map_or(f64::NAN, |found| found.stability)
        };
        if n == 1 {
            let end = self.spinodal_temperature().or_else(|| self.critical_temperature())?;
            return Some(end).filter(|_| smallest(COLD * scale) > 0.0);
        }
        let mut low = COLD * scale;
        if smallest(low).is_nan() || smallest(low) <= 0.0 {
            return None;
        }
        loop {
            let high = 1.03 * low;
            let value = smallest(high);
            if value <= 0.0 {
                return brent(low, high, &mut |t| smallest(t));
            }
            if value.is_nan() || high > 4.0 * scale {
                return None;
            }
            low = high;
        }
    }

    /// All thresholds: symmetric states, then those that have other overlaps at T = 0.
    pub(super) fn thresholds(&self) -> Vec<Threshold> {
        let Columnar::Discrete(support) = self.columnar else { return Vec::new() };
        if self.form.is_some() || !self.has_outside() || !self.law.has_levels() {
            return Vec::new();
        }
        let mut out: Vec<Threshold> = (1..=self.count.min(31))
            .filter_map(|n| {
                let temperature = self.threshold(n)?;
                let ground = self.symmetric_found(n, self.count, 0.0)?.m[0];
                let mut m = vec![ground; n];
                m.extend(std::iter::repeat_n(0.0, self.count - n));
                Some(Threshold { n, symmetric: true, ground: m, temperature })
            })
            .collect();
        if self.count > ENUMERATED {
            return out;
        }
        for class in self.ground_search(&support).classes {
            let n = self.condensed(&class);
            let largest = class.m[0].abs();
            let symmetric = class.m.iter().all(|m| *m == 0.0 || (m.abs() - largest).abs() < SAME);
            if class.found.is_stable()
                && !symmetric
                && let Some(temperature) = self.lost_at(&class)
            {
                out.push(Threshold { n, symmetric: false, ground: class.m, temperature });
            }
        }
        out.sort_by(|a, b| b.symmetric.cmp(&a.symmetric).then(b.temperature.total_cmp(&a.temperature)));
        out
    }

    /// Where the path of a stable state at T = 0 loses its stability.
    fn lost_at(&self, class: &Class) -> Option<f64> {
        let Columnar::Discrete(support) = self.columnar else { return None };
        let sizes = runs(&class.m);
        let saddle = self.groups(&support, &sizes, 0);
        let k = sizes.len();
        let mut ends = sizes.iter().scan(0, |at, size| {
            *at += size;
            Some(*at - 1)
        });
        let ground: Vec<f64> = ends.by_ref().map(|i| class.m[i]).collect();
        // A stable ground state has no ties: its overlaps move like e^{-gap/T}, so that some T is cold enough.
        let scale = COLD * self.scale()?;
        let (cold, start) = [1.0, 0.3, 0.1, 0.03, 0.01].iter().find_map(|share| {
            let start = saddle.solve(&ground, share * scale)?;
            let near = start.m.iter().zip(&ground).all(|(a, b)| (a - b).abs() < NEAR);
            (near && start.stability > 0.0).then_some((share * scale, start))
        })?;
        let stability = |x: &Vector| {
            saddle.describe(x.rows(0, k).as_slice().to_vec(), x[k], 0.0).map(|found| found.stability)
        };
        let system = Path(&saddle);
        let mut along = Vector::zeros(k + 1);
        along[k] = 1.0;
        let mut stop = |point: &Waypoint| stability(&point.x).is_none_or(|value| value <= 0.0);
        let x = Vector::from_column_slice(&start.m).insert_row(k, cold);
        let stride = Stride { first: 0.05 * cold, longest: 0.01, ..Stride::default() };
        let points = trace(&system, x, &along, stride, &mut stop);
        zeros(&system, &points, &stability).first().map(|x| x[k])
    }
}
