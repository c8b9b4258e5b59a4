//! What follows from a finite alphabet: w and its derivatives by cumulants, the T = 0 law, the draw.

use super::{Alphabet, Responses, UnitLaw};

/// The upper envelope of the lines A_s(h) = h s + ½Γs² − V(s): the exact T = 0 law of a unit with levels.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The levels that win somewhere, from h = −∞ to ∞.
    pub levels: Vec<f64>,
    /// A_s(0) of these levels.
    pub heights: Vec<f64>,
    /// The fields where one level gives way to the next; one fewer than `levels`.
    pub switches: Vec<f64>,
}

/// (level, ½Γs² − V(s), ρ(s)) of every level.
fn lines<U: UnitLaw + ?Sized>(unit: &U, gamma: f64) -> Vec<(f64, f64, f64)> {
    let Alphabet::Levels(levels) = unit.alphabet() else { return Vec::new() };
    levels.iter().map(|&s| (s, 0.5 * gamma * s * s - unit.potential(s), unit.weight(s))).collect()
}

impl Envelope {
    /// The envelope of lines (slope, height) in order of increasing slope.
    pub fn of_lines(lines: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut hull: Vec<(f64, f64)> = Vec::new();
        let mut switches: Vec<f64> = Vec::new();
        for (slope, height) in lines {
            while let Some(&(below, other)) = hull.last() {
                let field = (other - height) / (slope - below);
                if switches.last().is_some_and(|last| field <= *last) {
                    hull.pop();
                    switches.pop();
                } else {
                    switches.push(field);
                    break;
                }
            }
            hull.push((slope, height));
        }
        let (levels, heights) = hull.into_iter().unzip();
        Self { levels, heights, switches }
    }
}

pub(super) fn envelope<U: UnitLaw + ?Sized>(unit: &U, gamma: f64) -> Envelope {
    Envelope::of_lines(lines(unit, gamma).into_iter().map(|(s, height, _)| (s, height)))
}

/// Cancellations of A at a switching field leave this many units of rounding.
const SNAP: f64 = 8.0 * f64::EPSILON;

pub(super) fn responses<U: UnitLaw + ?Sized>(
    unit: &U,
    centre: f64,
    offsets: &[f64],
    gamma: f64,
    temperature: f64,
    out: &mut Responses,
) {
    out.resize(offsets.len());
    let mut lines = lines(unit, gamma);
    let scale = lines.iter().fold(0.0, |sum: f64, (s, a, _)| sum.max((centre * s).abs()).max(a.abs()));
    for (s, action, _) in &mut lines {
        *action += centre * *s;
    }
    let top = lines.iter().map(|line| line.1).fold(f64::NEG_INFINITY, f64::max);
    for (_, action, _) in &mut lines {
        *action = if (*action - top).abs() <= SNAP * scale { 0.0 } else { *action - top };
    }
    for (i, &offset) in offsets.iter().enumerate() {
        let (best, s0) = lines
            .iter()
            .map(|(s, action, _)| (action + offset * s, *s))
            .fold((f64::NEG_INFINITY, 0.0), |best, line| if line.0 > best.0 { line } else { best });
        out.w[i] = top + best;
        if temperature == 0.0 {
            out.mean[i] = s0;
            out.response[i] = 0.0;
            out.third[i] = 0.0;
            out.fourth[i] = 0.0;
            out.entropy[i] = 0.0;
            out.mean_slope[i] = 0.0;
            out.response_slope[i] = 0.0;
            continue;
        }
        // Moments of t = s − s₀ and e = A − A₀: with the winner as origin, small variances keep their digits.
        let (mut z, mut t1, mut t2, mut t3, mut t4) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut e1, mut te, mut tte) = (0.0, 0.0, 0.0);
        for (s, action, weight) in &lines {
            let t = s - s0;
            let e = action + offset * s - best;
            let p = weight * (e / temperature).exp();
            z += p;
            t1 += p * t;
            t2 += p * t * t;
            t3 += p * t * t * t;
            t4 += p * t * t * t * t;
            e1 += p * e;
            te += p * t * e;
            tte += p * t * t * e;
        }
        let beta = 1.0 / temperature;
        for moment in [&mut t1, &mut t2, &mut t3, &mut t4, &mut e1, &mut te, &mut tte] {
            *moment /= z;
        }
        let k2 = t2 - t1 * t1;
        let k3 = t3 - 3.0 * t2 * t1 + 2.0 * t1 * t1 * t1;
        let k4 = t4 - 4.0 * t3 * t1 - 3.0 * t2 * t2 + 12.0 * t2 * t1 * t1 - 6.0 * t1.powi(4);
        let k_te = te - t1 * e1;
        let k_tte = tte - 2.0 * te * t1 - t2 * e1 + 2.0 * t1 * t1 * e1;
        let log = z.ln();
        out.w[i] += temperature * log;
        out.mean[i] = s0 + t1;
        out.response[i] = k2 * beta;
        out.third[i] = k3 * beta * beta;
        out.fourth[i] = k4 * beta * beta * beta;
        out.entropy[i] = log - e1 * beta;
        out.mean_slope[i] = -k_te * beta * beta;
        out.response_slope[i] = -(k2 + k_tte * beta) * beta * beta;
    }
}

pub(super) fn draw<U: UnitLaw + ?Sized>(unit: &U, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
    let lines = lines(unit, gamma);
    let (best, s0) = lines
        .iter()
        .map(|(s, a, _)| (a + h * s, *s))
        .fold((f64::NEG_INFINITY, 0.0), |best, line| if line.0 > best.0 { line } else { best });
    if temperature == 0.0 {
        return s0;
    }
    let weight = |(s, a, rho): &(f64, f64, f64)| rho * libm::exp((a + h * s - best) / temperature);
    let mut left = u * lines.iter().map(weight).sum::<f64>();
    for line in &lines {
        left -= weight(line);
        if left < 0.0 {
            return line.0;
        }
    }
    lines.last().map_or(s0, |line| line.0)
}
