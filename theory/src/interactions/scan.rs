//! All pairs or triples of a large machine.

use mattis_model::{Encoding, Machine, SpecError, Unsupported};
use mattis_simd::Vectors;

use super::dispatch;
use super::kernel::Kernel;
use super::part::ScanPart;
use super::tile::WIDTH;
use super::walk::{Rows, Walk};
use super::{checked_sites, scalar_units};
use crate::TheoryError;

/// A walk through all couplings of two or three sites in 0/1, in parts that any number of threads may run. N =
/// 784 and M = 140 have 8·10⁷ triples, 10¹⁰ terms.
///
/// Units of two levels take one logarithm of many factors e^{−q} + e^W, Gaussian and Poisson ones are sums
/// of products, and any other reads K from a table of 10⁻¹³. Couplings carry an absolute error, about 10⁻¹⁶ Σ_μ |K|
/// (`Coupling::error`): [`coupling`](super::coupling) keeps the digits of small ones.
///
/// ```
/// use mattis_model::{Encoding, Machine};
/// use mattis_theory::interactions::Scan;
///
/// let weights = (0..20).map(|i| vec![0.1 * f64::from(i % 7), -0.2, 0.05 * f64::from(i % 3)]).collect();
/// let machine = Machine::new("step".parse()?, Encoding::ZeroOne, weights)?;
/// let scan = Scan::new(&machine, 3, 10)?;
/// let all = (1..scan.parts()).fold(scan.part(0), |all, part| all.merge(scan.part(part)));
/// assert_eq!(all.statistics().count, 1140);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scan {
    pub(super) order: usize,
    pub(super) top: usize,
    pub(super) visible: usize,
    pub(super) kernel: Kernel,
    /// L(; k).
    pub(super) none: Vec<f64>,
    /// L(i; k), a row for each i; for triples only. The sites of one tile stand together, in the order of the walk.
    pub(super) one: Vec<f64>,
    pub(super) error: f64,
    vectors: Vectors,
}

impl Scan {
    /// The scan of `order` 2 or 3 that remembers the `top` largest couplings. It takes 8(N² + NM) bytes for
    /// triples.
    ///
    /// # Errors
    /// If the order is another, N is smaller, the machine is not 0/1, or the hidden unit has a field for each
    /// of its states.
    pub fn new(machine: &Machine, order: usize, top: usize) -> Result<Self, TheoryError> {
        Self::with_vectors(machine, order, top, Vectors::best())
    }

    /// The same with these vector instructions, or none where the machine lacks them; the numbers are the same.
    ///
    /// # Errors
    /// Like [`Scan::new`].
    pub fn with_vectors(
        machine: &Machine,
        order: usize,
        top: usize,
        vectors: Vectors,
    ) -> Result<Self, TheoryError> {
        scalar_units(machine, "a scan")?;
        if machine.encoding == Encoding::PlusMinus {
            return Err(Unsupported::new(
                "a scan of ±1 machines",
                "theory",
                "each coupling depends on all spins",
                "0/1, or one coupling of ±1 at a time",
            )
            .into());
        }
        if !(2..=3).contains(&order) || machine.visible() < order {
            let expected = format!("2 or 3, and at most N = {}", machine.visible());
            return Err(SpecError::out_of_range("order of a scan", order, expected).into());
        }
        let kernel = Kernel::new(machine, order)?;
        let visible = machine.visible();
        let mut scan = Self { order, top, visible, kernel, none: vec![], one: vec![], error: 0.0, vectors };
        let (none, mut size) = scan.rows(&[vec![]]);
        if order == 3 && !scan.kernel.direct {
            let sets: Vec<Vec<usize>> = (0..visible).map(|site| vec![site]).collect();
            let (one, largest) = scan.rows(&sets);
            size = size.max(largest);
            for start in (0..none.len()).step_by(WIDTH) {
                for row in one.chunks_exact(none.len()) {
                    let some = &row[start..none.len().min(start + WIDTH)];
                    scan.one.extend(some.iter().copied().chain([0.0; WIDTH]).take(WIDTH));
                }
            }
        }
        scan.none = none;
        // Rounding of a sum of this size, or of as many factors.
        scan.error = 2.0 * f64::EPSILON * (size + 2.0 * (machine.columns() as f64).sqrt());
        Ok(scan)
    }

    /// Number of parts, one for each first site.
    pub fn parts(&self) -> usize {
        self.visible
    }

    /// Couplings whose first site is `part`.
    pub fn part(&self, part: usize) -> ScanPart {
        dispatch::run(self.vectors, Walk { scan: self, part })
    }

    /// The couplings of the sites `fixed`, one fewer than the order, with every other one; 0 with themselves.
    ///
    /// # Errors
    /// If a site does not exist or comes twice, or their number is not the order less one.
    pub fn around(&self, machine: &Machine, fixed: &[usize]) -> Result<Vec<f64>, TheoryError> {
        let fixed = checked_sites(machine, fixed)?;
        if fixed.len() + 1 != self.order || machine.visible() != self.visible {
            let expected = format!("{}, one fewer than the order of the scan", self.order - 1);
            return Err(SpecError::out_of_range("number of fixed sites", fixed.len(), expected).into());
        }
        let (sums, _) = self.rows(std::slice::from_ref(&fixed));
        let mut row = vec![0.0; sums.len()];
        let mut rest = [0.0; WIDTH];
        for (tile, (sums, row)) in sums.chunks(WIDTH).zip(row.chunks_mut(WIDTH)).enumerate() {
            let rest = &mut rest[..row.len()];
            self.rest(&fixed, tile * WIDTH, rest);
            self.couplings(fixed[0], tile * WIDTH, 0.0, sums, rest, row);
        }
        row.truncate(self.visible);
        for site in fixed {
            row[site] = 0.0;
        }
        Ok(row)
    }

    /// L(S; k) of all k, or the couplings of the laws that are direct, a row for each S, and the largest
    /// |Σ K(q_S)|. Rows are filled to whole blocks.
    fn rows(&self, sets: &[Vec<usize>]) -> (Vec<f64>, f64) {
        dispatch::run(self.vectors, Rows { kernel: &self.kernel, sets })
    }

    /// L(i; k) of some sites of one tile.
    #[inline(always)]
    fn one(&self, i: usize, start: usize, count: usize) -> &[f64] {
        let (tile, site) = (start / WIDTH, start % WIDTH);
        &self.one[(tile * self.visible + i) * WIDTH + site..][..count]
    }

    /// L(j; k) − L(; k) for S = {i, j}, otherwise 0, of sites of one tile from `start` on.
    #[inline(always)]
    pub(super) fn rest(&self, set: &[usize], start: usize, out: &mut [f64]) {
        match *set {
            [_, j] if !self.kernel.direct => {
                let other = self.one(j, start, out.len());
                let none = &self.none[start..][..out.len()];
                for ((out, other), none) in out.iter_mut().zip(other).zip(none) {
                    *out = other - none;
                }
            }
            _ => out.fill(0.0),
        }
    }

    /// J_{S∪k} of sites of one tile from `start` on, from L(S; k) + `base`, the first site i of S, and [`Scan::rest`].
    #[inline(always)]
    pub(super) fn couplings(
        &self,
        i: usize,
        start: usize,
        base: f64,
        sums: &[f64],
        rest: &[f64],
        out: &mut [f64],
    ) {
        if self.kernel.direct {
            out.copy_from_slice(&sums[..out.len()]);
            return;
        }
        let first =
            if self.order == 2 { &self.none[start..][..out.len()] } else { self.one(i, start, out.len()) };
        for (((out, sum), first), rest) in out.iter_mut().zip(sums).zip(first).zip(rest) {
            *out = ((sum - base) - first) - rest;
        }
    }
}
