//! Products of differences and averages of K, without cancellation where the steps are small.
//!
//! A step w over a site of the coupling is the operator 2 sinh(½wD), D = d/dq, a spin ±1 beside the coupling the
//! average cosh(WD). Of small steps the product is expanded, Π 2 sinh(½w_i D) = Πw_i D^k Σ_m e_m D^{2m} with
//! e_m > 0, a Taylor series at the centre of the steps; large ones are taken as they stand, a sum with both signs.

use mattis_model::Unit;

/// A factor of the operator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Factor {
    /// 2 sinh(½wD): f(q + w/2) − f(q − w/2).
    Difference(f64),
    /// cosh(wD): ½\[f(q + w) + f(q − w)\].
    Average(f64),
}

/// A number and an estimate of its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) error: f64,
}

/// Most powers D^{2m} of the expansion, m = 0 … .
const POWERS: usize = 13;

/// Highest derivative of K that is asked for.
const HIGHEST: usize = 32;

/// Largest number of factors taken as they stand, 2^this evaluations.
const MAX_LARGE: usize = 12;

/// Reach of the expanded steps, in distances to the nearest singularity of K, tried one after the other.
const REACHES: [f64; 4] = [0.3, 0.15, 0.05, 0.0];

impl Factor {
    /// How far from the centre it looks.
    pub(super) fn reach(self) -> f64 {
        match self {
            Self::Difference(w) => 0.5 * w.abs(),
            Self::Average(w) => w.abs(),
        }
    }

    /// Multiplies a series in D² by sinhc(½wD) or cosh(wD).
    fn expand(self, series: &mut [f64; POWERS]) {
        let mut factor = [1.0; POWERS];
        for m in 1..POWERS {
            // sinhc x = Σ x^{2m}/(2m + 1)!, cosh x = Σ x^{2m}/(2m)!.
            let (even, scale) = (2 * m, self.reach());
            let divisor = match self {
                Self::Difference(_) => even * (even + 1),
                Self::Average(_) => even * (even - 1),
            };
            factor[m] = factor[m - 1] * scale * scale / divisor as f64;
        }
        let old = *series;
        for (m, entry) in series.iter_mut().enumerate() {
            *entry = (0..=m).map(|j| old[j] * factor[m - j]).sum();
        }
    }
}

/// Distance from q to the nearest singularity of K, by the growth of its Taylor coefficients ~ 1/(n ρⁿ).
pub(super) fn radius(unit: &Unit, q: f64) -> f64 {
    let mut cumulants = [0.0; 13];
    unit.cumulants(q, &mut cumulants);
    let mut factorial = 1.0;
    let mut inverse = 0.0_f64;
    for (n, cumulant) in cumulants.iter().enumerate().skip(1) {
        factorial *= n as f64;
        let coefficient = (cumulant / factorial).abs() * n as f64;
        // The first coefficients know the scale of K and not yet its singularity.
        if n >= 6 && coefficient.is_finite() {
            inverse = inverse.max(coefficient.powf(1.0 / n as f64));
        }
    }
    1.0 / inverse
}

/// The product of `factors` applied to K at `centre`; an infinite error where too many of them are large.
pub(super) fn apply(unit: &Unit, centre: f64, factors: &[Factor]) -> Estimate {
    let mut sorted = factors.to_vec();
    sorted.sort_by(|a, b| a.reach().total_cmp(&b.reach()));
    let radius = radius(unit, centre);
    let mut best = Estimate { value: f64::NAN, error: f64::INFINITY };
    let mut before = usize::MAX;
    for reach in REACHES {
        let mut used = 0.0;
        let small = sorted.iter().take_while(|factor| {
            used += factor.reach();
            used < reach * radius
        });
        let small = small.count();
        if small == before || sorted.len() - small > MAX_LARGE {
            continue;
        }
        before = small;
        let found = split(unit, centre, &sorted[..small], &sorted[small..]);
        if found.error < best.error {
            best = found;
        }
        if best.error <= 1e-14 * best.value.abs() {
            break;
        }
    }
    best
}

fn split(unit: &Unit, centre: f64, small: &[Factor], large: &[Factor]) -> Estimate {
    let mut series = [0.0; POWERS];
    series[0] = 1.0;
    let (mut scale, mut order) = (1.0, 0);
    for factor in small {
        factor.expand(&mut series);
        if let Factor::Difference(w) = factor {
            scale *= w;
            order += 1;
        }
    }
    let used: f64 = small.iter().map(|factor| factor.reach()).sum();
    // Without a step K itself is needed, and no derivative.
    let powers = if small.is_empty() { 1 } else { POWERS.min((HIGHEST.max(order + 2) - order) / 2) };
    let mut cumulants = vec![0.0; order + 2 * powers - 1];
    let mut total = Estimate { value: 0.0, error: 0.0 };
    let mut compensation = 0.0;
    for state in 0..1_usize << large.len() {
        let (mut field, mut sign) = (centre, 1.0);
        for (bit, factor) in large.iter().enumerate() {
            let up = state >> bit & 1 == 1;
            field += if up { 1.0 } else { -1.0 }
                * match factor {
                    Factor::Difference(w) => 0.5 * w,
                    Factor::Average(w) => *w,
                };
            match factor {
                Factor::Difference(_) if !up => sign = -sign,
                Factor::Difference(_) => {}
                Factor::Average(_) => sign *= 0.5,
            }
        }
        unit.cumulants(field, &mut cumulants);
        let here = if small.is_empty() || reproduces(unit, field, used, &cumulants) {
            series_sum(&cumulants[order..], &series[..powers])
        } else {
            Estimate { value: f64::NAN, error: f64::INFINITY }
        };
        let term = sign * here.value - compensation;
        let sum = total.value + term;
        compensation = (sum - total.value) - term;
        total.value = sum;
        total.error += sign.abs() * here.error;
    }
    Estimate { value: scale * total.value, error: scale.abs() * total.error }
}

/// Whether the Taylor series at q gives K at both ends of its reach. Where all cumulants vanish, as far away
/// from a step, they say nothing about the singularity behind it.
fn reproduces(unit: &Unit, q: f64, reach: f64, cumulants: &[f64]) -> bool {
    [reach, -reach].into_iter().all(|x| {
        let (mut sum, mut size, mut power) = (0.0, 0.0, 1.0);
        for (n, cumulant) in cumulants.iter().enumerate() {
            if n > 0 {
                power *= x / n as f64;
            }
            sum += cumulant * power;
            size += (cumulant * power).abs();
        }
        let mut there = [0.0];
        unit.cumulants(q + x, &mut there);
        (sum - there[0]).abs() <= 1e-10 * (size + there[0].abs())
    })
}

/// Σ_m e_m K^{(k+2m)}; the error is the last term and the rounding of all.
fn series_sum(cumulants: &[f64], series: &[f64]) -> Estimate {
    let terms: Vec<f64> = series.iter().zip(cumulants.iter().step_by(2)).map(|(e, k)| e * k).collect();
    // A cumulant that vanishes by symmetry is not small against its neighbour's rounding.
    let odd = cumulants.get(1).copied().unwrap_or(0.0).abs().min(1.0);
    let size: f64 = terms.iter().map(|term| term.abs()).sum();
    // Two terms, since every other one may vanish; the series falls at least tenfold.
    let tail = if terms.len() > 1 { terms[terms.len() - 2..].iter().map(|t| t.abs()).sum() } else { 0.0 };
    Estimate { value: terms.iter().rev().sum(), error: tail + 4.0 * f64::EPSILON * (size + odd) }
}
