//! Couplings on a graph: a flip goes to the units that listen.

use std::ops::Range;
use std::sync::Arc;

use super::{Cache, Coupled};
use crate::kernel::overlap::Flip;
use crate::kernel::scatter::Weighted;
use crate::network::Links;

/// Flips between asking for the links of a unit and sending along them.
const AHEAD: usize = 12;

/// C J_ij on the links of a graph, integers.
#[derive(Debug, Clone)]
pub struct SignLinks {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Where the links of each unit begin.
    starts: Vec<usize>,
    symmetric: bool,
    scale: f64,
    weighted: Weighted,
}

impl SignLinks {
    /// The couplings of these links.
    ///
    /// # Errors
    /// The links again, where C J_ij are not integers.
    pub fn new(links: Links) -> Result<Self, Links> {
        let Some(weighted) = links.integers() else { return Err(links) };
        let (symmetric, scale) = (links.graph().is_symmetric(), links.scale());
        let starts = links.into_starts();
        Ok(Self { shared: Arc::new(Shared { starts, symmetric, scale, weighted }) })
    }

    #[inline]
    fn send(&self, unit: usize, factor: i32, numbers: &mut [i32]) {
        self.shared.weighted.send(self.shared.range(unit), factor, numbers);
    }
}

impl Shared {
    #[inline]
    fn range(&self, unit: usize) -> Range<usize> {
        self.starts[unit]..self.starts[unit + 1]
    }
}

impl Coupled for SignLinks {
    fn scale(&self) -> f64 {
        self.shared.scale
    }

    fn fill(&mut self, levels: &[u8], _overlaps: &[i32], cache: &mut Cache) {
        let numbers = cache.wide();
        numbers.fill(0);
        for (unit, level) in levels.iter().enumerate() {
            self.send(unit, 2 * i32::from(*level) - 1, numbers);
        }
    }

    #[inline]
    fn flip(&mut self, unit: usize, up: bool, cache: &mut Cache) {
        self.send(unit, if up { 2 } else { -2 }, cache.wide());
    }

    /// One after another; the links of the next ones are on their way meanwhile.
    fn flip_all(&mut self, flips: &[Flip], _change: &[i32], cache: &mut Cache) {
        let numbers = cache.wide();
        let ask = |flip: &Flip| self.shared.weighted.prefetch(self.shared.range(flip.unit as usize));
        flips.iter().take(AHEAD).for_each(ask);
        for (place, Flip { unit, up }) in flips.iter().enumerate() {
            flips.get(place + AHEAD).into_iter().for_each(ask);
            self.send(*unit as usize, if *up { 2 } else { -2 }, numbers);
        }
    }

    fn aligned(&self, products: impl Iterator<Item = i64>, _overlaps: &[i32]) -> i64 {
        products.sum()
    }

    fn is_symmetric(&self) -> bool {
        self.shared.symmetric
    }
}
