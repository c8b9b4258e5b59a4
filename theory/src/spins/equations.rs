//! The equations and their derivatives.

use crate::bulk::{Bulk, Slopes};
use crate::closure::{Averaged, Column, Ladder};

/// ±1 units that feel condensed memories and a static field.
pub(crate) struct Spins<'a> {
    averaged: &'a Averaged,
    bulk: &'a Bulk,
    /// z_n.
    columns: Vec<Column>,
    /// n > 0.
    n: f64,
    /// The external field.
    field: f64,
}

/// Averages at (m, Δ, T) and their derivatives by m and Δ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Averages {
    /// G.
    pub(super) gap: f64,
    pub(super) gap_by: [f64; 2],
    /// χ.
    pub(super) chi: f64,
    pub(super) chi_by: [f64; 2],
    /// q.
    pub(super) q: f64,
    /// T.
    pub(super) temperature: f64,
    /// Δ.
    pub(super) delta: f64,
    /// B and A with their derivatives by χ.
    pub(super) slopes: Slopes,
}

/// Second derivatives, by (m, Δ, T) of the first by m and Δ, and the first by T.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curvatures {
    pub(super) gap_by_t: f64,
    pub(super) chi_by_t: f64,
    /// ∂²G/∂m∂(m, Δ, T).
    pub(super) gap_m: [f64; 3],
    /// ∂²G/∂Δ∂(m, Δ, T).
    pub(super) gap_d: [f64; 3],
    /// ∂²χ/∂m∂(m, Δ, T).
    pub(super) chi_m: [f64; 3],
    /// ∂²χ/∂Δ∂(m, Δ, T).
    pub(super) chi_d: [f64; 3],
}

impl<'a> Spins<'a> {
    /// The equations of n > 0 condensed memories; `None` of other units or where no load gives noise.
    pub(crate) fn new(
        averaged: &'a Averaged,
        bulk: &'a Bulk,
        columns: Vec<Column>,
        n: usize,
        field: f64,
    ) -> Option<Self> {
        let treated = averaged.spin.is_some() && n > 0 && bulk.is_loaded() && !bulk.is_asymmetric();
        treated.then_some(Self { averaged, bulk, columns, n: n as f64, field })
    }

    /// (m, Δ) of saturated units.
    pub(super) fn saturated(&self, alpha: f64) -> [f64; 2] {
        let m = self.columns.iter().map(|c| c.probability * c.sum.abs()).sum::<f64>() / self.n;
        let slopes = self.bulk.slopes(0.0);
        [m, slopes.fixed[0] + alpha * slopes.per_load[0]]
    }

    /// B and A at χ; `None` outside the domain.
    pub(super) fn slopes(&self, chi: f64) -> Option<Slopes> {
        self.bulk.contains(chi).then(|| self.bulk.slopes(chi))
    }

    /// The averages; `None` outside the domain.
    #[inline]
    pub(super) fn averages(&self, m: f64, delta: f64, temperature: f64) -> Option<Averages> {
        Some(self.with_curvatures::<false>(m, delta, temperature)?.0)
    }

    /// The same with second derivatives.
    pub(super) fn curved(&self, m: f64, delta: f64, temperature: f64) -> Option<(Averages, Curvatures)> {
        self.with_curvatures::<true>(m, delta, temperature)
    }

    #[inline]
    fn with_curvatures<const SECOND: bool>(
        &self,
        m: f64,
        delta: f64,
        temperature: f64,
    ) -> Option<(Averages, Curvatures)> {
        if !(delta > 0.0 && delta.is_finite() && m.is_finite()) {
            return None;
        }
        let (mut gap, mut gap_by, mut chi, mut chi_by, mut q) = (0.0, [0.0; 2], 0.0, [0.0; 2], 0.0);
        let mut c = Curvatures {
            gap_by_t: 0.0,
            chi_by_t: 0.0,
            gap_m: [0.0; 3],
            gap_d: [0.0; 3],
            chi_m: [0.0; 3],
            chi_d: [0.0; 3],
        };
        for column in &self.columns {
            let (z, p) = (column.sum, column.probability);
            let mean = m * z + self.field;
            let ladder = Ladder::new::<SECOND>(self.averaged, mean, delta, temperature)?;
            let d = &ladder.d;
            let share = p * z / self.n;
            gap += share * d[0];
            gap_by[0] += share * z * d[1];
            gap_by[1] += share * 0.5 * d[2];
            chi += p * d[1];
            chi_by[0] += p * z * d[2];
            chi_by[1] += p * 0.5 * d[3];
            q += p * ladder.square;
            if SECOND {
                let cooling = |k: usize| ladder.cooling(k, mean, delta, temperature);
                c.gap_by_t += share * cooling(0);
                c.chi_by_t += p * cooling(1);
                for (sum, term) in c.gap_m.iter_mut().zip([z * d[2], 0.5 * d[3], cooling(1)]) {
                    *sum += share * z * term;
                }
                for (sum, term) in c.gap_d.iter_mut().zip([z * d[3], 0.5 * d[4], cooling(2)]) {
                    *sum += share * 0.5 * term;
                }
                for (sum, term) in c.chi_m.iter_mut().zip([z * d[3], 0.5 * d[4], cooling(2)]) {
                    *sum += p * z * term;
                }
                for (sum, term) in c.chi_d.iter_mut().zip([z * d[4], 0.5 * d[5], cooling(3)]) {
                    *sum += p * 0.5 * term;
                }
            }
        }
        gap -= m;
        gap_by[0] -= 1.0;
        let slopes = self.slopes(chi)?;
        Some((Averages { gap, gap_by, chi, chi_by, q, temperature, delta, slopes }, c))
    }
}

impl Averages {
    /// α(m, Δ).
    pub(super) fn load(&self) -> f64 {
        (self.delta - self.slopes.fixed[0] * self.q) / (self.slopes.per_load[0] * self.q)
    }

    /// ∂α/∂χ along q = 1 − Tχ, at the load α.
    pub(super) fn load_by_chi(&self, alpha: f64) -> f64 {
        let [r, second, _] = self.slopes.at(alpha);
        (self.temperature * r / self.q - second) / self.slopes.per_load[0]
    }

    /// ∂α/∂(m, Δ).
    pub(super) fn load_by(&self, alpha: f64) -> [f64; 2] {
        let by_chi = self.load_by_chi(alpha);
        let by_delta = 1.0 / (self.slopes.per_load[0] * self.q);
        [by_chi * self.chi_by[0], by_chi * self.chi_by[1] + by_delta]
    }

    /// R′(χ)q − Δ at a load, and its derivatives by m and Δ.
    pub(super) fn noise(&self, alpha: f64) -> (f64, [f64; 2]) {
        let [r, second, _] = self.slopes.at(alpha);
        let by_chi = second * self.q - r * self.temperature;
        (r * self.q - self.delta, [by_chi * self.chi_by[0], by_chi * self.chi_by[1] - 1.0])
    }
}
