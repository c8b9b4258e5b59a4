//! What follows from the alphabet 0, 1, 2, …: sums over a window around the largest term.

use super::continuous::Measure;
use super::points::Point;
use super::{Responses, UnitLaw};

/// Exponents below the largest by more than this are nothing in 64 bits.
const NOTHING: f64 = 745.0;
/// The largest count that is looked at, and the most terms of a sum.
const LARGEST: u64 = 1 << 50;
const MOST: u64 = 1 << 22;

/// Terms (n, A/T, ln ρ) of a sum Σ ρ e^{A/T}.
struct Window {
    peak: f64,
    terms: Vec<(f64, f64, f64)>,
}

/// Why there is no window.
enum Beyond {
    Infinite,
    TooLong,
}

impl Window {
    /// The terms that count; they are taken to have one maximum.
    fn new<U: UnitLaw + ?Sized>(unit: &U, h: f64, gamma: f64, temperature: f64) -> Result<Self, Beyond> {
        let term = |n: u64| {
            let s = n as f64;
            ((h * s + 0.5 * gamma * s * s - unit.potential(s)) / temperature, unit.log_weight(s))
        };
        let height = |n: u64| term(n).0 + term(n).1;
        // The maximum lies between the last two of 0, 1, 3, 7, … that rise and the next.
        let mut high = 1;
        while high < LARGEST && height(high) > height(high / 2) {
            high = 2 * high + 1;
        }
        let (mut low, mut end) = (high / 4, high);
        while low < end {
            let middle = low.midpoint(end);
            if height(middle + 1) > height(middle) { low = middle + 1 } else { end = middle }
        }
        let top = height(low);
        if !top.is_finite() || height(LARGEST) > top - NOTHING {
            return Err(Beyond::Infinite);
        }
        let inside = |n: &u64| height(*n) > top - NOTHING;
        let (mut first, mut last) = (low, low);
        while first > 0 && inside(&(first - 1)) && low - first < MOST {
            first -= 1;
        }
        while inside(&(last + 1)) && last - low < MOST {
            last += 1;
        }
        if last - first >= MOST {
            return Err(Beyond::TooLong);
        }
        let terms = (first..=last).map(|n| (n as f64, term(n).0, term(n).1)).collect();
        Ok(Self { peak: low as f64, terms })
    }

    /// (A/T, ln ρ) of the largest term.
    fn largest(&self) -> (f64, f64) {
        let at_peak = self.terms.iter().find(|term| term.0 == self.peak);
        at_peak.map_or((f64::NAN, f64::NAN), |term| (term.1, term.2))
    }
}

/// Points that resolve the measure at T = 1 and Γ = 0 at each of these fields; `None` where it is infinite or has
/// more than four million terms.
pub(super) fn points<U: UnitLaw + ?Sized>(unit: &U, fields: &[f64]) -> Option<Vec<Point>> {
    let mut counts = Vec::new();
    for q in fields {
        counts.extend(Window::new(unit, *q, 0.0, 1.0).ok()?.terms.iter().map(|term| term.0));
    }
    counts.sort_by(f64::total_cmp);
    counts.dedup();
    let height = |s: f64| unit.log_weight(s) - unit.potential(s);
    Some(counts.into_iter().map(|s| Point { s, height: height(s), twin: None, factor: 1.0 }).collect())
}

/// w and its derivatives; +∞ and NaN where the sum is infinite, NaN where it has too many terms or at T = 0.
pub(super) fn responses<U: UnitLaw + ?Sized>(
    unit: &U,
    (centre, offsets): (f64, &[f64]),
    gamma: f64,
    temperature: f64,
    out: &mut Responses,
) {
    out.undefined(offsets.len());
    if temperature == 0.0 {
        return;
    }
    for (i, offset) in offsets.iter().enumerate() {
        match Window::new(unit, centre + offset, gamma, temperature) {
            Err(Beyond::Infinite) => out.w[i] = f64::INFINITY,
            Err(Beyond::TooLong) => {}
            Ok(window) => {
                let (action, log) = window.largest();
                let point = |(s, a, rho): &(f64, f64, f64)| {
                    (s - window.peak, a - action, ((a - action) + (rho - log)).exp())
                };
                let points = window.terms.iter().map(point).collect();
                let top = temperature * (action + log);
                Measure { peak: window.peak, top, points }.fill(temperature, i, out);
                // ρ has no T.
                out.entropy[i] += log;
            }
        }
    }
}

/// The first count at which the distribution exceeds u; NaN where there is none, or at T = 0.
pub(super) fn draw<U: UnitLaw + ?Sized>(unit: &U, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
    if temperature == 0.0 {
        return f64::NAN;
    }
    let Ok(window) = Window::new(unit, h, gamma, temperature) else { return f64::NAN };
    let (action, log) = window.largest();
    let share = |(_, a, rho): &(f64, f64, f64)| ((a - action) + (rho - log)).exp();
    let mut left = u * window.terms.iter().map(share).sum::<f64>();
    for term in &window.terms {
        left -= share(term);
        if left < 0.0 {
            return term.0;
        }
    }
    window.terms.last().map_or(f64::NAN, |term| term.0)
}
