//! The draw of a real-valued unit: rejection from a piecewise exponential hull, exact at every T > 0.

use std::ops::Range;

use crate::random::unit_interval;

/// Largest deviation of the exponent from its chords: four of five proposals or more are accepted.
const DEVIATION: f64 = 0.15;
/// The hull lies above what was seen at three points of a cell, by this factor.
const SAFETY: f64 = 1.3;
const LEAST_DEPTH: u32 = 3;
const MOST_CELLS: usize = 1 << 14;
/// Cells below e^{−60} of the highest are never drawn from: less than the resolution of a word.
const NEGLIGIBLE: f64 = 60.0;

/// Draws from the density ∝ exp{[h s + ½Γs² − V(s)]/T} on an interval, for any h.
///
/// The interval is cut once, such that c(s) = [½Γs² − V(s)]/T stays near its chord in every cell. Chord plus
/// the deviation seen is a hull; with h it is exponential in every cell, and a proposal drawn from it is
/// accepted with the ratio of density and hull.
#[derive(Debug, Clone)]
pub struct Sampler {
    temperature: f64,
    knots: Vec<f64>,
    /// c at the knots.
    heights: Vec<f64>,
    /// How far c may lie above its chord in each cell.
    margins: Vec<f64>,
    /// Whether the slopes of the chords fall from left to right.
    concave: bool,
}

struct Cut<'a> {
    exponent: &'a dyn Fn(f64) -> f64,
    sampler: Sampler,
}

impl Cut<'_> {
    /// Cuts an interval into cells, from left to right; whether they are few enough.
    fn cells(&mut self, (a, c_a): (f64, f64), (b, c_b): (f64, f64), depth: u32) -> bool {
        let middle = 0.5 * (a + b);
        let c_middle = (self.exponent)(middle);
        let deviation = |share: f64, c: f64| (c - (1.0 - share) * c_a - share * c_b).abs();
        let quarter = |share: f64| deviation(share, (self.exponent)(a + share * (b - a)));
        let largest = deviation(0.5, c_middle).max(quarter(0.25)).max(quarter(0.75));
        if depth >= LEAST_DEPTH && largest <= DEVIATION {
            self.sampler.knots.push(b);
            self.sampler.heights.push(c_b);
            self.sampler.margins.push(SAFETY * largest);
            return self.sampler.knots.len() <= MOST_CELLS;
        }
        a < middle
            && middle < b
            && self.cells((a, c_a), (middle, c_middle), depth + 1)
            && self.cells((middle, c_middle), (b, c_b), depth + 1)
    }
}

impl Sampler {
    /// The hull of `height` = ½Γs² − V(s) at a temperature; `None` if it needs too many cells, as it does at
    /// very low temperatures.
    pub fn new((low, high): (f64, f64), height: impl Fn(f64) -> f64, temperature: f64) -> Option<Self> {
        let exponent = |s: f64| height(s) / temperature;
        let ends = ((low, exponent(low)), (high, exponent(high)));
        let sampler = Self {
            temperature,
            knots: vec![low],
            heights: vec![ends.0.1],
            margins: Vec::new(),
            concave: false,
        };
        let mut cut = Cut { exponent: &exponent, sampler };
        if !cut.cells(ends.0, ends.1, 0) {
            return None;
        }
        let mut sampler = cut.sampler;
        let slopes: Vec<f64> = (0..sampler.margins.len())
            .map(|k| {
                (sampler.heights[k + 1] - sampler.heights[k]) / (sampler.knots[k + 1] - sampler.knots[k])
            })
            .collect();
        sampler.concave = slopes.windows(2).all(|pair| pair[1] <= pair[0]);
        Some(sampler)
    }

    /// The cells that are not negligible with this slope added: around the peak where c is concave, else all.
    fn reach(&self, slope: f64) -> Range<usize> {
        let cells = self.margins.len();
        if !self.concave {
            return 0..cells;
        }
        let end = |k: usize| slope * self.knots[k] + self.heights[k];
        // The first knot after which the chords fall.
        let (mut low, mut high) = (0, cells);
        while low < high {
            let middle = low.midpoint(high);
            if end(middle + 1) > end(middle) { low = middle + 1 } else { high = middle }
        }
        let least = end(low) - NEGLIGIBLE - SAFETY * DEVIATION;
        let (mut start, mut stop) = (low.saturating_sub(1), (low + 1).min(cells));
        while start > 0 && end(start) > least {
            start -= 1;
        }
        while stop < cells && end(stop) > least {
            stop += 1;
        }
        start..stop
    }

    /// A value in the field h. The word is the first of a sequence (Steele, Lea and Flood 2014) that goes on
    /// until a proposal is accepted; `height` is that of the hull.
    pub fn draw(&self, h: f64, word: u64, height: impl Fn(f64) -> f64) -> f64 {
        let slope = h / self.temperature;
        let ends = |cell: usize| {
            let end = |k: usize| slope * self.knots[k] + self.heights[k];
            (end(cell), end(cell + 1))
        };
        let reach = self.reach(slope);
        let height_of = |cell: usize| {
            let (left, right) = ends(cell);
            left.max(right) + self.margins[cell]
        };
        let top = reach.clone().map(height_of).fold(f64::NEG_INFINITY, f64::max);
        let mass = |cell: usize| -> f64 {
            let (left, right) = ends(cell);
            let (below, above) = (left.min(right), left.max(right));
            let log = above + self.margins[cell] - top;
            if log < -NEGLIGIBLE {
                return 0.0;
            }
            let width = self.knots[cell + 1] - self.knots[cell];
            width * libm::exp(log) * average(above - below)
        };
        let first = reach.start;
        let masses: Vec<f64> = reach.map(mass).collect();
        let total: f64 = masses.iter().sum();
        let mut words = Sequence { word, k: 0 };
        loop {
            let mut left = unit_interval(words.next()) * total;
            let mut chosen = (first, 0.0);
            for (cell, inside) in masses.iter().enumerate().filter(|(_, inside)| **inside > 0.0) {
                chosen = (first + cell, (left / inside).min(1.0));
                if left < *inside {
                    break;
                }
                left -= inside;
            }
            let (cell, share) = chosen;
            let (a, b) = (self.knots[cell], self.knots[cell + 1]);
            let (from, to) = ends(cell);
            let place = position(to - from, share);
            let s = a + place * (b - a);
            let chord = self.heights[cell] + place * (self.heights[cell + 1] - self.heights[cell]);
            let excess = height(s) / self.temperature - chord - self.margins[cell];
            if unit_interval(words.next()) < libm::exp(excess) {
                return s;
            }
        }
    }

    /// Largest excess of the density over its hull at evenly spaced points, in the exponent: not above 0.
    #[cfg(test)]
    pub(super) fn excess(&self, height: impl Fn(f64) -> f64) -> f64 {
        let mut largest = f64::NEG_INFINITY;
        for cell in 0..self.margins.len() {
            for k in 0..=50 {
                let place = f64::from(k) / 50.0;
                let s = self.knots[cell] + place * (self.knots[cell + 1] - self.knots[cell]);
                let chord = self.heights[cell] + place * (self.heights[cell + 1] - self.heights[cell]);
                largest = largest.max(height(s) / self.temperature - chord - self.margins[cell]);
            }
        }
        largest
    }
}

/// ∫₀¹ e^{−δx} dx for δ ≥ 0.
fn average(delta: f64) -> f64 {
    if delta < 1e-12 { 1.0 } else { -libm::expm1(-delta) / delta }
}

/// The x in [0, 1] below which the share u of the density ∝ e^{δx} lies.
fn position(delta: f64, u: f64) -> f64 {
    let x = if delta.abs() < 1e-12 {
        u
    } else if delta > 0.0 {
        // From the higher end, so that nothing overflows.
        1.0 + libm::log1p((1.0 - u) * libm::expm1(-delta)) / delta
    } else {
        libm::log1p(u * libm::expm1(delta)) / delta
    };
    x.clamp(0.0, 1.0)
}

/// A word and what follows from it: word + kφ mixed as SplitMix64 does; k = 0 is the word itself.
struct Sequence {
    word: u64,
    k: u64,
}

impl Sequence {
    fn next(&mut self) -> u64 {
        let k = self.k;
        self.k += 1;
        if k == 0 {
            return self.word;
        }
        let mut z = self.word.wrapping_add(k.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
