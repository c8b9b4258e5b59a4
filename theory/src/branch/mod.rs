//! Branches: a solution followed in one control, with its special points.

pub(crate) mod arclength;
mod reach;
pub(crate) mod systems;

use mattis_model::record::{Exit, State};
use mattis_model::{Control, Load};

pub use arclength::{Stride, Waypoint};
pub(crate) use reach::Reach;

use crate::TheoryError;
use crate::closure::{Closure, Phase, Point};
use crate::solve::newton::Vector;
use crate::solver::ReplicaSymmetric;
use systems::{branch, folds_on, split_branch};

/// The control that varies along a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// α at fixed T.
    Load,
    /// T at fixed α.
    Temperature,
}

/// What can happen along a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The branch turns back: a spinodal.
    Fold,
    /// Its free energy equals that of the spin glass: a first-order transition.
    EqualFreeEnergy,
    /// The replicon vanishes: replica symmetry breaks.
    RepliconZero,
}

/// A solution on a branch.
#[derive(Debug, Clone, PartialEq)]
pub struct BranchPoint {
    /// Where.
    pub control: Control,
    /// What.
    pub state: State,
}

/// A branch as a table of points plus special points.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The points in the order of the run.
    pub points: Vec<BranchPoint>,
    /// The special points, event by event, each kind in the order of the run.
    pub special: Vec<(Event, BranchPoint)>,
}

impl Branch {
    /// The first point of a kind.
    pub fn event(&self, event: Event) -> Option<&BranchPoint> {
        self.special.iter().find(|(kind, _)| *kind == event).map(|(_, point)| point)
    }

    /// The first fold.
    pub fn fold(&self) -> Option<&BranchPoint> {
        self.event(Event::Fold)
    }
}

/// A request to follow a solution; [`Follow::run`] does it.
#[must_use = "a request does nothing until it is run"]
pub struct Follow<'a> {
    theory: &'a ReplicaSymmetric,
    start: BranchPoint,
    axis: Axis,
    downwards: bool,
    until: Option<Event>,
    range: (f64, f64),
    stride: Stride,
}

impl<'a> Follow<'a> {
    pub(crate) fn new(theory: &'a ReplicaSymmetric, start: BranchPoint, axis: Axis) -> Self {
        let range = match axis {
            Axis::Load => (1e-6, 10.0),
            Axis::Temperature => (0.0, 10.0),
        };
        Self { theory, start, axis, downwards: false, until: None, range, stride: Stride::default() }
    }

    /// Stops at the first event of this kind.
    pub fn until(self, event: Event) -> Self {
        Self { until: Some(event), ..self }
    }

    /// Keeps the varying control in [low, high].
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { range: (low, high), ..self }
    }

    /// Starts towards smaller values.
    pub fn downwards(self) -> Self {
        Self { downwards: true, ..self }
    }

    /// Steps of the continuation.
    pub fn stride(self, stride: Stride) -> Self {
        Self { stride, ..self }
    }

    /// Follows the branch through folds until it leaves the range, ends, or meets the event.
    ///
    /// # Errors
    /// If the start is not a solution of this theory.
    pub fn run(self) -> Result<Branch, TheoryError> {
        let closure = self.theory.closure();
        let phase = crate::solver::phase_of(&self.start.state);
        let control = self.start.control;
        let at = Point { alpha: control.alpha(), temperature: control.temperature };
        let (fixed, value) = match self.axis {
            Axis::Load => (at.temperature, at.alpha),
            Axis::Temperature => (at.alpha, at.temperature),
        };
        let y = self.theory.unknowns(phase, &self.start.state, at)?;
        let k = y.len();
        let system = branch(closure, phase, self.axis, fixed);
        let mut along = Vector::zeros(k + 1);
        along[k] = if self.downwards { -1.0 } else { 1.0 };
        let (low, high) = self.range;
        let wanted = self.until;
        let fold = |a: &Waypoint, b: &Waypoint| (a.tangent[k] > 0.0) != (b.tangent[k] > 0.0);
        let mut previous: Option<Waypoint> = None;
        let mut previous_scalar: Option<f64> = None;
        let mut stop = |point: &Waypoint| {
            let met = match wanted {
                Some(Event::Fold) => previous.as_ref().is_some_and(|last| fold(last, point)),
                Some(event) => {
                    let now = self.scalar(closure, phase, event, &point.x, fixed);
                    let crossed =
                        matches!((previous_scalar, now), (Some(a), Some(b)) if (a > 0.0) != (b > 0.0));
                    previous_scalar = now;
                    crossed
                }
                None => false,
            };
            previous = Some(point.clone());
            met || !(low..=high).contains(&point.x[k]) || (phase.condensed() > 0 && point.x[0].abs() < 1e-5)
        };
        let start = y.insert_row(k, value);
        let waypoints = arclength::trace(&system, start, &along, self.stride, &mut stop);
        let describe = |x: &Vector| self.describe(closure, phase, x, fixed);
        let mut special = Vec::new();
        for x in folds_on(closure, phase, &waypoints, self.axis, fixed) {
            special.extend(describe(&x).map(|point| (Event::Fold, point)));
        }
        for event in [Event::EqualFreeEnergy, Event::RepliconZero] {
            let scalar = |x: &Vector| self.scalar(closure, phase, event, x, fixed);
            for x in arclength::zeros(&system, &waypoints, &scalar) {
                special.extend(describe(&x).map(|point| (event, point)));
            }
        }
        let points = waypoints.iter().filter_map(|point| describe(&point.x)).collect();
        Ok(Branch { points, special })
    }

    fn scalar(
        &self,
        closure: &dyn Closure,
        phase: Phase,
        event: Event,
        x: &Vector,
        fixed: f64,
    ) -> Option<f64> {
        let (y, at) = split_branch(x, self.axis, fixed);
        match event {
            Event::Fold => None,
            Event::RepliconZero => {
                Some(closure.replicon_deficit(phase, &y, at)?.ln()).filter(|x| x.is_finite())
            }
            Event::EqualFreeEnergy => {
                let glass = self.theory.locate(Phase::SpinGlass, at)?;
                let f = closure.free_energy(phase, &y, at)?;
                let g = closure.free_energy(Phase::SpinGlass, &glass.y, at)?;
                (phase != Phase::SpinGlass).then_some(f - g)
            }
        }
    }

    fn describe(&self, closure: &dyn Closure, phase: Phase, x: &Vector, fixed: f64) -> Option<BranchPoint> {
        let (y, at) = split_branch(x, self.axis, fixed);
        let residual = closure.residual(phase, &y, at)?.amax();
        let state = closure.describe(phase, &y, at, residual, Exit::Converged)?;
        let load = if closure.model().stores_memories() { Load::Extensive(at.alpha) } else { Load::Empty };
        Some(BranchPoint { control: Control { load, temperature: at.temperature }, state })
    }
}
