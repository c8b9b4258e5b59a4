//! How far a branch in the load is followed from its seed.

/// What a run over loads has passed.
///
/// A branch is followed until it has come back from its first fold, or beyond any load that could matter. A load is
/// looked for until the branch has come back to it, however far the run goes on for smaller ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reach {
    seed: f64,
    smallest: f64,
    largest: f64,
    turned: bool,
    /// The smallest load since the first turn.
    returned: f64,
    /// The largest load so far.
    highest: f64,
}

impl Reach {
    /// A run for these loads from a seed.
    pub(crate) fn new(seed: f64, loads: &[f64]) -> Self {
        Self {
            seed,
            smallest: loads.iter().copied().fold(f64::INFINITY, f64::min),
            largest: loads.iter().copied().fold(0.0, f64::max),
            turned: false,
            returned: f64::INFINITY,
            highest: 0.0,
        }
    }

    /// Notes a point with its load and the load's slope along the run; whether the run is over.
    pub(crate) fn is_over(&mut self, load: f64, slope: f64) -> bool {
        self.turned |= slope < 0.0;
        self.highest = self.highest.max(load);
        if self.turned {
            self.returned = self.returned.min(load);
        }
        load < self.seed || self.is_past(self.smallest) || load > 2.0 + 2.0 * self.largest
    }

    /// Whether the branch has passed the first fold.
    pub(crate) fn has_turned(&self) -> bool {
        self.turned
    }

    /// Whether a load is not looked for any more.
    pub(crate) fn is_past(&self, alpha: f64) -> bool {
        self.returned < alpha || self.highest > 2.0 + 2.0 * alpha
    }
}
