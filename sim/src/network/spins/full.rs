//! The fully connected network of ±1 units: which way to its fields is the shortest now.

use std::sync::Arc;

use mattis_simd::Vectors;

use super::{Hebb, Spins};
use crate::SimError;
use crate::dynamics::{SpinSweep, Step, Visits};
use crate::network::tables::OverlapTables;
use crate::network::{Memories, Network};

/// Where fields come from.
#[derive(Debug, Clone)]
enum Way {
    /// A cache, which every flip moves by a row of couplings: where flips are few, or rows short.
    Cache,
    /// The overlaps, 64 units at a time: where flips are so rare that no row is worth its price. In turn only.
    Blocks,
    /// The overlaps, unit by unit: where many units flip.
    Overlaps(Box<OverlapTables>),
}

/// Measured on one machine, in nanoseconds, and good to a factor of two: these only say which way is taken,
/// all of them give the same states.
struct Costs {
    /// Per update by the other way than the cache, and per flip.
    other: (f64, f64),
    /// Per update with cached fields, and per flip whose row is known.
    cache: (f64, f64),
    /// To form a row.
    row: f64,
}

impl Costs {
    fn of(neurons: usize, memories: usize, in_turn: bool) -> Self {
        let (n, p) = (neurons as f64, memories as f64);
        Self {
            other: if in_turn { (0.5 + 0.002 * p, 50.0 + 3.0 * p) } else { (10.0 + 0.12 * p, p) },
            cache: (if in_turn { 0.5 } else { 2.5 }, 40.0 + 0.03 * n),
            row: 200.0 + 0.0025 * n * p,
        }
    }
}

/// Networks larger than this begin without rows.
const LARGE: usize = 1 << 20;
/// A way must be shorter by this before it is taken.
const CLEARLY: f64 = 1.3;

/// Hebb couplings of ±1 units without a matrix, whatever the size, the load and the share of flips.
#[derive(Debug, Clone)]
pub struct SignNetwork {
    spins: Spins<Hebb>,
    way: Way,
    /// Flips since the last sweep began, and units that have flipped at all, about.
    flips: usize,
    ever: f64,
    /// Rows that had been formed when the last sweep began.
    formed: usize,
    /// What a cache would have saved so far.
    owed: f64,
    swept: bool,
}

impl SignNetwork {
    /// A network with every unit at −1.
    ///
    /// # Errors
    /// If it does not fit in memory.
    pub fn new(memories: Arc<Memories>) -> Result<Self, SimError> {
        Self::with_vectors(memories, Vectors::best())
    }

    /// The same with these vector instructions.
    ///
    /// # Errors
    /// If it does not fit in memory.
    pub fn with_vectors(memories: Arc<Memories>, vectors: Vectors) -> Result<Self, SimError> {
        let hebb = Hebb::new(Arc::clone(&memories), vectors)?;
        let spins = Spins::with_vectors(hebb, memories, vectors);
        Ok(Self { spins, way: Way::Cache, flips: 0, ever: 0.0, formed: 0, owed: 0.0, swept: false })
    }

    /// Decides on the way of the coming sweep by what the last one showed.
    fn choose(&mut self, in_turn: bool) {
        let neurons = self.spins.neurons();
        let hebb = self.spins.coupled();
        let (count, room) = (hebb.count(), hebb.room());
        let flips = std::mem::take(&mut self.flips) as f64;
        let formed = hebb.formed() - std::mem::replace(&mut self.formed, hebb.formed());
        if !std::mem::replace(&mut self.swept, true) {
            if in_turn && neurons * count > LARGE {
                self.take(Way::Blocks);
            } else if !in_turn && room < neurons / 4 {
                let way = self.tables();
                self.take(way);
            }
            return;
        }
        let Costs { other, cache, row } = Costs::of(neurons, count, in_turn);
        let size = neurons as f64;
        let others = other.0 * size + other.1 * flips;
        // As if every row were known already, or half of them where there is no room for all.
        let missing = if room >= neurons { 0.0 } else { 0.5 };
        let cached = cache.0 * size + (cache.1 + missing * row) * flips;
        self.ever = (self.ever + 0.5 * flips).min(size);
        if let Way::Cache = self.way {
            let paid = cache.0 * size + cache.1 * flips + row * formed as f64;
            if paid > CLEARLY * others && cached > CLEARLY * others {
                self.owed = 0.0;
                let way = if in_turn { Way::Blocks } else { self.tables() };
                self.take(way);
            }
        } else {
            self.owed += others - CLEARLY * cached;
            if self.owed > row * self.ever {
                self.take(Way::Cache);
            } else if matches!(self.way, Way::Blocks) != in_turn {
                let way = if in_turn { Way::Blocks } else { self.tables() };
                self.take(way);
            }
        }
    }

    fn tables(&self) -> Way {
        Way::Overlaps(Box::new(OverlapTables::of(&self.spins.overlaps[..self.spins.memories()], 2)))
    }

    fn take(&mut self, way: Way) {
        if let (Way::Cache, false) = (&way, matches!(self.way, Way::Cache)) {
            self.spins.sum_fields();
        }
        self.way = way;
    }
}

impl Network for SignNetwork {
    fn levels(&self) -> &[f64] {
        self.spins.levels()
    }

    fn states(&self) -> &[u8] {
        self.spins.states()
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        match &self.way {
            Way::Cache => self.spins.field(site),
            Way::Overlaps(tables) => self.spins.field_by(site, |row| tables.project(row)),
            Way::Blocks => self.spins.field_by(site, |row| self.spins.projected(row)),
        }
    }

    fn fields(&mut self, out: &mut [f64]) {
        self.take(Way::Cache);
        self.spins.fields(out);
    }

    fn set(&mut self, site: usize, level: u8) {
        if self.spins.states()[site] == level {
            return;
        }
        self.flips += 1;
        match &mut self.way {
            Way::Cache => self.spins.set(site, level),
            Way::Blocks => self.spins.set_without_fields(site),
            Way::Overlaps(tables) => {
                tables.shift(self.spins.memories.row(site), if level == 1 { 2 } else { -2 });
                self.spins.set_without_fields(site);
            }
        }
    }

    fn load(&mut self, levels: &[u8]) {
        self.spins.load(levels);
        self.way = Way::Cache;
        self.swept = false;
    }

    fn coupling_energy(&self) -> f64 {
        self.spins.coupling_energy()
    }

    fn memories(&self) -> usize {
        self.spins.memories()
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.spins.overlaps(out);
    }

    fn own_sweep(&mut self, sweep: SpinSweep<'_>) -> Option<Step> {
        match sweep.visits {
            Visits::AtOnce(_) => self.take(Way::Cache),
            Visits::InTurn => self.choose(true),
            Visits::Picked(_) => self.choose(false),
        }
        let step = match self.way {
            Way::Cache => self.spins.kernel_sweep(sweep),
            Way::Blocks => self.spins.sweep_by_blocks(sweep),
            Way::Overlaps(_) => return None,
        };
        self.flips = step.changes;
        Some(step)
    }
}
