//! A measure as a sum over points: levels, counts, or the nodes of a quadrature. Its cumulant generating function
//! keeps relative digits, because s and −s are added before they can cancel.

/// A point s, alone or together with −s.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// s.
    pub s: f64,
    /// The logarithm of its weight.
    pub height: f64,
    /// That of −s, where it is a point too.
    pub twin: Option<f64>,
    /// A factor of both weights, such as the weight of a node.
    pub factor: f64,
}

/// e^m · 2 sinh x · 2 sinh y without overflow of the parts.
fn product(x: f64, y: f64, m: f64) -> f64 {
    let part = |x: f64| -(-2.0 * x.abs()).exp_m1() * if x < 0.0 { -1.0 } else { 1.0 };
    (m + x.abs() + y.abs()).exp() * part(x) * part(y)
}

/// e^m · 2 sinh x.
fn odd(x: f64, m: f64) -> f64 {
    -(-2.0 * x.abs()).exp_m1() * (m + x.abs()).exp() * if x < 0.0 { -1.0 } else { 1.0 }
}

impl Point {
    /// Half the difference and half the sum of the two heights.
    fn halves(&self, twin: f64) -> (f64, f64) {
        (0.5 * (self.height - twin), 0.5 * (self.height + twin))
    }

    /// The larger exponent at a field.
    fn top(&self, q: f64) -> f64 {
        let twin = self.twin.map_or(f64::NEG_INFINITY, |twin| twin - q * self.s);
        twin.max(self.height + q * self.s)
    }

    /// (s, share) of the point and its twin at a field.
    fn shares(&self, q: f64, top: f64) -> [(f64, f64); 2] {
        let share = |s: f64, height: f64| (s, self.factor * (height + q * s - top).exp());
        [share(self.s, self.height), self.twin.map_or((0.0, 0.0), |twin| share(-self.s, twin))]
    }

    /// The part of Z(c + q) − Z(c).
    fn rise(&self, c: f64, q: f64, top: f64) -> f64 {
        if self.s == 0.0 {
            return 0.0;
        }
        let middle = self.s * (c + 0.5 * q);
        self.factor
            * match self.twin {
                None => odd(0.5 * self.s * q, self.height + middle - top),
                Some(twin) => {
                    let (half, mean) = self.halves(twin);
                    product(0.5 * self.s * q, middle + half, mean - top)
                }
            }
    }

    /// s times the share, with that of the twin.
    fn first(&self, q: f64, top: f64) -> f64 {
        self.factor
            * self.s
            * match self.twin {
                None => (self.height + q * self.s - top).exp(),
                Some(twin) => {
                    let (half, mean) = self.halves(twin);
                    odd(q * self.s + half, mean - top)
                }
            }
    }
}

/// Beyond this ratio of ln Z the difference of two logarithms has its digits.
const FAR: f64 = 30.0;

/// The points of a measure, to be walked through several times.
pub(super) trait Points: Iterator<Item = Point> + Clone {}

impl<I: Iterator<Item = Point> + Clone> Points for I {}

fn top(points: &impl Points, q: f64) -> f64 {
    points.clone().map(|point| point.top(q)).fold(f64::NEG_INFINITY, f64::max)
}

fn total(points: &impl Points, q: f64, top: f64) -> f64 {
    points.clone().flat_map(|point| point.shares(q, top)).map(|(_, share)| share).sum()
}

/// ln Z(c + q) − ln Z(c).
pub(super) fn shifted(points: &impl Points, c: f64, q: f64) -> f64 {
    let (from, to) = (top(points, c), top(points, c + q));
    if (to - from).abs() > FAR {
        return (to - from) + (total(points, c + q, to).ln() - total(points, c, from).ln());
    }
    let top = from.max(to);
    let rise: f64 = points.clone().map(|point| point.rise(c, q, top)).sum();
    if rise >= 0.0 {
        (rise / total(points, c, top)).ln_1p()
    } else {
        -(-rise / total(points, c + q, top)).ln_1p()
    }
}

/// K′, K″, … at q from place 1 on.
pub(super) fn cumulants(points: &impl Points, q: f64, out: &mut [f64]) {
    let top = top(points, q);
    let total = total(points, q, top);
    let mean = points.clone().map(|point| point.first(q, top)).sum::<f64>() / total;
    out.fill(0.0);
    for (s, share) in points.clone().flat_map(|point| point.shares(q, top)) {
        let mut term = share / total;
        for moment in out.iter_mut() {
            *moment += term;
            term *= s - mean;
        }
    }
    // The first central moment vanishes.
    if let Some(first) = out.get_mut(1) {
        *first = 0.0;
    }
    super::cumulants::from_central_moments(out);
    if let Some(slope) = out.get_mut(1) {
        *slope = mean;
    }
}
