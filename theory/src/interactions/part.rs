//! What a scan collects: sums, a histogram and the largest couplings.
#![allow(
    clippy::needless_range_loop,
    reason = "indices of lanes: loops become vector instructions, see `dispatch`"
)]

use std::ops::Range;

use super::lanes::{LANES, Lanes, larger};
use super::{Coupling, OrderStatistics};

/// Octaves of |J| that the histogram tells apart: 2^−64 to 2^16.
const LOWEST: i32 = -64;
const HIGHEST: i32 = 16;
/// Bins of an octave.
const PER_OCTAVE: i32 = 4;

/// Counts of couplings by sign and size. A bin is a quarter of an octave: bin n of either list counts
/// edge(n) ≤ |J| < edge(n + 1); what is smaller or larger is counted in the first or last bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// J > 0.
    pub positive: Vec<u64>,
    /// J < 0.
    pub negative: Vec<u64>,
    /// J = 0.
    pub zero: u64,
}

impl Histogram {
    fn empty() -> Self {
        let bins = ((HIGHEST - LOWEST) * PER_OCTAVE) as usize;
        Self { positive: vec![0; bins], negative: vec![0; bins], zero: 0 }
    }

    /// Lower edge of a bin, 2^e (1 + m/4).
    pub fn edge(bin: usize) -> f64 {
        let (octave, quarter) = (bin as i32 / PER_OCTAVE, bin as i32 % PER_OCTAVE);
        f64::from(LOWEST + octave).exp2() * (1.0 + f64::from(quarter) / f64::from(PER_OCTAVE))
    }

    /// Counts of the sign, exponent and two leading digits of the significand, which are the bin.
    fn of(leading: &[u64]) -> Self {
        let mut found = Self::empty();
        let half = leading.len() / 2;
        for (bin, count) in leading.iter().enumerate().filter(|(_, count)| **count > 0) {
            let place = (bin % half) as i64 - i64::from((1023 + LOWEST) * PER_OCTAVE);
            let list = if bin < half { &mut found.positive } else { &mut found.negative };
            let last = list.len() as i64 - 1;
            list[place.clamp(0, last) as usize] += count;
        }
        found
    }

    fn add(&mut self, other: &Self) {
        let lists = [(&mut self.positive, &other.positive), (&mut self.negative, &other.negative)];
        for (ours, theirs) in lists {
            ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        self.zero += other.zero;
    }
}

/// First bits of a number by which it is counted: sign, exponent and two digits of the significand.
const LEADING: u32 = 14;
const BINS: usize = 1 << LEADING;

/// Sums over one part.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sums {
    part: usize,
    count: u64,
    value: f64,
    size: f64,
    square: f64,
    largest: f64,
}

/// What one or several parts of a scan found. Parts merge in any order to the same result, bit for bit.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanPart {
    order: usize,
    top: usize,
    sums: Vec<Sums>,
    histogram: Histogram,
    /// Candidates for the largest; sites beyond the order are 0.
    large: Vec<(f64, [u32; 3])>,
    /// |J| that a candidate has to reach.
    threshold: f64,
    /// Estimate of the error of one coupling.
    error: f64,
}

/// What the walk through one part adds up; eight sums of every kind, for eight sites side by side.
#[derive(Debug)]
pub(super) struct Tally {
    found: ScanPart,
    value: Lanes,
    size: Lanes,
    square: Lanes,
    largest: Lanes,
    zeros: Lanes,
    /// Of [`BINS`] numbers.
    bins: Vec<u64>,
    /// Lanes that are no coupling.
    empty: u64,
}

impl Tally {
    pub(super) fn new(order: usize, top: usize, part: usize, error: f64) -> Self {
        let none = Lanes::of(0.0);
        Self {
            found: ScanPart::new(order, top, part, error),
            value: none,
            size: none,
            square: none,
            largest: none,
            zeros: none,
            bins: vec![0; BINS],
            empty: 0,
        }
    }

    /// Couplings of the sites `first` with the sites from `start` on, of which those in `sites` are meant; a multiple
    /// of eight.
    #[inline(always)]
    pub(super) fn add(&mut self, first: [usize; 2], start: usize, sites: &Range<usize>, values: &mut [f64]) {
        if start < sites.start || start + values.len() > sites.end {
            for (site, value) in (start..).zip(&mut *values) {
                if !sites.contains(&site) {
                    *value = 0.0;
                    self.empty += 1;
                }
            }
        }
        let mut most = Lanes::of(0.0);
        for eight in values.as_chunks::<LANES>().0 {
            for l in 0..LANES {
                self.value.0[l] += eight[l];
            }
            for l in 0..LANES {
                self.size.0[l] += eight[l].abs();
            }
            for l in 0..LANES {
                self.square.0[l] += eight[l] * eight[l];
            }
            for l in 0..LANES {
                most.0[l] = larger(eight[l].abs(), most.0[l]);
            }
            for l in 0..LANES {
                self.zeros.0[l] += if eight[l] == 0.0 { 1.0 } else { 0.0 };
            }
        }
        for l in 0..LANES {
            self.largest.0[l] = larger(most.0[l], self.largest.0[l]);
        }
        if let Some(bins) = self.bins.first_chunk_mut::<BINS>() {
            for value in &*values {
                // −0 counts as 0.
                bins[((value + 0.0).to_bits() >> (u64::BITS - LEADING)) as usize] += 1;
            }
        }
        if most.most() >= self.found.threshold {
            self.candidates(first, start, sites, values);
        }
    }

    #[cold]
    #[inline(never)]
    fn candidates(&mut self, first: [usize; 2], start: usize, sites: &Range<usize>, values: &[f64]) {
        let found = &mut self.found;
        for (site, &value) in (start..).zip(values).filter(|(site, _)| sites.contains(site)) {
            if value.abs() >= found.threshold {
                let sites = if found.order == 2 { [first[0], site, 0] } else { [first[0], first[1], site] };
                found.large.push((value, sites.map(|site| site as u32)));
            }
        }
        if found.large.len() >= 2 * found.top + 64 {
            found.prune();
        }
    }

    pub(super) fn finished(mut self) -> ScanPart {
        let zeros = self.zeros.sum() as u64;
        self.bins[0] -= zeros;
        let sums = &mut self.found.sums[0];
        sums.count = self.bins.iter().sum::<u64>() + zeros - self.empty;
        (sums.value, sums.size) = (self.value.sum(), self.size.sum());
        (sums.square, sums.largest) = (self.square.sum(), self.largest.most());
        self.found.histogram = Histogram::of(&self.bins);
        self.found.histogram.zero = zeros - self.empty;
        self.found.prune();
        self.found
    }
}

impl ScanPart {
    fn new(order: usize, top: usize, part: usize, error: f64) -> Self {
        let sums = Sums { part, count: 0, value: 0.0, size: 0.0, square: 0.0, largest: 0.0 };
        let threshold = if top == 0 { f64::INFINITY } else { 0.0 };
        Self { order, top, sums: vec![sums], histogram: Histogram::empty(), large: vec![], threshold, error }
    }

    /// Keeps the largest, in their order: by size, of equal ones by sites.
    fn prune(&mut self) {
        self.large.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
        self.large.truncate(self.top);
        if let Some((least, _)) = self.large.get(self.top.wrapping_sub(1)) {
            self.threshold = least.abs();
        }
    }

    /// This and another part of the same scan.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.sums.extend(other.sums);
        // Sums of rounded numbers depend on their order: it is kept.
        self.sums.sort_by_key(|sums| sums.part);
        self.histogram.add(&other.histogram);
        self.large.extend(other.large);
        self.threshold = self.threshold.max(other.threshold);
        self.prune();
        self
    }

    /// Number, mean, rms and largest of the couplings.
    pub fn statistics(&self) -> OrderStatistics {
        let count: u64 = self.sums.iter().map(|sums| sums.count).sum();
        let mean = |f: &dyn Fn(&Sums) -> f64| self.sums.iter().map(f).sum::<f64>() / count.max(1) as f64;
        OrderStatistics {
            order: self.order,
            count,
            mean: mean(&|sums| sums.value),
            mean_abs: mean(&|sums| sums.size),
            rms: mean(&|sums| sums.square).sqrt(),
            max_abs: self.sums.iter().fold(0.0, |most, sums| most.max(sums.largest)),
        }
    }

    /// Counts by sign and size.
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// The largest |J|, largest first.
    pub fn largest(&self) -> Vec<Coupling> {
        let coupling = |(value, sites): &(f64, [u32; 3])| Coupling {
            sites: sites[..self.order].iter().map(|site| *site as usize).collect(),
            value: *value,
            error: self.error,
        };
        self.large.iter().map(coupling).collect()
    }
}
