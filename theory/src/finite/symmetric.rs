//! Symmetric mixtures: n memories with equal overlaps, one unknown, any n.

use mattis_model::record::Mixture;

use super::records::mixture;
use super::saddle::Found;
use super::search::Class;
use super::{Columnar, FinitePatterns, LARGEST};

impl FinitePatterns {
    /// The n-symmetric state with the largest overlap, exactly: sums over the n + 1 values of z_n. n may exceed
    /// p; the overlaps of further memories are 0. `None` if there is no such state, or if memories cannot stay
    /// without overlap (biased patterns without the covariance rule, n ≠ p) or are not ±1 (n ≠ 1).
    pub fn symmetric(&self, n: usize, temperature: f64) -> Option<Mixture> {
        if !(temperature >= 0.0 && temperature.is_finite()) {
            return None;
        }
        let count = self.count.max(n);
        let found = self.symmetric_found(n, count, temperature)?;
        let mut m = vec![found.m[0]; n];
        m.extend(std::iter::repeat_n(0.0, count - n));
        let multiplicity = self.symmetry.multiplicity(&m);
        Some(mixture(&Class { m, found, multiplicity }, n, temperature, self.is_frozen(temperature)))
    }

    /// The solution with the largest overlap among `count` memories.
    pub(super) fn symmetric_found(&self, n: usize, count: usize, temperature: f64) -> Option<Found> {
        if n == 0 || n > LARGEST || self.form.is_some() || (n < count && !self.has_outside()) {
            return None;
        }
        let saddle = match self.columnar {
            Columnar::Discrete(support) => self.groups(&support, &[n], count - n),
            Columnar::Independent(axis, _) if n == 1 => self.axis(axis),
            _ => return None,
        };
        if temperature == 0.0 && self.law.has_levels() && matches!(self.columnar, Columnar::Discrete(_)) {
            let found = self.settle(&saddle, &[self.law.largest()])?;
            return (found.m[0].abs() > 1e-9).then_some(found);
        }
        let root = self.roots(&saddle, temperature).first().copied()?;
        saddle.solve(&[root], temperature).filter(|found| {
            // At T_c rounding makes roots of what is m = 0.
            (found.m[0] - root).abs() < 1e-3 * root.abs() && found.m[0].abs() > found.blur
        })
    }
}
