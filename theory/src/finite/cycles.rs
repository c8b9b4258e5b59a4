//! 2-cycles of parallel updates, m → m′ → m with m ≠ m′, for J₀ = 0.
//!
//! m = E\[η w_h(h′)\], m′ = E\[η w_h(h)\]. For A ≥ 0 there are none, since |m − m′|² =
//! −(m − m′)·E\[η(w_h − w_h′)\] ≤ 0 in the metric of A; the search is made all the same.

use mattis_model::Diagonal;
use mattis_model::record::{Exit, State, StateKind};

use super::saddle::Saddle;
use super::symmetry::{SAME, lattice, same};
use super::{Columnar, FinitePatterns, Matrix};
use crate::solve::newton::{Vector, newton};

/// Starts of the search.
const STARTS: usize = 120;
/// Steps that lead from a start towards a stable cycle.
const STEPS: usize = 40;
/// Successive overlaps that differ by more alternate.
const ALTERNATING: f64 = 1e-5;
/// Largest residual of a cycle at T = 0.
const EXACT: f64 = 1e-12;

impl FinitePatterns {
    /// All 2-cycles that are found, one of each class.
    pub(super) fn cycles(&self, temperature: f64) -> Vec<State> {
        // With J₀ ≠ 0 only m = m′ is treated.
        if !self.parallel || matches!(self.model.self_coupling.value(), Diagonal::Value(j0) if *j0 != 0.0) {
            return Vec::new();
        }
        if let Columnar::Isotropic(axis) = self.columnar {
            return self.isotropic_cycles(axis, temperature);
        }
        let saddle = match self.columnar {
            // One axis, or p > 9 memories with A = 1: A ≥ 0 has none.
            _ if self.form.is_none() && self.count > super::ENUMERATED => return Vec::new(),
            Columnar::Independent(axis, _) if self.count == 1 => self.axis(axis),
            _ => match self.every() {
                Some(saddle) => saddle,
                None => return Vec::new(),
            },
        };
        let k = saddle.sizes().len();
        let steps =
            temperature == 0.0 && self.law.has_levels() && matches!(self.columnar, Columnar::Discrete(_));
        let reach = self.law.largest();
        let mut found: Vec<(Vec<f64>, State)> = Vec::new();
        let starts = if matches!(self.columnar, Columnar::Discrete(_)) { STARTS } else { STARTS / 8 };
        for i in 0..starts {
            let point: Vec<f64> = lattice(i + 1, 2 * k).iter().map(|u| reach * (2.0 * u - 1.0)).collect();
            let (m, other) = point.split_at(k);
            let next = match i % 3 {
                0 => other.to_vec(),
                1 => m.iter().map(|x| -x).collect(),
                _ => match saddle.map(m, temperature) {
                    Some(next) => next,
                    None => continue,
                },
            };
            let follow = steps || i % 2 == 0;
            let pair = if follow { follow_pair(&saddle, m, temperature) } else { Some((m.to_vec(), next)) };
            let Some(pair) = pair else { continue };
            let solved = if steps { exact(&saddle, pair) } else { polish(&saddle, &pair, temperature) };
            let Some((m, next, residual)) = solved.filter(|(m, next, _)| !same(m, next)) else { continue };
            let (m, next) = (without_dust(m), without_dust(next));
            let canonical = self.canonical_pair(&m, &next);
            if found.iter().any(|(known, _)| same(known, &canonical)) {
                continue;
            }
            let multiplicity = self.symmetry.listed(k).and_then(|group| {
                // Images of the ordered pair; a cycle whose mirror image is itself run backwards counts once.
                let backwards = group.canonical(&[next.clone(), m.clone()].concat());
                let forwards = group.canonical(&[m.clone(), next.clone()].concat());
                let images = group.multiplicity(&forwards)?;
                Some(if same(&forwards, &backwards) { images / 2 } else { images })
            });
            let (m, next) = canonical.split_at(k);
            if let Some(state) = cycle(&saddle, m, next, temperature, (residual, multiplicity)) {
                found.push((canonical, state));
            }
        }
        found.into_iter().map(|(_, state)| state).collect()
    }

    /// The representative of a cycle; the pair itself where the group is not listed.
    fn canonical_pair(&self, m: &[f64], next: &[f64]) -> Vec<f64> {
        let (forwards, backwards) = ([m, next].concat(), [next, m].concat());
        match self.symmetry.listed(m.len()) {
            Some(group) => {
                let (a, b) = (group.canonical(&forwards), group.canonical(&backwards));
                let b_first =
                    a.iter().zip(&b).find(|(x, y)| (*x - *y).abs() > 1e-7).is_some_and(|(x, y)| y > x);
                if b_first { b } else { a }
            }
            None => forwards,
        }
    }

    /// Along an eigenvector v with λ < 0: m = r v, m′ = −r v, r = E\[x w_h(|λ| r x + h_ext)\].
    fn isotropic_cycles(&self, axis: super::line::Axis, temperature: f64) -> Vec<State> {
        let modes = self.modes();
        let mut out = Vec::new();
        for (value, vector) in modes.iter().filter(|mode| mode.0 < 0.0) {
            let scale = Matrix::from_element(1, 1, -value);
            let saddle = self.radial(axis, &scale);
            let alike = modes.iter().filter(|mode| (mode.0 - value).abs() < 1e-10).count();
            for root in self.roots(&saddle, temperature) {
                let Some(found) = saddle.solve(&[root], temperature) else { continue };
                let moments = &found.moments;
                let across = moments.transverse.first().map_or(0.0, |part| part.even);
                let stable = modes.iter().all(|(lambda, other)| {
                    let goldstone = other != vector && (lambda - value).abs() < 1e-10;
                    let response = if other == vector { moments.even[0] } else { across };
                    goldstone || (lambda * response).abs() < 1.0
                });
                let m: Vec<f64> = vector.iter().map(|v| found.m[0] * v).collect();
                let same_state = State {
                    kind: StateKind::Cycle,
                    n: None,
                    m_next: Some(m.iter().map(|x| -x).collect()),
                    m,
                    q: moments.frozen,
                    activity: moments.activity,
                    delta: 0.0,
                    r: None,
                    chi: moments.chi,
                    // ⟨s⟩⟨s′⟩ of fields x and −x.
                    d: self.fold.then_some(-moments.frozen),
                    free_energy: Some(found.free_energy),
                    energy: Some(found.free_energy + temperature * found.entropy),
                    entropy: Some(found.entropy),
                    replicon: Some(1.0),
                    hessian: None,
                    mean: None,
                    correlation: None,
                    multiplicity: (alike == 1).then_some(1),
                    locally_stable: stable,
                    replica_stable: Some(true),
                    residual: found.residual,
                    exit: found.exit,
                };
                out.push(same_state);
            }
        }
        out
    }
}

/// Overlaps that are 0 up to rounding are 0.
fn without_dust(m: Vec<f64>) -> Vec<f64> {
    m.into_iter().map(|x| if x.abs() < SAME { 0.0 } else { x }).collect()
}

/// Two successive states after many steps.
fn follow_pair(saddle: &Saddle, m: &[f64], temperature: f64) -> Option<(Vec<f64>, Vec<f64>)> {
    let mut m = m.to_vec();
    for _ in 0..STEPS {
        m = saddle.map(&m, temperature)?;
    }
    let next = saddle.map(&m, temperature)?;
    Some((m, next))
}

/// Whether the iteration from m ends in two overlaps that alternate.
pub(super) fn repeats(saddle: &Saddle, m: &[f64], temperature: f64) -> bool {
    let far = |a: &[f64], b: &[f64]| a.iter().zip(b).any(|(a, b)| (a - b).abs() > ALTERNATING);
    (|| {
        let (m, next) = follow_pair(saddle, m, temperature)?;
        let again = saddle.map(&next, temperature)?;
        Some(far(&m, &next) && !far(&m, &again))
    })()
    .unwrap_or(false)
}

/// A 2-cycle of the map at T = 0, where it is exact.
fn exact(saddle: &Saddle, (m, next): (Vec<f64>, Vec<f64>)) -> Option<(Vec<f64>, Vec<f64>, f64)> {
    let moments = saddle.moments(&next, 0.0)?;
    let back = saddle.overlaps(&moments);
    let residual = m.iter().zip(&back).fold(0.0_f64, |a, (x, y)| a.max((x - y).abs()));
    (residual <= EXACT).then_some((m, next, residual))
}

/// Newton in m and m′.
fn polish(
    saddle: &Saddle,
    (m, next): &(Vec<f64>, Vec<f64>),
    temperature: f64,
) -> Option<(Vec<f64>, Vec<f64>, f64)> {
    let k = m.len();
    let problem = |x: &Vector| {
        let (m, next) = (x.rows(0, k).into_owned(), x.rows(k, k).into_owned());
        // y − E[η w_h(y)] and its Jacobian give the map.
        let (f, a, _) = saddle.linearize(&m, temperature)?;
        let (g, b, _) = saddle.linearize(&next, temperature)?;
        let (image, back) = (&m - f, &next - g);
        let mut residual = Vector::zeros(2 * k);
        residual.rows_mut(0, k).copy_from(&(&m - back));
        residual.rows_mut(k, k).copy_from(&(&next - image));
        let mut jacobian = Matrix::identity(2 * k, 2 * k);
        let one = Matrix::identity(k, k);
        jacobian.view_mut((0, k), (k, k)).copy_from(&(b - &one));
        jacobian.view_mut((k, 0), (k, k)).copy_from(&(a - &one));
        Some((residual, jacobian))
    };
    let start = Vector::from_iterator(2 * k, m.iter().chain(next).copied());
    let solution = newton(start, &problem);
    (solution.exit == Exit::Converged).then(|| {
        let y = solution.y.as_slice();
        (y[..k].to_vec(), y[k..].to_vec(), solution.residual)
    })
}

/// The record of a cycle: averages over both states; stable if the map of two steps contracts.
fn cycle(
    saddle: &Saddle,
    m: &[f64],
    next: &[f64],
    temperature: f64,
    (residual, multiplicity): (f64, Option<u64>),
) -> Option<State> {
    let k = m.len();
    let (a, b) = (saddle.moments(m, temperature)?, saddle.moments(next, temperature)?);
    let map = |even: &[f64]| {
        let c = Matrix::from_row_slice(k, k, even);
        saddle.form.map_or(c.clone(), |form| c * form)
    };
    let two_steps = map(&b.even) * map(&a.even);
    let tied = a.tied || b.tied;
    let stable = !tied && two_steps.complex_eigenvalues().iter().all(|x| x.norm() < 1.0);
    let entropy = a.entropy + b.entropy;
    let f = saddle.product(m, next) - a.w - b.w;
    let frozen = temperature == 0.0 && !saddle.law.has_levels();
    (!tied).then(|| State {
        kind: StateKind::Cycle,
        n: None,
        m: m.to_vec(),
        m_next: Some(next.to_vec()),
        q: 0.5 * (a.frozen + b.frozen),
        activity: 0.5 * (a.activity + b.activity),
        delta: 0.0,
        r: None,
        chi: 0.5 * (a.chi + b.chi),
        d: saddle.successive(m, next, temperature),
        free_energy: Some(f),
        energy: Some(f + temperature * entropy),
        entropy: (!frozen).then_some(entropy),
        replicon: Some(1.0),
        hessian: None,
        mean: None,
        correlation: None,
        multiplicity,
        locally_stable: stable,
        replica_stable: Some(true),
        residual,
        exit: Exit::Converged,
    })
}
