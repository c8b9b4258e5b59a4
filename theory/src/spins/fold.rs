//! Folds: where dα = 0 along the curve G = 0, α_m G_Δ = α_Δ G_m.

use super::equations::{Averages, Curvatures, Spins};
use crate::closure::Point;

/// A point where a branch turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fold {
    /// m.
    pub(crate) m: f64,
    /// χ.
    pub(crate) chi: f64,
    /// Δ.
    pub(crate) delta: f64,
    /// T.
    pub(crate) temperature: f64,
}

/// Steps of Newton's method.
const STEPS: usize = 20;

/// The equations of a fold and their derivatives by (m, Δ, T).
struct Linear {
    value: [f64; 3],
    by: [[f64; 3]; 3],
    /// The size of each equation's terms.
    scale: [f64; 3],
}

fn linear(a: &Averages, c: &Curvatures, alpha: f64) -> Linear {
    let load = a.load();
    let (by_chi, [load_m, load_d]) = (a.load_by_chi(load), a.load_by(load));
    let [r, second, third] = a.slopes.at(load);
    let [per, per_by, _] = a.slopes.per_load;
    let (t, q) = (a.temperature, a.q);
    let (gap_m, gap_d) = (a.gap_by[0], a.gap_by[1]);
    let chi_by = [a.chi_by[0], a.chi_by[1], c.chi_by_t];
    let load_t = by_chi * c.chi_by_t + a.chi * r / (per * q);
    let load_by = [load_m, load_d, load_t];
    let turn = [load_m * gap_d, load_d * gap_m];
    let turn_by = std::array::from_fn(|i| {
        let own = if i == 2 { 1.0 } else { 0.0 };
        let q_by = -t * chi_by[i] - own * a.chi;
        // By the same argument: R′, R″ at the load, then dα/dχ and ∂α/∂Δ.
        let r_by = second * chi_by[i] + per * load_by[i];
        let second_by = third * chi_by[i] + per_by * load_by[i];
        let per_share = per_by * chi_by[i] / per;
        let by_chi_by = ((own * r + t * r_by - t * r * q_by / q) / q - second_by) / per - by_chi * per_share;
        let by_delta_by = -(per_share + q_by / q) / (per * q);
        let load_m_by = by_chi_by * a.chi_by[0] + by_chi * c.chi_m[i];
        let load_d_by = by_chi_by * a.chi_by[1] + by_chi * c.chi_d[i] + by_delta_by;
        load_m_by * gap_d + load_m * c.gap_d[i] - load_d_by * gap_m - load_d * c.gap_m[i]
    });
    Linear {
        value: [a.gap, load - alpha, turn[0] - turn[1]],
        by: [[gap_m, gap_d, c.gap_by_t], load_by, turn_by],
        scale: [1.0, 1.0, turn[0].abs() + turn[1].abs()],
    }
}

/// The solution of three equations by Cramer's rule.
fn solved(a: &[[f64; 3]; 3], b: &[f64; 3]) -> Option<[f64; 3]> {
    let cross = |x: [f64; 3], y: [f64; 3]| {
        [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]]
    };
    let rows = [cross(a[1], a[2]), cross(a[2], a[0]), cross(a[0], a[1])];
    let determinant: f64 = (0..3).map(|i| a[0][i] * rows[0][i]).sum();
    let x: [f64; 3] = std::array::from_fn(|i| (0..3).map(|j| rows[j][i] * b[j]).sum::<f64>() / determinant);
    x.iter().all(|x| x.is_finite()).then_some(x)
}

impl Spins<'_> {
    /// The fold at a load, by Newton's method from (m, Δ, T) nearby.
    pub(crate) fn fold(&self, start: [f64; 3], alpha: f64) -> Option<Fold> {
        let mut x = start;
        let mut last = f64::INFINITY;
        for _ in 0..STEPS {
            let (a, c) = self.curved(x[0], x[1], Some(x[2]).filter(|t| *t > 0.0)?)?;
            let equations = linear(&a, &c, alpha);
            let step = solved(&equations.by, &equations.value)?;
            let size = (0..3).map(|i| step[i].abs() / (1e-3 + x[i].abs())).fold(0.0, f64::max);
            let residual =
                (0..3).map(|i| (equations.value[i] / equations.scale[i]).abs()).fold(0.0, f64::max);
            // Steps of rounding do not get shorter.
            if residual < 1e-13 || (size < 1e-9 && size >= 0.5 * last) {
                return (residual < 1e-10).then_some(Fold {
                    m: x[0],
                    chi: a.chi,
                    delta: x[1],
                    temperature: x[2],
                });
            }
            // A tenth of the unknowns is as far as a step is believed.
            let scale = (0.1 / size).min(1.0);
            for (x, step) in x.iter_mut().zip(step) {
                *x -= scale * step;
            }
            last = size;
        }
        None
    }

    /// The three equations for (m, χ, Δ) and the determinant of their Jacobian, with their derivatives by (m, χ, Δ,
    /// α, T); χ is an unknown here.
    pub(crate) fn fold_system(&self, y: [f64; 3], at: Point) -> Option<([f64; 4], [[f64; 5]; 4])> {
        let (a, c) = self.curved(y[0], y[2], at.temperature)?;
        let (chi, t, q) = (y[1], at.temperature, a.q);
        let slopes = self.slopes(chi).filter(|_| chi >= 0.0)?;
        let [r, second, third] = slopes.at(at.alpha);
        let [per, per_by, _] = slopes.per_load;
        let (gap_m, gap_d) = (a.gap_by[0], a.gap_by[1]);
        let [chi_m, chi_d, chi_t] = [a.chi_by[0], a.chi_by[1], c.chi_by_t];
        // q = E[tanh²] has the derivatives of 1 − Tχ. det = G_Δ V − G_m U, V and U those of the last equation by m
        // and Δ after χ is eliminated.
        let factor = second * q - r * t;
        let (v, u) = (factor * chi_m, factor * chi_d - 1.0);
        let turn = gap_d * chi_m - gap_m * chi_d;
        let mut gradient = [0.0, (third * q - second * t) * turn, 0.0, (per_by * q - per * t) * turn, 0.0];
        for (i, place) in [0, 2, 4].into_iter().enumerate() {
            let own = if i == 2 { 1.0 } else { 0.0 };
            let q_by = -t * [chi_m, chi_d, chi_t][i] - own * a.chi;
            let factor_by = second * q_by - r * own;
            let v_by = factor_by * chi_m + factor * c.chi_m[i];
            let u_by = factor_by * chi_d + factor * c.chi_d[i];
            gradient[place] = c.gap_d[i] * v + gap_d * v_by - c.gap_m[i] * u - gap_m * u_by;
        }
        let value = [a.gap, a.chi - chi, r * q - y[2], gap_d * v - gap_m * u];
        let by = [
            [gap_m, 0.0, gap_d, 0.0, c.gap_by_t],
            [chi_m, -1.0, chi_d, 0.0, chi_t],
            [-r * t * chi_m, second * q, -r * t * chi_d - 1.0, per * q, -r * (a.chi + t * chi_t)],
            gradient,
        ];
        Some((value, by))
    }
}
