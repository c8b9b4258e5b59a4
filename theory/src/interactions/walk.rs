//! The walk through the couplings of one part: a few sets of sites with a few blocks of sites at a time.
#![allow(
    clippy::needless_range_loop,
    reason = "indices of lanes: loops become vector instructions, see `dispatch`"
)]

use super::dispatch::Job;
use super::kernel::Kernel;
use super::lanes::{LANES, Lanes};
use super::part::{ScanPart, Tally};
use super::scan::Scan;
use super::tile::{Sums, TILE, WIDTH, sums};

/// Sets whose numbers are made at a time: they stay in the second cache, while blocks pass through the first.
const SETS: usize = 64;

/// The numbers of up to [`SETS`] sets.
struct Prepared {
    depth: usize,
    numbers: Vec<f64>,
    /// Σ K(q_S), what L(S; k) of every k has in common.
    base: Vec<f64>,
}

impl Prepared {
    fn new(kernel: &Kernel) -> Self {
        Self { depth: kernel.depth(), numbers: vec![0.0; SETS * kernel.depth()], base: vec![0.0; SETS] }
    }

    #[inline(always)]
    fn row(&self, set: usize) -> &[f64] {
        &self.numbers[set * self.depth..(set + 1) * self.depth]
    }

    /// Up to [`TILE`] rows from `set` on; those beyond `count` are empty.
    #[inline(always)]
    fn rows(&self, set: usize, count: usize) -> [&[f64]; TILE] {
        std::array::from_fn(|r| if r < count { self.row(set + r) } else { &[][..] })
    }

    /// Makes the numbers of `count` sets.
    #[inline(always)]
    fn fill<const ROWS: usize, const BLOCKS: usize>(
        &mut self,
        kernel: &Kernel,
        count: usize,
        mut prepare: impl FnMut(usize, &mut [f64]),
    ) {
        let rows = self.numbers.chunks_exact_mut(self.depth.max(1)).take(count);
        rows.enumerate().for_each(|(set, row)| prepare(set, row));
        let mut found = Sums::new();
        for set in (0..count).step_by(TILE) {
            let some = TILE.min(count - set);
            sums::<ROWS, BLOCKS>(&kernel.form, &self.rows(set, some)[..some], &[kernel.rest()], &mut found);
            for r in 0..some {
                self.base[set + r] = found.numbers[r][0];
            }
        }
    }
}

/// The sums of `count` sets from `set` on with up to [`TILE`] blocks from `from` to `to`, bases included.
#[inline(always)]
fn tile<const ROWS: usize, const BLOCKS: usize>(
    kernel: &Kernel,
    prepared: &Prepared,
    (set, count): (usize, usize),
    (from, to): (usize, usize),
    found: &mut Sums,
) {
    let blocks: [&[Lanes]; TILE] =
        std::array::from_fn(|b| if from + b < to { kernel.block(from + b) } else { &[][..] });
    sums::<ROWS, BLOCKS>(&kernel.form, &prepared.rows(set, count)[..count], &blocks[..to - from], found);
}

/// L(S; k) of some sets with every site, and the largest |Σ K(q_S)|.
pub(super) struct Rows<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) sets: &'a [Vec<usize>],
}

impl Job for Rows<'_> {
    type Output = (Vec<f64>, f64);

    #[inline(always)]
    fn run<const ROWS: usize, const BLOCKS: usize>(self) -> Self::Output {
        let Self { kernel, sets } = self;
        let blocks = kernel.blocks();
        let width = blocks * LANES;
        let mut out = vec![0.0; sets.len() * width];
        let mut prepared = Prepared::new(kernel);
        let mut found = Sums::new();
        let mut largest = 0.0_f64;
        for (sets, out) in sets.chunks(SETS).zip(out.chunks_mut(SETS * width)) {
            prepared.fill::<ROWS, BLOCKS>(kernel, sets.len(), |set, row| kernel.prepare(&sets[set], row));
            largest = prepared.base[..sets.len()].iter().fold(largest, |most, base| most.max(base.abs()));
            for from in (0..blocks).step_by(TILE) {
                let to = blocks.min(from + TILE);
                for set in (0..sets.len()).step_by(TILE) {
                    let count = TILE.min(sets.len() - set);
                    tile::<ROWS, BLOCKS>(kernel, &prepared, (set, count), (from, to), &mut found);
                    for (r, found) in found.numbers[..count].iter().enumerate() {
                        let base = prepared.base[set + r];
                        let out = &mut out[(set + r) * width..][from * LANES..to * LANES];
                        out.iter_mut().zip(found).for_each(|(out, sum)| *out = sum - base);
                    }
                }
            }
        }
        (out, largest)
    }
}

/// The couplings whose first site is `part`.
pub(super) struct Walk<'a> {
    pub(super) scan: &'a Scan,
    pub(super) part: usize,
}

impl Job for Walk<'_> {
    type Output = ScanPart;

    #[inline(always)]
    fn run<const ROWS: usize, const BLOCKS: usize>(self) -> ScanPart {
        let Self { scan, part } = self;
        let kernel = &scan.kernel;
        let mut tally = Tally::new(scan.order, scan.top, part, scan.error);
        // Sets end with the site j; pairs have one, j = part.
        let ends = if scan.order == 2 { part..part + 1 } else { part + 1..scan.visible };
        let set = |j: usize| if scan.order == 2 { [part, 0] } else { [part, j] };
        let sites = scan.order - 1;
        let mut prepared = Prepared::new(kernel);
        let mut found = Sums::new();
        let mut rest = [[0.0; WIDTH]; TILE];
        let mut values = [0.0; WIDTH];
        for start in ends.clone().step_by(SETS) {
            let sets = SETS.min(ends.end - start);
            prepared
                .fill::<ROWS, BLOCKS>(kernel, sets, |s, row| kernel.prepare(&set(start + s)[..sites], row));
            // Only k > j.
            let mut first = (start + 1) / LANES;
            while first < kernel.blocks() {
                let to = kernel.blocks().min((first / TILE + 1) * TILE);
                for s in (0..sets).step_by(TILE) {
                    let j = start + s;
                    let from = first.max((j + 1) / LANES);
                    if from >= to {
                        break;
                    }
                    let count = TILE.min(sets - s);
                    let (site, width) = (from * LANES, (to - from) * LANES);
                    // Far in memory: asked for before it is needed.
                    for (r, rest) in rest[..count].iter_mut().enumerate() {
                        scan.rest(&set(j + r)[..sites], site, &mut rest[..width]);
                    }
                    tile::<ROWS, BLOCKS>(kernel, &prepared, (s, count), (from, to), &mut found);
                    for r in 0..count {
                        let (values, base) = (&mut values[..width], prepared.base[s + r]);
                        scan.couplings(part, site, base, &found.numbers[r], &rest[r], values);
                        tally.add(set(j + r), site, &(j + r + 1..scan.visible), values);
                    }
                }
                first = to;
            }
        }
        tally.finished()
    }
}
