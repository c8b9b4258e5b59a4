//! T = 0 of units with levels: m = E\[η s\*(h)\] is a map between finitely many vectors.
//!
//! A column on a switch of the unit is tied: it has the weighted mean of the levels there, the limit T → 0 at
//! exactly that field. A state with ties is unstable; one without returns after any small perturbation.

use super::columns::Support;
use super::saddle::{Found, Saddle};
use super::search::Search;
use super::symmetry::{lattice, shapes};
use super::{ENUMERATED, FinitePatterns};

/// Starts on every face.
const STARTS: usize = 400;
/// Steps of one iteration, and the damped ones before them.
const STEPS: usize = 60;
/// Images closer than this are one vector: sums of a thousand columns leave no more.
const EXACT: f64 = 1e-12;

impl FinitePatterns {
    /// States that iteration from many starts ends in, and symmetric mixtures of any parity.
    pub(super) fn ground_search(&self, support: &Support) -> Search {
        let mut search = Search::default();
        let p = self.count;
        if self.has_zero() {
            // The paramagnet as the limit T → 0, where it solves the equations.
            let saddle = self.groups(support, &if self.form.is_some() { vec![1; p] } else { vec![p] }, 0);
            let zero = vec![0.0; saddle.sizes().len()];
            if let Some(found) = fixed(&saddle, zero) {
                self.collect(&saddle.sizes(), 0, found, &mut search);
            }
        }
        let faces = match (&self.form, p > ENUMERATED) {
            (Some(_), _) => vec![(vec![1; p], 0)],
            (None, true) => self.few_faces(),
            (None, false) => shapes(p, self.has_outside()),
        };
        for (sizes, outside) in faces {
            let saddle = self.groups(support, &sizes, outside);
            let starts = if sizes.len() == 1 { 8 } else { STARTS };
            for i in 0..starts {
                let positive = self.form.is_none() && self.model.patterns.value().is_symmetric();
                let start: Vec<f64> = lattice(i + 1, sizes.len())
                    .into_iter()
                    .map(|u| if positive { u } else { 2.0 * u - 1.0 } * self.law.largest())
                    .collect();
                if let Some(found) = self.settle(&saddle, &start) {
                    self.collect(&sizes, outside, found, &mut search);
                }
            }
        }
        search
    }

    /// Where the iteration from a start ends at T = 0, if in a fixed point.
    pub(super) fn settle(&self, saddle: &Saddle, start: &[f64]) -> Option<Found> {
        let mut m = start.to_vec();
        if self.form.is_some() && !self.parallel {
            for _ in 0..STEPS {
                let image = saddle.map(&m, 0.0)?;
                m = m.iter().zip(image).map(|(a, b)| 0.5 * (a + b)).collect();
            }
        }
        for _ in 0..STEPS {
            let image = saddle.map(&m, 0.0)?;
            let change = m.iter().zip(&image).fold(0.0_f64, |a, (x, y)| a.max((x - y).abs()));
            m = image;
            if change < EXACT {
                return fixed(saddle, m);
            }
        }
        None
    }
}

/// A fixed point at T = 0 with all that follows.
fn fixed(saddle: &Saddle, m: Vec<f64>) -> Option<Found> {
    let image = saddle.map(&m, 0.0)?;
    let residual = m.iter().zip(&image).fold(0.0_f64, |a, (x, y)| a.max((x - y).abs()));
    if residual > EXACT {
        return None;
    }
    let mut found = saddle.describe(m, 0.0, residual)?;
    found.hessian.clear();
    found.stability = if found.moments.tied { -1.0 } else { 1.0 };
    Some(found)
}
