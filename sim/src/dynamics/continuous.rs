//! Dynamics of real-valued units.

use mattis_model::address::Purpose;
use mattis_model::{Model, Schedule, Unit, Unsupported};

use super::sampler::Sampler;
use super::{Dynamics, Order};
use crate::network::{ContinuousNetwork, Interaction};
use crate::random::{Source, index};

/// Changes below this are rounding: at T = 0 the network has come to rest.
const AT_REST: f64 = 1e-13;

/// The same of values without a bound, times the largest of them, which counts as at least 1.
const UNBOUNDED_AT_REST: f64 = 1e-12;

/// What a sweep of real-valued units did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContinuousStep {
    /// Largest |Δs|; of a flow, the largest |ds/dt| at its end.
    pub change: f64,
    /// Two-time energy of a parallel step, as in [`super::Step`].
    pub two_time_energy: Option<f64>,
}

/// The kernel of real-valued units, as a system sees it.
pub trait RealKernel: Clone {
    /// The unit.
    fn unit(&self) -> &Unit;

    /// The external field that is the same on every unit.
    fn external(&self) -> f64;

    /// J_ii.
    fn diagonal(&self) -> f64;

    /// Whether all units are updated at once.
    fn is_parallel(&self) -> bool {
        false
    }

    /// The unit's own energy V(s) − h_ext s.
    fn single(&self, s: f64) -> f64 {
        self.unit().potential(s) - self.external() * s
    }

    /// The ends of the interval, finite or not; none of a unit with levels.
    fn domain(&self) -> (f64, f64) {
        self.unit().continuous().map_or((0.0, 0.0), mattis_model::ContinuousLaw::domain)
    }

    /// The value at T = 0 in this field alone.
    fn driven(&self, field: f64) -> f64 {
        self.unit().continuous().map_or(0.0, |law| law.activation(field, 0.0).value)
    }

    /// One sweep.
    fn sweep<I: Interaction>(
        &mut self,
        network: &mut ContinuousNetwork<I>,
        source: Source,
        replica: u32,
        sweep: u64,
    ) -> ContinuousStep;

    /// Whether further sweeps cannot change the network.
    fn is_frozen<I: Interaction>(&self, network: &ContinuousNetwork<I>, last: &ContinuousStep) -> bool;

    /// What the kernel has learned and further sweeps depend on.
    fn advice(&self) -> Option<f64> {
        None
    }

    /// Goes on with what [`RealKernel::advice`] gave; whether it is advice for this kernel.
    fn heed(&mut self, advice: Option<f64>) -> bool {
        advice.is_none()
    }
}

/// The kernel of a run with units whose values fill an interval: heat bath at T > 0, the input–output
/// relation s = argmax h s + ½Γs² − V(s) at T = 0.
#[derive(Debug, Clone)]
pub struct ContinuousEngine {
    unit: Unit,
    sampler: Option<Sampler>,
    parallel: bool,
    order: Order,
    diagonal: f64,
    bounded: bool,
    /// Γ: J_ii for sequential updates, 0 for parallel ones.
    reaction: f64,
    external: f64,
    temperature: f64,
    fields: Vec<f64>,
}

impl ContinuousEngine {
    /// The kernel of a model at a temperature, with J_ii = `diagonal`.
    ///
    /// # Errors
    /// If the unit has levels, the dynamics is Metropolis, or the temperature is too low to draw at.
    pub fn new(
        model: &Model,
        dynamics: Dynamics,
        order: Order,
        diagonal: f64,
        temperature: f64,
    ) -> Result<Self, Unsupported> {
        let refuse = |what: String, because: &str, nearest: &str| {
            Unsupported::new(what, "the simulation", because, nearest)
        };
        let unit = model.unit.clone();
        let Some(law) = unit.continuous() else {
            return Err(refuse(
                format!("unit `{unit}`"),
                "its values fill no interval",
                "the kernel of units with levels",
            ));
        };
        let (low, high) = law.domain();
        let bounded = low.is_finite() && high.is_finite();
        if !bounded && temperature > 0.0 {
            let what = format!("unit `{unit}` at T = {temperature}");
            return Err(refuse(what, "it draws from bounded intervals only", "T = 0"));
        }
        if dynamics == Dynamics::Metropolis {
            return Err(refuse(
                format!("metropolis with unit `{unit}`"),
                "a continuous unit has no level to propose",
                "heat-bath",
            ));
        }
        let parallel = match *model.update.value() {
            Schedule::Parallel => true,
            Schedule::Sequential => false,
            other => {
                let what = format!("update {other:?}");
                return Err(refuse(what, "it has no kernel for it", "sequential or parallel"));
            }
        };
        let reaction = if parallel { 0.0 } else { diagonal };
        if !law.activation(1e100, reaction).value.is_finite() {
            let what = format!("unit `{unit}` with J_ii = {diagonal}");
            return Err(refuse(what, "its own coupling drives it without bound", "a smaller self-coupling"));
        }
        let sampler = if temperature == 0.0 {
            None
        } else {
            let height = |s: f64| 0.5 * reaction * s * s - unit.potential(s);
            let hull = Sampler::new(law.domain(), height, temperature).ok_or_else(|| {
                let what = format!("unit `{unit}` at T = {temperature}");
                refuse(what, "its measure is too narrow to draw from", "T = 0, which is exact, or a larger T")
            })?;
            Some(hull)
        };
        let external = model.field.value().value();
        let fields = Vec::new();
        Ok(Self {
            unit,
            sampler,
            parallel,
            order,
            diagonal,
            bounded,
            reaction,
            external,
            temperature,
            fields,
        })
    }

    /// The next value in the field of the couplings.
    pub fn next(&self, field: f64, word: u64) -> f64 {
        let h = field + self.external;
        if let Some(sampler) = &self.sampler {
            let height = |s: f64| 0.5 * self.reaction * s * s - self.unit.potential(s);
            return sampler.draw(h, word, height);
        }
        self.unit.continuous().map_or(0.0, |law| law.activation(h, self.reaction).value)
    }
}

impl RealKernel for ContinuousEngine {
    fn unit(&self) -> &Unit {
        &self.unit
    }

    fn external(&self) -> f64 {
        self.external
    }

    fn diagonal(&self) -> f64 {
        self.diagonal
    }

    fn is_parallel(&self) -> bool {
        self.parallel
    }

    /// One sweep: N single updates, or one parallel step. Words are addressed as for units with levels.
    fn sweep<I: Interaction>(
        &mut self,
        network: &mut ContinuousNetwork<I>,
        source: Source,
        replica: u32,
        sweep: u64,
    ) -> ContinuousStep {
        network.refresh();
        let neurons = network.values().len();
        let updates = source.stream(Purpose::Update, replica, sweep);
        let mut change: f64 = 0.0;
        if self.parallel {
            let mut fields = std::mem::take(&mut self.fields);
            fields.resize(neurons, 0.0);
            network.fields(&mut fields);
            let mut energy = network.shift_energy();
            for ((site, field), word) in fields.iter().enumerate().zip(updates) {
                let old = network.values()[site];
                let field = field + self.diagonal * old;
                let new = self.next(field, word);
                energy += self.single(old) + self.single(new) - new * field;
                change = change.max((new - old).abs());
                network.set(site, new);
            }
            self.fields = fields;
            return ContinuousStep { change, two_time_energy: Some(energy) };
        }
        let mut update = |site: usize, word: u64| {
            let old = network.values()[site];
            let new = self.next(network.field(site), word);
            change = change.max((new - old).abs());
            network.set(site, new);
        };
        match self.order {
            Order::Sweep => (0..neurons).zip(updates).for_each(|(site, word)| update(site, word)),
            Order::Random => {
                let sites = source.stream(Purpose::Order, replica, sweep).map(|word| index(word, neurons));
                sites.take(neurons).zip(updates).for_each(|(site, word)| update(site, word));
            }
        }
        ContinuousStep { change, two_time_energy: None }
    }

    /// Whether further sweeps cannot change the network: T = 0 and no unit moves by more than rounding.
    fn is_frozen<I: Interaction>(&self, network: &ContinuousNetwork<I>, last: &ContinuousStep) -> bool {
        let most = if self.bounded {
            AT_REST
        } else {
            UNBOUNDED_AT_REST * network.values().iter().fold(1.0, |most: f64, s| most.max(s.abs()))
        };
        let at_rest = |(site, s): (usize, &f64)| (self.next(network.field(site), 0) - s).abs() < most;
        self.temperature == 0.0
            && last.change < most
            && (self.parallel || network.values().iter().enumerate().all(at_rest))
    }
}
