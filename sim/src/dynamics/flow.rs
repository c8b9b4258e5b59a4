//! Real-valued units in continuous time, without noise.

use mattis_model::{Model, Schedule, Unit, Unsupported};

use super::runge_kutta::DormandPrince;
use super::{ContinuousStep, Dynamics, RealKernel};
use crate::network::{ContinuousNetwork, Interaction};
use crate::random::Source;

/// Where every |ds/dt| is below this, the network has come to rest.
const AT_REST: f64 = 1e-10;

/// The flow ds_i/dt = S(h_i) − s_i, h_i = Σ_{j≠i} J_ij s_j + J_ii s_i + external fields, S(h) the value that
/// the field h drives the unit to at T = 0. A sweep is a unit of t, the decay time of a unit.
///
/// With symmetric couplings E = −½ Σ_ij J_ij s_i s_j + Σ_i [V(s_i) − b_i s_i] never grows, J_ii included
/// (Hopfield, PNAS 81, 3088 (1984)). The steps are those of [`DormandPrince`]; Euler's with step 1 would be
/// the parallel update.
#[derive(Debug, Clone)]
pub struct Flow {
    unit: Unit,
    external: f64,
    diagonal: f64,
    solver: DormandPrince,
    values: Vec<f64>,
}

impl Flow {
    /// The flow of a model at T = 0, with J_ii = `diagonal`.
    ///
    /// # Errors
    /// If the unit has levels, the temperature is not 0, the dynamics is Metropolis, or the update another one.
    pub fn new(
        model: &Model,
        dynamics: Dynamics,
        diagonal: f64,
        temperature: f64,
    ) -> Result<Self, Unsupported> {
        let refuse = |what: String, because: &str, nearest: &str| {
            Err(Unsupported::new(what, "the simulation", because, nearest))
        };
        if *model.update.value() != Schedule::Continuous {
            let what = format!("update `{}`", model.update);
            return refuse(what, "it is no flow", "continuous");
        }
        if model.unit.continuous().is_none() {
            let what = format!("update `{}` with unit `{}`", model.update, model.unit);
            return refuse(what, "its values fill no interval", "sequential or parallel");
        }
        if temperature != 0.0 {
            let what = format!("update `{}` at T = {temperature}", model.update);
            return refuse(what, "the flow has no noise", "T = 0, or sequential updates");
        }
        if dynamics == Dynamics::Metropolis {
            let what = format!("metropolis with update `{}`", model.update);
            return refuse(what, "a flow proposes nothing", "heat-bath");
        }
        Ok(Self {
            unit: model.unit.clone(),
            external: model.field.value().value(),
            diagonal,
            solver: DormandPrince::default(),
            values: Vec::new(),
        })
    }

    /// ds/dt of these values.
    pub fn slopes<I: Interaction>(&self, network: &ContinuousNetwork<I>, values: &[f64], out: &mut [f64]) {
        network.fields_at(values, out);
        for (slope, s) in out.iter_mut().zip(values) {
            *slope = self.driven(*slope + self.diagonal * s + self.external) - s;
        }
    }

    /// Lets a time pass; `seen` is shown the values after every step of the solver.
    pub fn pass<I: Interaction>(
        &mut self,
        network: &mut ContinuousNetwork<I>,
        time: f64,
        seen: impl FnMut(&[f64]),
    ) -> ContinuousStep {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        values.extend_from_slice(network.values());
        let mut solver = std::mem::take(&mut self.solver);
        let slopes = |y: &[f64], out: &mut [f64]| self.slopes(network, y, out);
        let change = solver.advance(&mut values, time, self.domain(), slopes, seen);
        network.load(&values);
        (self.values, self.solver) = (values, solver);
        ContinuousStep { change, two_time_energy: None }
    }
}

impl RealKernel for Flow {
    fn unit(&self) -> &Unit {
        &self.unit
    }

    fn external(&self) -> f64 {
        self.external
    }

    fn diagonal(&self) -> f64 {
        self.diagonal
    }

    /// A unit of t; nothing is drawn.
    fn sweep<I: Interaction>(
        &mut self,
        network: &mut ContinuousNetwork<I>,
        _source: Source,
        _replica: u32,
        _sweep: u64,
    ) -> ContinuousStep {
        self.pass(network, 1.0, |_| ())
    }

    fn is_frozen<I: Interaction>(&self, _network: &ContinuousNetwork<I>, last: &ContinuousStep) -> bool {
        last.change < AT_REST
    }

    /// The length of the next step.
    fn advice(&self) -> Option<f64> {
        Some(self.solver.next_step())
    }

    fn heed(&mut self, advice: Option<f64>) -> bool {
        advice.is_some_and(|step| self.solver.begin_with(step))
    }
}
