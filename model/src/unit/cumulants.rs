//! The cumulant generating function of a unit alone, K(q) = w(q, 0, 1) − w(0, 0, 1), and its derivatives: what a
//! hidden unit adds to ln P of the visible ones (Bulso & Roudi, Neural Comput. 33, 2646 (2021)).

use super::points::{self, Point, Points};
use super::{Alphabet, UnitLaw, continuous, counts, density};

/// Cumulants κ₂ … of a measure from its central moments μ₀ = 1, μ₁ = 0, μ₂ …, in place:
/// κ_n = μ_n − Σ_{k=2}^{n−2} C(n − 1, k − 1) κ_k μ_{n−k}.
pub(super) fn from_central_moments(moments: &mut [f64]) {
    reduce(moments, 2);
}

/// Cumulants κ₁ … from raw moments 1, m₁, m₂ …, in place: κ_n = m_n − Σ_{k=1}^{n−1} C(n − 1, k − 1) κ_k m_{n−k}.
pub(super) fn from_raw_moments(moments: &mut [f64]) {
    reduce(moments, 1);
}

/// The recurrence with κ_k = 0 for k < `first`.
fn reduce(moments: &mut [f64], first: usize) {
    if moments.len() <= 2 {
        return;
    }
    let given = moments.to_vec();
    for n in 2..given.len() {
        // C(n − 1, k − 1).
        let mut binomial = 1.0;
        for k in 1..n {
            if k > 1 {
                binomial *= (n - k + 1) as f64 / (k - 1) as f64;
            }
            if k >= first {
                moments[n] -= binomial * moments[k] * given[n - k];
            }
        }
    }
}

/// The logistic function σ(D) and σ(−D) along D(t) = D₀ + D₁t + …, as coefficients of t^n; both keep relative
/// digits at t = 0. From σ′ = σ(1 − σ)D′.
pub(super) fn logistic_series(d: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut up = vec![1.0 / (1.0 + (-d[0]).exp())];
    let mut down = vec![1.0 / (1.0 + d[0].exp())];
    for n in 1..d.len() {
        let slope = |k: usize| k as f64 * d[k];
        let product = |m: usize| (0..=m).map(|i| up[i] * down[m - i]).sum::<f64>();
        let next = (1..=n).map(|k| slope(k) * product(n - k)).sum::<f64>() / n as f64;
        up.push(next);
        down.push(-next);
    }
    (up, down)
}

/// σ^{(n)}(x) for n < `count`, the derivatives of the logistic function.
pub(super) fn logistic_derivatives(x: f64, count: usize) -> Vec<f64> {
    let mut d = vec![0.0; count.max(2)];
    (d[0], d[1]) = (x, 1.0);
    let mut out = logistic_series(&d).0;
    out.truncate(count);
    let mut factorial = 1.0;
    for (n, term) in out.iter_mut().enumerate().skip(1) {
        factorial *= n as f64;
        *term *= factorial;
    }
    out
}

/// e^x − 1 − x ≥ 0, with relative digits.
pub(crate) fn exp_beyond_linear(x: f64) -> f64 {
    if x.abs() > 1.0 {
        return x.exp_m1() - x;
    }
    let mut term = 0.5 * x * x;
    let mut sum = 0.0;
    for n in 3..24 {
        sum += term;
        term *= x / f64::from(n);
    }
    sum
}

/// Fewer levels than this are made again each time they are needed, more are kept.
const KEPT: usize = 5;

fn of_levels<U: UnitLaw + ?Sized>(unit: &U, levels: &[f64]) -> impl Points {
    let height = |s: f64| unit.log_weight(s) - unit.potential(s);
    let has = move |s: f64| levels.contains(&s);
    let point = move |&s: &f64| {
        let twin = (s > 0.0 && has(-s)).then(|| height(-s));
        Point { s, height: height(s), twin, factor: 1.0 }
    };
    levels.iter().filter(move |s| **s >= 0.0 || !has(-**s)).map(point)
}

/// The levels of a unit that has few.
fn few_levels<U: UnitLaw + ?Sized>(unit: &U) -> Option<impl Points> {
    match unit.alphabet() {
        Alphabet::Levels(levels) if levels.len() < KEPT => Some(of_levels(unit, levels)),
        _ => None,
    }
}

fn inside<U: UnitLaw + ?Sized>(unit: &U, fields: &[f64]) -> bool {
    let (low, high) = unit.fields();
    fields.iter().all(|q| *q > low && *q < high)
}

/// Points of the measure that resolve it at each of these fields; `None` where it is infinite, or has no field.
fn at_fields<U: UnitLaw + ?Sized>(unit: &U, fields: &[f64]) -> Option<Vec<Point>> {
    if !inside(unit, fields) {
        return None;
    }
    let potential = |s: f64| unit.potential(s);
    match unit.alphabet() {
        Alphabet::Levels(levels) => Some(of_levels(unit, levels).collect()),
        Alphabet::Continuous(law) => Some(continuous::points(law, &potential, fields)),
        Alphabet::Density(law) => density::points(law, &potential, fields),
        Alphabet::Counts => counts::points(unit, fields),
        Alphabet::Colours(_) => None,
    }
}

/// K, K′, … at q; NaN where there is none.
pub(super) fn of<U: UnitLaw + ?Sized>(unit: &U, q: f64, out: &mut [f64]) {
    if let [k] = out {
        *k = unit.shifted(0.0, q);
        return;
    }
    if !inside(unit, &[q]) {
        return out.fill(f64::NAN);
    }
    if let Some(levels) = few_levels(unit) {
        points::cumulants(&levels, q, out);
    } else {
        match at_fields(unit, &[q]) {
            Some(points) => points::cumulants(&points.iter().copied(), q, out),
            None => return out.fill(f64::NAN),
        }
    }
    if let Some(k) = out.get_mut(0) {
        *k = unit.shifted(0.0, q);
    }
}

/// Beyond this e^x is not formed.
const FAR: f64 = 700.0;

/// K(c + q) − K(c) of the levels 0 and s: ln[1 + p (e^{sq} − 1)] with the probability p of s at the lower end, so
/// that nothing cancels. `None` where e^{sq} is too large.
fn shifted_from_silence<U: UnitLaw + ?Sized>(unit: &U, s: f64, c: f64, q: f64) -> Option<f64> {
    let height = |s: f64| unit.log_weight(s) - unit.potential(s);
    let x = s * q;
    let lower = if x < 0.0 { c + q } else { c };
    let odds = height(0.0) - height(s) - s * lower;
    let rise = (x.abs().exp_m1() / (1.0 + odds.exp())).ln_1p();
    (x.abs() < FAR).then_some(if x < 0.0 { -rise } else { rise })
}

/// K(c + q) − K(c).
pub(super) fn shifted<U: UnitLaw + ?Sized>(unit: &U, c: f64, q: f64) -> f64 {
    if let Alphabet::Levels(&[0.0, s] | &[s, 0.0]) = unit.alphabet()
        && inside(unit, &[c, c + q])
        && let Some(rise) = shifted_from_silence(unit, s, c, q)
    {
        return rise;
    }
    if let Some(levels) = few_levels(unit)
        && inside(unit, &[c, c + q])
    {
        return points::shifted(&levels, c, q);
    }
    at_fields(unit, &[c, c + q]).map_or(f64::NAN, |points| points::shifted(&points.iter().copied(), c, q))
}
