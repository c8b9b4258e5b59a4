//! The equations m = E\[η⟨s⟩\] in a set of coordinates, their free energy and its Hessian.
//!
//! f(m) = c{½m·Am − E w(η·A(m + M) + h_ext)}, with c = 2 for parallel updates on m = m′.

use mattis_model::record::Exit;
use nalgebra::SymmetricEigen;

use super::columns::Columns;
use super::law::SiteLaw;
use super::line::Line;
use super::moments::Moments;
use super::tensor::Tensor;
use crate::solve::newton::{Matrix, Vector, newton};

/// How columns are averaged.
#[derive(Debug, Clone)]
pub(super) enum Average {
    /// Finitely many columns, memories in groups.
    Groups(Columns),
    /// One axis of a continuous law.
    Line(Line),
    /// Two or three axes of one.
    Tensor(Tensor),
}

/// The equations.
#[derive(Debug, Clone)]
pub(super) struct Saddle<'a> {
    pub(super) law: &'a SiteLaw,
    pub(super) average: Average,
    /// A, where it is not the identity.
    pub(super) form: Option<&'a Matrix>,
    /// M, the same for every memory.
    pub(super) shift: f64,
    pub(super) field: f64,
    /// Whether updates are parallel.
    pub(super) parallel: bool,
}

/// A solution with everything that follows from it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The overlaps in the coordinates of the saddle.
    pub(super) m: Vec<f64>,
    pub(super) moments: Moments,
    pub(super) free_energy: f64,
    pub(super) entropy: f64,
    /// Eigenvalues of the Hessian of f, ascending, with repetitions.
    pub(super) hessian: Vec<f64>,
    /// The smallest stability eigenvalue.
    pub(super) stability: f64,
    pub(super) residual: f64,
    /// How far from the overlaps the equations still hold up to rounding.
    pub(super) blur: f64,
    pub(super) exit: Exit,
}

/// Eigenvalues below this are zero: the state is degenerate.
pub(super) const DEGENERATE: f64 = 1e-9;
/// What rounding leaves of an average, and the factor within which a residual is one.
const ROUNDING: f64 = 4e-16;
const MARGIN: f64 = 4.0;
/// Singular values above this make the equations linear as far as rounding reaches.
const LINEAR: f64 = 1e-5;
/// The ends of a search for the reach of a degenerate direction.
const NEAREST: f64 = 1e-8;
const FARTHEST: f64 = 0.03;

impl Found {
    /// Whether all perturbations decay; a curvature that vanishes decides nothing.
    pub(super) fn is_stable(&self) -> bool {
        self.stability > DEGENERATE
    }
}

/// The eigenvalues of a symmetric matrix.
pub(super) fn eigenvalues(matrix: Matrix) -> Vec<f64> {
    SymmetricEigen::new(matrix).eigenvalues.iter().copied().collect()
}

/// The positive root of a positive semidefinite matrix.
fn root(matrix: Matrix) -> Matrix {
    let eigen = SymmetricEigen::new(matrix);
    let roots = Matrix::from_diagonal(&eigen.eigenvalues.map(|x| x.max(0.0).sqrt()));
    &eigen.eigenvectors * roots * eigen.eigenvectors.transpose()
}

impl Saddle<'_> {
    /// Number of memories that each coordinate stands for.
    pub(super) fn sizes(&self) -> Vec<usize> {
        match &self.average {
            Average::Groups(columns) => columns.sizes.clone(),
            Average::Line(_) => vec![1],
            Average::Tensor(tensor) => vec![1; tensor.count],
        }
    }

    /// A(m + M).
    fn couplings(&self, m: &[f64]) -> Vec<f64> {
        match self.form {
            None => m.iter().map(|m| m + self.shift).collect(),
            Some(form) => {
                let k = m.len();
                (0..k).map(|i| (0..k).map(|j| form[(i, j)] * (m[j] + self.shift)).sum()).collect()
            }
        }
    }

    /// m·Am′.
    pub(super) fn product(&self, m: &[f64], next: &[f64]) -> f64 {
        match self.form {
            None => self.sizes().iter().zip(m).zip(next).map(|((n, a), b)| *n as f64 * a * b).sum(),
            Some(form) => {
                let k = m.len();
                (0..k).map(|i| (0..k).map(|j| form[(i, j)] * m[i] * next[j]).sum::<f64>()).sum()
            }
        }
    }

    /// E\[⟨s⟩⟨s′⟩\] of the fields of m and m′, for finitely many columns.
    pub(super) fn successive(&self, m: &[f64], next: &[f64], temperature: f64) -> Option<f64> {
        let Average::Groups(columns) = &self.average else { return None };
        let (g, other) = (self.couplings(m), self.couplings(next));
        Some(columns.successive(self.law, (&g, &other), self.field, temperature))
    }

    /// The averages at m; `None` if they need too many nodes.
    pub(super) fn moments(&self, m: &[f64], temperature: f64) -> Option<Moments> {
        let g = self.couplings(m);
        self.in_field(&g, temperature)
    }

    /// The averages in the field g·η.
    pub(super) fn in_field(&self, g: &[f64], temperature: f64) -> Option<Moments> {
        match &self.average {
            Average::Groups(columns) => Some(columns.average(self.law, g, self.field, temperature)),
            Average::Line(line) => Some(line.average(self.law, g[0], self.field, temperature)),
            Average::Tensor(tensor) => tensor.average(self.law, g, self.field, temperature),
        }
    }

    /// E\[η⟨s⟩\] of averages.
    pub(super) fn overlaps(&self, moments: &Moments) -> Vec<f64> {
        self.sizes().iter().zip(&moments.mean).map(|(n, mean)| mean / *n as f64).collect()
    }

    /// F = m − E\[η⟨s⟩\], its Jacobian by m and its derivative by T.
    pub(super) fn linearize(&self, m: &Vector, temperature: f64) -> Option<(Vector, Matrix, Vector)> {
        if !m.iter().all(|x| x.is_finite()) {
            return None;
        }
        let moments = self.moments(m.as_slice(), temperature)?;
        let sizes = self.sizes();
        let k = sizes.len();
        let f = Vector::from_fn(k, |i, _| m[i] - moments.mean[i] / sizes[i] as f64);
        let by_temperature = Vector::from_fn(k, |i, _| -moments.slope[i] / sizes[i] as f64);
        Some((f, self.jacobian(&moments), by_temperature))
    }

    /// The Jacobian 1 − CA.
    fn jacobian(&self, moments: &Moments) -> Matrix {
        let sizes = self.sizes();
        let k = sizes.len();
        let c = Matrix::from_fn(k, k, |i, j| moments.even[i * k + j] / sizes[i] as f64);
        let c = match self.form {
            None => c,
            Some(form) => c * form,
        };
        Matrix::identity(k, k) - c
    }

    /// The error in m of a solution: its residual over the smallest singular value of the Jacobian. Where that is
    /// near zero, the distance along its vector within which the residual stays what it is, whatever the order
    /// of the root.
    fn blur(&self, m: &[f64], temperature: f64, residual: f64, moments: &Moments) -> f64 {
        let noise = MARGIN * residual.max(ROUNDING);
        let svd = self.jacobian(moments).svd(false, true);
        let (Some(least), Some(vectors)) =
            (svd.singular_values.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1)), svd.v_t)
        else {
            return 0.0;
        };
        if least.1 > LINEAR {
            return noise / least.1;
        }
        let direction = vectors.row(least.0);
        let holds = |step: f64| {
            let moved: Vec<f64> = m.iter().zip(direction.iter()).map(|(m, v)| m + step * v).collect();
            self.map(&moved, temperature)
                .is_some_and(|image| image.iter().zip(&moved).all(|(a, b)| (a - b).abs() <= noise))
        };
        let reach = |sign: f64| {
            let mut step = NEAREST;
            while step < FARTHEST && holds(sign * step) {
                step *= 1.5;
            }
            step
        };
        reach(1.0).max(reach(-1.0))
    }

    /// Newton's iteration from a start.
    pub(super) fn solve(&self, start: &[f64], temperature: f64) -> Option<Found> {
        let problem = |m: &Vector| self.linearize(m, temperature).map(|(f, jacobian, _)| (f, jacobian));
        let solution = newton(Vector::from_column_slice(start), &problem);
        if solution.exit != Exit::Converged {
            return None;
        }
        let mut found = self.describe(solution.y.as_slice().to_vec(), temperature, solution.residual)?;
        found.blur = self.blur(&found.m, temperature, found.residual, &found.moments);
        Some(found)
    }

    /// E\[η⟨s⟩\] at m.
    pub(super) fn map(&self, m: &[f64], temperature: f64) -> Option<Vec<f64>> {
        Some(self.overlaps(&self.moments(m, temperature)?))
    }

    /// Energies, Hessian and stability of a solution.
    pub(super) fn describe(&self, m: Vec<f64>, temperature: f64, residual: f64) -> Option<Found> {
        let moments = self.moments(&m, temperature)?;
        let copies = if self.parallel { 2.0 } else { 1.0 };
        let (hessian, stability) = self.spectrum(&moments);
        Some(Found {
            free_energy: copies * (0.5 * self.product(&m, &m) - moments.w),
            entropy: copies * moments.entropy,
            hessian: hessian.into_iter().map(|x| copies * x).collect(),
            stability,
            residual,
            blur: 0.0,
            exit: Exit::Converged,
            moments,
            m,
        })
    }

    /// Eigenvalues of A − ACA, ascending, and the smallest of 1 − eig(CA) and, for parallel updates,
    /// 1 + eig(C₋A), C₋ with the response of s − s′.
    fn spectrum(&self, moments: &Moments) -> (Vec<f64>, f64) {
        let sizes = self.sizes();
        let k = sizes.len();
        let scaled = |entries: &[f64]| {
            Matrix::from_fn(k, k, |i, j| entries[i * k + j] / ((sizes[i] * sizes[j]) as f64).sqrt())
        };
        let (even, odd) = (scaled(&moments.even), scaled(&moments.odd));
        let (mut hessian, mut stability) = (Vec::new(), f64::INFINITY);
        if k > 0 {
            match self.form {
                None => {
                    hessian = eigenvalues(Matrix::identity(k, k) - even);
                    stability = hessian.iter().copied().fold(stability, f64::min);
                }
                Some(form) => {
                    hessian = eigenvalues(form - form * &even * form);
                    let extremes = |c: Matrix| {
                        let root = root(c);
                        eigenvalues(&root * form * &root)
                    };
                    stability = extremes(even).into_iter().fold(stability, |a, x| a.min(1.0 - x));
                    if self.parallel {
                        stability = extremes(odd).into_iter().fold(stability, |a, x| a.min(1.0 + x));
                    }
                }
            }
        }
        for part in &moments.transverse {
            let value = 1.0 - part.even;
            // The directions along a continuum are neither stable nor unstable.
            let along = matches!(&self.average, Average::Line(line) if line.is_isotropic() && k > 0)
                && value.abs() < 1e-9;
            if !along {
                stability = stability.min(value);
            }
            hessian.extend(std::iter::repeat_n(value, part.multiplicity));
        }
        hessian.sort_by(f64::total_cmp);
        (hessian, stability)
    }
}
