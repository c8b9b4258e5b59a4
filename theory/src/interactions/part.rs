//! What a scan collects: sums, a histogram and the largest couplings.

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

    fn count(&mut self, value: f64) {
        if value == 0.0 {
            self.zero += 1;
            return;
        }
        // Exponent and two leading digits of the significand are the bin.
        let leading = (value.abs().to_bits() >> 50) as i64 - i64::from((1023 + LOWEST) * PER_OCTAVE);
        let list = if value > 0.0 { &mut self.positive } else { &mut self.negative };
        let bin = leading.clamp(0, list.len() as i64 - 1) as usize;
        list[bin] += 1;
    }

    fn add(&mut self, other: &Self) {
        let lists = [(&mut self.positive, &other.positive), (&mut self.negative, &other.negative)];
        for (ours, theirs) in lists {
            ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        self.zero += other.zero;
    }
}

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

impl ScanPart {
    pub(super) fn new(order: usize, top: usize, part: usize, error: f64) -> Self {
        let sums = Sums { part, count: 0, value: 0.0, size: 0.0, square: 0.0, largest: 0.0 };
        let threshold = if top == 0 { f64::INFINITY } else { 0.0 };
        Self { order, top, sums: vec![sums], histogram: Histogram::empty(), large: vec![], threshold, error }
    }

    pub(super) fn add(&mut self, value: f64, sites: [usize; 3]) {
        let size = value.abs();
        let sums = &mut self.sums[0];
        sums.count += 1;
        sums.value += value;
        sums.size += size;
        sums.square += value * value;
        sums.largest = sums.largest.max(size);
        self.histogram.count(value);
        if size >= self.threshold {
            self.large.push((value, sites.map(|site| site as u32)));
            if self.large.len() >= 2 * self.top + 64 {
                self.prune();
            }
        }
    }

    /// Keeps the largest, in their order: by size, of equal ones by sites.
    fn prune(&mut self) {
        self.large.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
        self.large.truncate(self.top);
        if let Some((least, _)) = self.large.get(self.top.wrapping_sub(1)) {
            self.threshold = least.abs();
        }
    }

    pub(super) fn finished(mut self) -> Self {
        self.prune();
        self
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
