//! All pairs or triples of a large machine.

use mattis_model::{Encoding, Machine, SpecError, Unsupported};

use super::kernel::Kernel;
use super::part::ScanPart;
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
    order: usize,
    top: usize,
    visible: usize,
    kernel: Kernel,
    /// L(; k).
    none: Vec<f64>,
    /// L(i; k), a row for each i; for triples only.
    one: Vec<f64>,
    error: f64,
}

impl Scan {
    /// The scan of `order` 2 or 3 that remembers the `top` largest couplings. It takes 8(N² + NM) bytes for
    /// triples.
    ///
    /// # Errors
    /// If the order is another, N is smaller, the machine is not 0/1, or the hidden unit has a field for each
    /// of its states.
    pub fn new(machine: &Machine, order: usize, top: usize) -> Result<Self, TheoryError> {
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
        let mut scan = Self { order, top, visible, kernel, none: vec![], one: vec![], error: 0.0 };
        let mut prepared = vec![];
        let none = scan.row(&[], 0, &mut prepared);
        let mut size = scan.kernel.base(&prepared).abs();
        if order == 3 && !scan.kernel.direct() {
            for site in 0..visible {
                let row = scan.row(&[site], 0, &mut prepared);
                size = size.max(scan.kernel.base(&prepared).abs());
                scan.one.extend(row);
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
        let mut found = ScanPart::new(self.order, self.top, part, self.error);
        if part >= self.visible {
            return found;
        }
        let mut prepared = vec![];
        if self.order == 2 {
            for (k, value) in self.couplings(&[part], part + 1, &mut prepared) {
                found.add(value, [part, k, 0]);
            }
        } else {
            for j in part + 1..self.visible {
                for (k, value) in self.couplings(&[part, j], j + 1, &mut prepared) {
                    found.add(value, [part, j, k]);
                }
            }
        }
        found.finished()
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
        let mut prepared = vec![];
        let mut row: Vec<f64> = self.couplings(&fixed, 0, &mut prepared).map(|(_, value)| value).collect();
        for site in fixed {
            row[site] = 0.0;
        }
        Ok(row)
    }

    /// L(S; k) for k = first …
    fn row(&self, sites: &[usize], first: usize, prepared: &mut Vec<f64>) -> Vec<f64> {
        self.kernel.prepare(sites, prepared);
        let base = self.kernel.base(prepared);
        (first..self.visible).map(|k| self.kernel.sum(prepared, k) - base).collect()
    }

    /// J_{S∪k} for k = first … .
    fn couplings<'a>(
        &'a self,
        sites: &'a [usize],
        first: usize,
        prepared: &'a mut Vec<f64>,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        self.kernel.prepare(sites, prepared);
        let base = self.kernel.base(prepared);
        let direct = self.kernel.direct();
        let one = |site: usize| &self.one[site * self.visible..(site + 1) * self.visible];
        let rows: Vec<&[f64]> = match sites {
            [i, j] if !direct => vec![one(*i), one(*j)],
            _ => vec![],
        };
        (first..self.visible).map(move |k| {
            let gain = self.kernel.sum(prepared, k) - base;
            let value = match rows[..] {
                _ if direct => gain,
                [i, j] => (gain - i[k]) - (j[k] - self.none[k]),
                _ => gain - self.none[k],
            };
            (k, value)
        })
    }
}
