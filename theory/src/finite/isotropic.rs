//! Laws without preferred directions: m = r v with v an eigenvector of A.
//!
//! With x the component of η along v, r = E\[x w_h(λ r x + h_ext)\] for an eigenvalue λ > 0. Perturbations along
//! another eigenvector i meet C_i = E\[x² w_hh\] (i along v) or the mean square across v. For A = 1 the states
//! fill a sphere: no memory is singled out. (Amit, Gutfreund & Sompolinsky 1985)

use nalgebra::SymmetricEigen;

use super::line::{Axis, Line};
use super::saddle::{Average, Found, Saddle};
use super::search::{Class, Search};
use super::{FinitePatterns, Matrix};

/// Eigenvalues of A closer than this are one.
const EQUAL: f64 = 1e-10;

impl FinitePatterns {
    /// Eigenvalues of A with their eigenvectors, the largest first.
    pub(super) fn modes(&self) -> Vec<(f64, Vec<f64>)> {
        let p = self.count;
        let Some(form) = &self.form else {
            let unit = |i: usize| (0..p).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
            return (0..p).map(|i| (1.0, unit(i))).collect();
        };
        let eigen = SymmetricEigen::new(form.clone());
        let vector = |i: usize| {
            let column = eigen.eigenvectors.column(i);
            // The first large component is positive.
            let sign = column.iter().find(|x| x.abs() > 1e-6).map_or(1.0, |x| x.signum());
            column.iter().map(|x| sign * x).collect()
        };
        let mut out: Vec<_> = (0..p).map(|i| (eigen.eigenvalues[i], vector(i))).collect();
        out.sort_by(|a, b| b.0.total_cmp(&a.0));
        out
    }

    /// The equation for r along an eigenvector, A replaced by |λ|.
    pub(super) fn radial<'a>(&'a self, axis: Axis, scale: &'a Matrix) -> Saddle<'a> {
        let average = Average::Line(Line { axis, outside: self.count - 1 });
        Saddle { form: Some(scale), shift: 0.0, ..self.saddle(average) }
    }

    /// All classes.
    pub(super) fn isotropic(&self, axis: Axis, temperature: f64) -> Search {
        let mut search = Search::default();
        let modes = self.modes();
        let one = Matrix::identity(1, 1);
        // At T = 0 the response of m = 0 is infinite.
        if (temperature > 0.0 || !self.law.has_levels())
            && let Some(found) = self.radial(axis, &one).describe(vec![0.0], temperature, 0.0)
        {
            search.classes.push(self.radial_class(found, None, &modes));
        }
        let mut last = f64::NAN;
        for (which, (value, _)) in modes.iter().enumerate() {
            if *value <= 0.0 || (value - last).abs() < EQUAL {
                continue;
            }
            last = *value;
            let scale = Matrix::from_element(1, 1, *value);
            let saddle = self.radial(axis, &scale);
            for root in self.roots(&saddle, temperature) {
                // At T_c rounding makes roots of what is m = 0.
                if let Some(found) = saddle.solve(&[root], temperature)
                    && found.m[0].abs() > found.blur
                {
                    search.classes.push(self.radial_class(found, Some(which), &modes));
                }
            }
        }
        search
    }

    /// A class from its radius along an eigenvector, its spectrum replaced by that of all of A.
    fn radial_class(&self, mut found: Found, which: Option<usize>, modes: &[(f64, Vec<f64>)]) -> Class {
        let copies = if self.parallel { 2.0 } else { 1.0 };
        let along = (found.moments.even[0], found.moments.odd[0]);
        let across = found.moments.transverse.first().map_or(along, |part| (part.even, part.odd));
        let value = which.map(|which| modes[which].0);
        let (mut hessian, mut stability) = (Vec::new(), f64::INFINITY);
        for (i, (lambda, _)) in modes.iter().enumerate() {
            let (even, odd) = if which == Some(i) { along } else { across };
            hessian.push(copies * (lambda - lambda * lambda * even));
            // Directions along the continuum are neither stable nor unstable.
            let goldstone = which.is_some_and(|which| which != i)
                && value.is_some_and(|value| (lambda - value).abs() < EQUAL);
            if !goldstone {
                stability = stability.min(1.0 - lambda * even);
                if self.parallel {
                    stability = stability.min(1.0 + lambda * odd);
                }
            }
        }
        hessian.sort_by(f64::total_cmp);
        found.hessian = hessian;
        found.stability = stability;
        let radius = found.m[0];
        let m =
            which.map_or(vec![0.0; self.count], |which| modes[which].1.iter().map(|v| radius * v).collect());
        let alike =
            value.map_or(0, |value| modes.iter().filter(|mode| (mode.0 - value).abs() < EQUAL).count());
        let multiplicity = match alike {
            0 => Some(1),
            1 => Some(2),
            _ => None,
        };
        Class { m, found, multiplicity }
    }
}
