//! Closures: the equations of state of a class of models.
//!
//! A [`Closure`] is a residual F(y; α, T) in a few order parameters y, with its free energy. Solvers, branches
//! and diagrams know nothing else, so that a new closure is one file beside these.

mod columns;
mod continuous;
mod pair;
mod parallel;
mod potts;
mod potts_curve;
mod sequential;
mod site;
mod spin;
mod winner;
pub mod zero_temperature;

use mattis_model::record::{Exit, State};
use mattis_model::{Model, Schedule, Topology, Unsupported};

pub use columns::{Column, Phase, columns, convolved};
pub use parallel::Parallel;
pub use potts::Potts;
pub(crate) use potts::at_ground;
pub(crate) use potts_curve::PottsCurve;
pub use sequential::Sequential;
pub(crate) use site::{Averaged, Graded, Site, Spot, nodes, site};
pub(crate) use spin::Ladder;
pub(crate) use winner::Winner;

use crate::TheoryError;
use crate::bulk::stored_variance;
use crate::solve::newton::{Matrix, Solution, Vector};

/// Load and temperature as the closures see them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// α, 0 without memories.
    pub alpha: f64,
    /// T.
    pub temperature: f64,
}

/// Equations of state. The first unknown is the overlap m, the second χ, the last the variance Δ of the local field.
pub trait Closure: Send + Sync {
    /// The model.
    fn model(&self) -> &Model;

    /// Number of unknowns.
    fn dimension(&self) -> usize;

    /// F(y; α, T) and ∂F/∂(y, α, T), dimension × (dimension + 2); `None` outside the domain.
    fn linearize(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)>;

    /// F(y; α, T).
    fn residual(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        Some(self.linearize(phase, y, at)?.0)
    }

    /// ∂F/∂y.
    fn jacobian(&self, phase: Phase, y: &Vector, at: Point) -> Option<Matrix> {
        Some(self.linearize(phase, y, at)?.1.columns(0, self.dimension()).into_owned())
    }

    /// Free energy per unit as a function of (y, α, T).
    fn free_energy(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64>;

    /// Its gradient in (y, α, T).
    fn free_energy_gradient(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector>;

    /// The replicon, if this closure has one and it is finite.
    fn replicon(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64>;

    /// 1 − replicon > 0, which has a logarithm at every temperature.
    fn replicon_deficit(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64>;

    /// Smallest eigenvalue of the Hessian against perturbations that break the symmetry of a mixture.
    fn transverse(&self, phase: Phase, y: &Vector, at: Point) -> Option<f64>;

    /// A point from which iteration reaches the phase at low temperature.
    fn start(&self, phase: Phase, at: Point) -> Vector;

    /// One step of the natural iteration y ← y + F(y).
    fn iterate(&self, phase: Phase, y: &Vector, at: Point) -> Option<Vector> {
        Some(y + self.residual(phase, y, at)?)
    }

    /// All solutions of a phase, largest overlap first, where the closure has them without following a branch.
    fn explicit(&self, _phase: Phase, _at: Point) -> Option<Vec<Vector>> {
        None
    }

    /// The solutions of a condensed phase at several loads of one temperature on the branch that starts at the
    /// load `seed`, each with the place of its load, in the order of the branch, where the closure follows it itself;
    /// with `stable` only those of the stable sheet up to its first fold.
    fn sheets(
        &self,
        _phase: Phase,
        _seed: f64,
        _loads: &[f64],
        _temperature: f64,
        _stable: bool,
    ) -> Option<Vec<(usize, Solution)>> {
        None
    }

    /// F and det ∂F/∂y with their Jacobian in (y, α, T), where it is known in closed form.
    fn fold_system(&self, _phase: Phase, _y: &Vector, _at: Point) -> Option<(Vector, Matrix)> {
        None
    }

    /// Whether [`Closure::fold_system`] is known at T > 0.
    fn knows_folds(&self, _phase: Phase) -> bool {
        false
    }

    /// The fold at a load near (y, T), as (y, T), where the closure finds it itself.
    fn fold_at_load(&self, _phase: Phase, _y: &Vector, _near: Point) -> Option<(Vector, f64)> {
        None
    }

    /// What the natural iteration runs into on its way to the phase, if it leaves the domain.
    fn obstacle(&self, _phase: Phase, _at: Point) -> Option<String> {
        None
    }

    /// The paramagnet's response at T: χ and what else is needed, as unknowns with m = Δ = 0.
    fn paramagnet(&self, at: Point) -> Option<Vector>;

    /// R′(χ), which decides where the paramagnet freezes.
    fn reaction_slope(&self, chi: f64, alpha: f64) -> f64;

    /// Everything that a record says about a solution.
    fn describe(&self, phase: Phase, y: &Vector, at: Point, residual: f64, exit: Exit) -> Option<State>;
}

/// The closure for a model's update.
///
/// # Errors
/// If the specification contradicts itself or no closure treats it.
pub fn closure_for(model: &Model) -> Result<Box<dyn Closure>, TheoryError> {
    model.validate()?;
    model.unit.in_network("the replica-symmetric closure")?;
    if let Topology::Finite { .. } = model.connectivity.value() {
        return Err(Unsupported::new(
            format!("connectivity `{}`", model.connectivity),
            "the replica-symmetric closure",
            "a finite number of inputs gives no normal field",
            "`solve` and `capacity` at whole p, or connectivity `extreme`",
        )
        .into());
    }
    // At T = 0, without a diagonal, what both updates leave fixed is the same.
    if let Some(potts) = Potts::new(model) {
        return Ok(Box::new(potts));
    }
    match model.update.value() {
        // Inputs that never meet again: successive states are as good as neighbours in a random order.
        Schedule::Parallel if model.connectivity.fraction() == 0.0 => Ok(Box::new(Sequential::new(model)?)),
        // T = 0, see `holds_at`: fixed points are those of any update. No 2-cycles are looked for.
        Schedule::Parallel if model.unit.continuous().is_some() => Ok(Box::new(Sequential::new(model)?)),
        Schedule::Parallel => Ok(Box::new(Parallel::new(model)?)),
        _ => Ok(Box::new(Sequential::new(model)?)),
    }
}

/// Refuses temperatures at which a model has no static closure: dynamics without noise, pairs of successive
/// states of continuous units, and asymmetric couplings that are not all noise, where fluctuations and dissipation
/// part.
pub(crate) fn holds_at(model: &Model, temperature: f64) -> Result<(), Unsupported> {
    if temperature == 0.0 {
        return Ok(());
    }
    let refuse = |part: &str, name: String, because: &str, nearest: &str| {
        let what = format!("{part} `{name}` at T = {temperature}");
        Err(Unsupported::new(what, "the replica-symmetric closure", because, nearest))
    };
    let connectivity = model.connectivity.value();
    let fraction = connectivity.fraction();
    if !connectivity.is_symmetric() && fraction > 0.0 && fraction < 1.0 {
        return refuse(
            "connectivity",
            model.connectivity.to_string(),
            "asymmetric couplings obey no fluctuation-dissipation theorem",
            "T = 0, connectivity `extreme`, or symmetric=true",
        );
    }
    match model.update.value() {
        Schedule::Continuous => {
            refuse("update", model.update.to_string(), "it is deterministic", "T = 0, or update `sequential`")
        }
        Schedule::Parallel if model.unit.continuous().is_some() && fraction > 0.0 => refuse(
            "update",
            format!("{}` with unit `{}", model.update, model.unit),
            "its averages over pairs of successive states need a finite alphabet",
            "T = 0, or update `sequential`",
        ),
        _ => Ok(()),
    }
}

/// What a state that all updates leave fixed has of energies: twice as much under parallel updates, whose energy is
/// that of two successive states.
fn two_times(model: &Model) -> f64 {
    if *model.update.value() == Schedule::Parallel { 2.0 } else { 1.0 }
}

/// Whether a condensed solution is the stable sheet of its branch.
///
/// With F₁ = E\[ξ w_h\] − m, det F′/det F′_rest is the derivative of F₁ along the branch on which all other
/// equations hold: minus the curvature of the free energy in m. The rest must be the regular sheet as well.
pub fn is_stable_sheet(closure: &dyn Closure, phase: Phase, y: &Vector, at: Point) -> Option<bool> {
    let k = closure.dimension();
    let jacobian = closure.jacobian(phase, y, at)?;
    let rest = jacobian.view((1, 1), (k - 1, k - 1)).into_owned().determinant();
    let sign = if k % 2 == 1 { 1.0 } else { -1.0 };
    Some(sign * rest > 0.0 && jacobian.determinant() / rest < 0.0)
}

/// Stability against all perturbations of the overlaps on the replica-symmetric branch: along the condensed
/// ones, between them, and towards the other memories.
fn is_locally_stable(closure: &dyn Closure, phase: Phase, y: &Vector, at: Point) -> Option<bool> {
    let n = phase.condensed();
    let along = n == 0 || is_stable_sheet(closure, phase, y, at)?;
    let between = n < 2 || closure.transverse(phase, y, at)? > 0.0;
    let others = !closure.model().stores_memories() || stored_variance(closure.model()) * y[1] < 1.0;
    Some(along && between && others)
}
