//! Graphs: which units a unit listens to.

use mattis_model::address::Purpose;
use mattis_model::{SpecError, Topology, Unsupported};

use crate::SimError;
use crate::error::check_memory;
use crate::random::{Source, Uniforms, index, unit_interval};

/// Links j → i without self-couplings, listed by the unit that sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    starts: Vec<usize>,
    /// The units that j sends to, in increasing order.
    targets: Vec<u32>,
    symmetric: bool,
}

impl Graph {
    /// Draws a graph. Unit i has its own stream: it says by geometric gaps which of the units before it
    /// (symmetric), or which of all others (asymmetric), are connected to it, at finite mean degree c each
    /// with probability c/(N − 1); of extreme dilution it names one input after another, and names known
    /// already are passed over, so that every unit has C inputs.
    ///
    /// # Errors
    /// If it does not fit in memory, or a unit is to have more inputs than there are other units.
    pub fn draw(topology: Topology, units: usize, source: Source) -> Result<Self, SimError> {
        Self::check(topology, units)?;
        let mut listed = Inputs { starts: vec![0], sources: Vec::new() };
        let mut last_named = vec![u32::MAX; units];
        let symmetric = topology.is_symmetric();
        let fraction = match topology {
            Topology::Finite { degree } => degree / (units - 1) as f64,
            _ => topology.fraction(),
        };
        for unit in 0..units {
            let mut words = source.stream(Purpose::Connections, 0, unit as u64);
            let first = listed.sources.len();
            let others = if symmetric { unit } else { units - 1 };
            if let Topology::Extreme { .. } = topology {
                let inputs = topology.inputs(units) as usize;
                while listed.sources.len() < first + inputs {
                    let name = others_name(index(words.next().unwrap_or_default(), others), unit);
                    if std::mem::replace(&mut last_named[name], unit as u32) != unit as u32 {
                        listed.sources.push(name as u32);
                    }
                }
                listed.sources[first..].sort_unstable();
            } else {
                for place in Gaps::new(words, fraction).take_while(|place| *place < others) {
                    listed.sources.push(others_name(place, unit) as u32);
                }
            }
            listed.starts.push(listed.sources.len());
        }
        Ok(listed.by_sender(symmetric))
    }

    /// Refuses what has no graph or would not fit.
    pub(crate) fn check(topology: Topology, units: usize) -> Result<(), SimError> {
        if let Topology::Extreme { inputs: Some(inputs) } = topology
            && inputs >= units
        {
            let expected = format!("fewer than N = {units}");
            return Err(SpecError::out_of_range("inputs of extreme", inputs, expected).into());
        }
        if let Topology::Finite { degree } = topology
            && degree > units.saturating_sub(1) as f64
        {
            let expected = format!("fewer than N = {units}");
            return Err(SpecError::out_of_range("degree of finite", degree, expected).into());
        }
        let known = matches!(
            topology,
            Topology::Full | Topology::Diluted { .. } | Topology::Extreme { .. } | Topology::Finite { .. }
        );
        if !known {
            let what = format!("connectivity {topology:?}");
            let because = "it has no graph for it";
            return Err(Unsupported::new(what, "the simulation", because, "full, diluted or extreme").into());
        }
        // A coupling of 8 bytes and an index of 4 for every link; while drawn, 8 more.
        let bytes = 20.0 * topology.inputs(units) * units as f64;
        check_memory(format!("a network of {units} units with {topology:?}"), bytes as u128)
    }

    /// Number of units N.
    pub fn units(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of directed links.
    pub fn links(&self) -> usize {
        self.targets.len()
    }

    /// Whether links are drawn in pairs i → j, j → i.
    pub fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    /// The units that `sender` sends to, in increasing order.
    pub fn outputs(&self, sender: usize) -> &[u32] {
        &self.targets[self.range(sender)]
    }

    /// Where the links of each sender begin, and the end of all.
    pub(super) fn into_starts(self) -> Vec<usize> {
        self.starts
    }

    /// The targets of all links, sender after sender.
    pub(super) fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// The places of these in the list of all links.
    pub(super) fn range(&self, sender: usize) -> std::ops::Range<usize> {
        self.starts[sender]..self.starts[sender + 1]
    }

    /// Number of inputs of every unit.
    pub fn in_degrees(&self) -> Vec<usize> {
        let mut out = vec![0; self.units()];
        for target in &self.targets {
            out[*target as usize] += 1;
        }
        out
    }
}

/// The place-th of the units without `unit`.
fn others_name(place: usize, unit: usize) -> usize {
    place + usize::from(place >= unit)
}

/// Places that are each taken with probability c: gaps between them are geometric, one word each.
struct Gaps {
    words: Uniforms,
    /// ln(1 − c).
    rate: f64,
    next: usize,
}

impl Gaps {
    fn new(words: Uniforms, fraction: f64) -> Self {
        Self { words, rate: libm::log1p(-fraction), next: 0 }
    }
}

impl Iterator for Gaps {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let gap = libm::log1p(-unit_interval(self.words.next()?)) / self.rate;
        let place = self.next.saturating_add(gap as usize);
        self.next = place.saturating_add(1);
        Some(place)
    }
}

/// The units that each unit listens to; of a symmetric graph those before it.
struct Inputs {
    starts: Vec<usize>,
    sources: Vec<u32>,
}

impl Inputs {
    fn by_sender(&self, symmetric: bool) -> Graph {
        let units = self.starts.len() - 1;
        let links = || {
            let of = |unit: usize| self.sources[self.starts[unit]..self.starts[unit + 1]].iter();
            (0..units).flat_map(move |unit| of(unit).map(move |source| (unit, *source as usize)))
        };
        let mut starts = vec![0; units + 1];
        for (unit, source) in links() {
            starts[source + 1] += 1;
            starts[unit + 1] += usize::from(symmetric);
        }
        for unit in 0..units {
            starts[unit + 1] += starts[unit];
        }
        let mut ends = starts.clone();
        let mut targets = vec![0; starts[units]];
        let mut push = |sender: usize, target: usize| {
            targets[ends[sender]] = target as u32;
            ends[sender] += 1;
        };
        for (unit, source) in links() {
            push(source, unit);
            if symmetric {
                push(unit, source);
            }
        }
        Graph { starts, targets, symmetric }
    }
}
