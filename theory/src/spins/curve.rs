//! The curve G(m, s) = 0 at one temperature, followed by its length.

use super::equations::{Averages, Spins};

/// Lengths of steps.
const FIRST: f64 = 2e-3;
const LONGEST: f64 = 0.05;
const SHORTEST: f64 = 1e-9;
/// Most knots of a curve.
const KNOTS: usize = 4000;
/// Knots are on the curve to this residual; what is found between them is corrected.
const NEAR: f64 = 2e-9;

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Knot {
    /// (m, s).
    pub(super) x: [f64; 2],
    /// The unit tangent along the run.
    pub(super) tangent: [f64; 2],
    /// α.
    pub(super) load: f64,
    /// dα by length.
    pub(super) slope: f64,
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

fn moved(x: [f64; 2], along: [f64; 2], by: f64) -> [f64; 2] {
    [x[0] + by * along[0], x[1] + by * along[1]]
}

/// Derivatives by (m, Δ) as derivatives by (m, s).
fn by_root(by: [f64; 2], s: f64) -> [f64; 2] {
    [by[0], 2.0 * s * by[1]]
}

impl Knot {
    /// The knot at a point of the curve whose tangent is on the side of `along`.
    fn new(x: [f64; 2], averages: &Averages, along: [f64; 2]) -> Option<Self> {
        let gradient = by_root(averages.gap_by, x[1]);
        let norm = dot(gradient, gradient).sqrt();
        let side = if gradient[0] * along[1] - gradient[1] * along[0] > 0.0 { 1.0 } else { -1.0 };
        let tangent = [-side * gradient[1] / norm, side * gradient[0] / norm];
        let load = averages.load();
        let slope = dot(by_root(averages.load_by(load), x[1]), tangent);
        (norm > 0.0 && slope.is_finite() && load.is_finite()).then_some(Self { x, tangent, load, slope })
    }

    /// The first knot, run towards larger loads.
    pub(super) fn first(x: [f64; 2], averages: &Averages) -> Option<Self> {
        let knot = Self::new(x, averages, [0.0, 1.0])?;
        if knot.slope > 0.0 {
            Some(knot)
        } else {
            Self::new(x, averages, [-knot.tangent[0], -knot.tangent[1]])
        }
    }
}

/// The cubic between two knots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    from: Knot,
    to: Knot,
    length: f64,
}

impl Piece {
    pub(super) fn new(from: Knot, to: Knot) -> Self {
        let chord = [to.x[0] - from.x[0], to.x[1] - from.x[1]];
        Self { from, to, length: dot(chord, chord).sqrt() }
    }

    pub(super) fn length(&self) -> f64 {
        self.length
    }

    /// Whether the load grows from knot to knot.
    pub(super) fn rises(&self) -> bool {
        self.to.load > self.from.load
    }

    fn cubic(&self, u: f64, values: [f64; 2], slopes: [f64; 2]) -> f64 {
        let (v, d) = (1.0 - u, values[1] - values[0]);
        let (a, b) = (slopes[0] * self.length - d, d - slopes[1] * self.length);
        v * values[0] + u * values[1] + u * v * (v * a + u * b)
    }

    fn load(&self, u: f64) -> f64 {
        self.cubic(u, [self.from.load, self.to.load], [self.from.slope, self.to.slope])
    }

    /// The point at a share u of the piece.
    pub(super) fn point(&self, u: f64) -> [f64; 2] {
        std::array::from_fn(|i| {
            self.cubic(u, [self.from.x[i], self.to.x[i]], [self.from.tangent[i], self.to.tangent[i]])
        })
    }

    /// The loads of the knots, the smaller first: those above it up to the larger are passed between them.
    pub(super) fn range(&self) -> (f64, f64) {
        (self.from.load.min(self.to.load), self.from.load.max(self.to.load))
    }

    /// The share at which the cubic passes a load, nearly.
    pub(super) fn share(&self, alpha: f64) -> f64 {
        let rise = self.to.load - self.from.load;
        let (a, b) = (self.from.slope * self.length, self.to.slope * self.length);
        let (mut low, mut high) = (0.0, 1.0);
        let mut u = (alpha - self.from.load) / rise;
        for _ in 0..20 {
            let excess = self.load(u) - alpha;
            if (excess < 0.0) == (rise > 0.0) {
                low = u;
            } else {
                high = u;
            }
            // The derivative of the cubic.
            let v = 1.0 - u;
            let slope = a * v * (v - 2.0 * u) + b * u * (u - 2.0 * v) + 6.0 * u * v * rise;
            let next = u - excess / slope;
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            let done = (next - u).abs() < 1e-9;
            u = next;
            if done {
                break;
            }
        }
        u
    }
}

/// The zero in \[0, 1\] of a function that is not positive at 0 and not negative at 1, by false position where the
/// end that stays counts half.
pub(super) fn zero(f: &mut dyn FnMut(f64) -> Option<f64>, tolerance: f64) -> Option<f64> {
    let (mut a, mut b) = ((0.0, f(0.0)?), (1.0, f(1.0)?));
    let mut stayed = 0;
    for _ in 0..60 {
        if b.1 == a.1 {
            return Some(0.5 * (a.0 + b.0));
        }
        let u = (a.0 * b.1 - b.0 * a.1) / (b.1 - a.1);
        let value = f(u)?;
        if value.abs() <= tolerance || b.0 - a.0 <= 1e-14 {
            return Some(u);
        }
        if value < 0.0 {
            a = (u, value);
            if stayed == 1 {
                b.1 *= 0.5;
            }
            stayed = 1;
        } else {
            b = (u, value);
            if stayed == 2 {
                a.1 *= 0.5;
            }
            stayed = 2;
        }
    }
    Some(0.5 * (a.0 + b.0))
}

impl Spins<'_> {
    /// The knot of the curve nearest to a point in the direction across `along`.
    pub(super) fn corrected(
        &self,
        mut x: [f64; 2],
        along: [f64; 2],
        temperature: f64,
        near: f64,
    ) -> Option<Knot> {
        let across = [-along[1], along[0]];
        for _ in 0..8 {
            let averages = self.averages(x[0], x[1] * x[1], temperature).filter(|_| x[1] > 0.0)?;
            if averages.gap.abs() <= near {
                return Knot::new(x, &averages, along);
            }
            let step = averages.gap / dot(by_root(averages.gap_by, x[1]), across);
            if !step.is_finite() {
                return None;
            }
            x = moved(x, across, -step);
        }
        None
    }

    /// The curve from a first knot until `stop`, which sees every knot; where the load turns, the turn is a knot.
    pub(super) fn trace(
        &self,
        first: Knot,
        temperature: f64,
        stop: &mut dyn FnMut(&Knot) -> bool,
    ) -> Vec<Knot> {
        let mut knots = Vec::with_capacity(64);
        knots.push(first);
        let mut step = FIRST;
        let mut bend = [0.0; 2];
        while knots.len() < KNOTS {
            let last = knots[knots.len() - 1];
            let mut guess = moved(last.x, last.tangent, step);
            guess = moved(guess, bend, 0.5 * step * step);
            let next = self.corrected(guess, last.tangent, temperature, NEAR).filter(|knot| {
                let off = [knot.x[0] - guess[0], knot.x[1] - guess[1]];
                dot(off, off) <= 0.25 * step * step && dot(knot.tangent, last.tangent) > 0.95
            });
            let Some(next) = next else {
                if step <= SHORTEST {
                    break;
                }
                step *= 0.4;
                continue;
            };
            let piece = Piece::new(last, next);
            bend = std::array::from_fn(|i| (next.tangent[i] - last.tangent[i]) / piece.length());
            if (last.slope > 0.0) != (next.slope > 0.0) {
                knots.extend(self.turn(last, next, temperature));
            }
            knots.push(next);
            if stop(&next) {
                break;
            }
            let turned = dot(next.tangent, last.tangent);
            if turned > 0.998 {
                step = (1.6 * step).min(LONGEST);
            } else if turned < 0.98 {
                step *= 0.7;
            }
        }
        knots
    }

    /// The knot between two others at which the load turns.
    fn turn(&self, from: Knot, to: Knot, temperature: f64) -> Option<Knot> {
        let piece = Piece::new(from, to);
        let along = [(to.x[0] - from.x[0]) / piece.length(), (to.x[1] - from.x[1]) / piece.length()];
        let sign = if from.slope < 0.0 { 1.0 } else { -1.0 };
        let mut found = None;
        let mut slope = |u: f64| {
            if u == 0.0 {
                return Some(sign * from.slope);
            }
            if u == 1.0 {
                return Some(sign * to.slope);
            }
            let knot = self.corrected(piece.point(u), along, temperature, 1e-14)?;
            found = Some(knot);
            Some(sign * knot.slope)
        };
        zero(&mut slope, 1e-9)?;
        found
    }
}
