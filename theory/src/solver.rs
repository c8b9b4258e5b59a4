//! The replica-symmetric solver: all states at a point, and branches from them.

use mattis_model::record::{Exit, State, StateKind};
use mattis_model::{Control, Model, Unsupported};

use crate::branch::arclength::{Stride, Waypoint, pin_component, trace};
use crate::branch::systems::{branch, split_branch};
use crate::branch::{Axis, BranchPoint, Follow};
use crate::bulk::stored_variance;
use crate::closure::{Closure, Phase, Point, at_ground, closure_for, holds_at, is_stable_sheet};
use crate::overlap_map::finite_degree;
use crate::solve::newton::{Solution, Vector, newton};
use crate::solve::scalar::brent;
use crate::{FinitePatterns, TheoryError};

/// Which state is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guess {
    /// One memory condensed.
    Retrieval,
    /// n memories condensed with equal overlaps.
    Mixture(usize),
    /// Frozen without overlap.
    SpinGlass,
    /// Nothing frozen.
    Paramagnet,
}

impl Guess {
    fn phase(self) -> Phase {
        match self {
            Self::Retrieval => Phase::Condensed(1),
            Self::Mixture(n) => Phase::Condensed(n),
            Self::SpinGlass => Phase::SpinGlass,
            Self::Paramagnet => Phase::Paramagnet,
        }
    }
}

/// The phase that a recorded state belongs to.
pub(crate) fn phase_of(state: &State) -> Phase {
    match state.kind {
        StateKind::Retrieval | StateKind::Mixture | StateKind::Cycle => Phase::Condensed(state.m.len()),
        StateKind::SpinGlass => Phase::SpinGlass,
        StateKind::Paramagnet => Phase::Paramagnet,
    }
}

/// Symmetric mixtures that `states` and `phase` look for.
pub const MIXTURES: [usize; 3] = [3, 5, 7];

/// Load where condensed branches start: next to the finite-p solution, which every one of them continues.
const SEED_LOAD: f64 = 1e-4;

/// The replica-symmetric theory of a model: the closure of its update with the solvers around it.
pub struct ReplicaSymmetric {
    closure: Box<dyn Closure>,
}

impl ReplicaSymmetric {
    /// The theory of a model.
    ///
    /// # Errors
    /// If no closure treats the model.
    pub fn new(model: &Model) -> Result<Self, TheoryError> {
        Ok(Self { closure: closure_for(model)? })
    }

    /// The solvers around a closure.
    pub(crate) fn of(closure: Box<dyn Closure>) -> Self {
        Self { closure }
    }

    /// The closure.
    pub fn closure(&self) -> &dyn Closure {
        &*self.closure
    }

    /// The stable state of a kind at a control point.
    ///
    /// # Errors
    /// If the control is out of range or there is no such state.
    pub fn solve(&self, control: Control, guess: Guess) -> Result<State, TheoryError> {
        let at = self.point(control)?;
        let phase = guess.phase();
        let missing = |because: &str| TheoryError::NoSuchState {
            state: name(phase),
            at: place(control),
            because: because.into(),
        };
        if phase.condensed() > 0 && !self.closure.model().stores_memories() {
            return Err(missing("the model stores no memories"));
        }
        let signs = self.closure.model().patterns.is_symmetric();
        if signs && phase.condensed() > 1 && phase.condensed().is_multiple_of(2) {
            return Err(missing("even mixtures are always unstable"));
        }
        let solution = self.locate(phase, at).ok_or_else(|| {
            let ends = "its branch ends below this load or temperature, or is unstable there";
            missing(self.closure.obstacle(phase, at).as_deref().unwrap_or(ends))
        })?;
        self.state(phase, &solution, at).filter(|state| state.exit == Exit::Converged).ok_or(
            TheoryError::NotConverged { state: name(phase), at: place(control), residual: solution.residual },
        )
    }

    /// Every state at a control point: retrieval, mixtures of 3, 5 and 7 memories, both sheets of each, the
    /// spin glass and the paramagnet; ordered by kind, stable first.
    ///
    /// # Errors
    /// If the control is out of range.
    pub fn states(&self, control: Control) -> Result<Vec<State>, TheoryError> {
        let at = self.point(control)?;
        let mut out = Vec::new();
        if self.closure.model().stores_memories() {
            for n in std::iter::once(1).chain(MIXTURES) {
                let phase = Phase::Condensed(n);
                let found = self.sheets(phase, at);
                out.extend(found.iter().filter_map(|solution| self.state(phase, solution, at)));
            }
        }
        for phase in [Phase::SpinGlass, Phase::Paramagnet] {
            out.extend(self.locate(phase, at).and_then(|solution| self.state(phase, &solution, at)));
        }
        out.sort_by_key(|state| (state.kind, state.n, !state.locally_stable));
        Ok(out)
    }

    /// Follows a solution along a control.
    pub fn follow(&self, start: BranchPoint, axis: Axis) -> Follow<'_> {
        Follow::new(self, start, axis)
    }

    /// A state with its control, as [`ReplicaSymmetric::follow`] takes it.
    ///
    /// # Errors
    /// As [`ReplicaSymmetric::solve`].
    pub fn start(&self, control: Control, guess: Guess) -> Result<BranchPoint, TheoryError> {
        Ok(BranchPoint { control, state: self.solve(control, guess)? })
    }

    /// The temperature T_g(α) below which the paramagnet freezes: R′(χ)χ² = 1 with χ the paramagnet's response.
    /// None in an external field, where the transition is smeared out.
    pub fn freezing_temperature(&self, alpha: f64) -> Option<f64> {
        if self.closure.model().field.value().value() != 0.0 {
            return None;
        }
        let mut excess = |chi: f64| self.closure.reaction_slope(chi, alpha).sqrt() * chi - 1.0;
        let model = self.closure.model();
        let bounded = model.stores_memories() && model.connectivity.fraction() > 0.0;
        // R has its pole where vχ = 1.
        let end = 1.0 / stored_variance(model);
        let mut high = if bounded { 0.5 * end } else { 0.5 };
        while excess(high) < 0.0 {
            high = if bounded { 0.5 * (end + high) } else { 2.0 * high };
            if (bounded && high >= end) || high > 1e6 {
                return None;
            }
        }
        let chi = brent(0.0, high, &mut excess)?;
        let index = 1;
        let mut gap = |temperature: f64| {
            // No paramagnet below its own limit: its response would be too large.
            self.closure.paramagnet(Point { alpha, temperature }).map_or(1.0, |y| y[index] - chi)
        };
        let mut low = 64.0;
        while gap(low) < 0.0 {
            low *= 0.8;
            if low < 1e-6 {
                return None;
            }
        }
        brent(low, low / 0.8, &mut gap)
    }

    fn point(&self, control: Control) -> Result<Point, TheoryError> {
        control.validate()?;
        if let Some(count) = control.count() {
            let what = format!("p = {count} memories, a finite number");
            let because = "its memories are extensively many";
            return Err(Unsupported::new(
                what,
                "the replica-symmetric closure",
                because,
                "the theory of finite p",
            )
            .into());
        }
        let model = self.closure.model();
        model.check_load(control.load)?;
        at_ground(model, control.temperature)?;
        holds_at(model, control.temperature)?;
        Ok(Point { alpha: control.alpha(), temperature: control.temperature })
    }

    /// The stable solution of a phase, if there is one.
    pub(crate) fn locate(&self, phase: Phase, at: Point) -> Option<Solution> {
        match phase {
            Phase::Condensed(_) => self
                .direct(phase, at)
                .or_else(|| self.sheets(phase, at).into_iter().next())
                .filter(|solution| self.is_stable_sheet(phase, &solution.y, at)),
            Phase::SpinGlass => self.glass(at),
            Phase::Paramagnet => {
                let model = self.closure.model();
                let responds = at.temperature > 0.0 || model.unit.continuous().is_some();
                if !responds || model.field.value().value() != 0.0 {
                    return None;
                }
                let y = self.closure.paramagnet(at)?;
                Some(self.polish(phase, y, at))
            }
        }
    }

    fn polish(&self, phase: Phase, y: Vector, at: Point) -> Solution {
        let k = self.closure.dimension();
        newton(y, &|y: &Vector| {
            let (f, jacobian) = self.closure.linearize(phase, y, at)?;
            Some((f, jacobian.columns(0, k).into_owned()))
        })
    }

    fn is_stable_sheet(&self, phase: Phase, y: &Vector, at: Point) -> bool {
        y[0] > 1e-6 && is_stable_sheet(self.closure(), phase, y, at) == Some(true)
    }

    /// Natural iteration from a saturated start, which descends to the outermost solution, then Newton.
    fn direct(&self, phase: Phase, at: Point) -> Option<Solution> {
        let mut y = self.closure.start(phase, at);
        for _ in 0..40 {
            let next = self.closure.iterate(phase, &y, at)?;
            let change = (&next - &y).amax();
            y = next;
            if change < 1e-9 {
                break;
            }
        }
        let solution = self.polish(phase, y, at);
        (solution.exit == Exit::Converged && self.is_stable_sheet(phase, &solution.y, at)).then_some(solution)
    }

    /// All solutions of a condensed phase on the branch that starts at zero load, followed through its folds.
    fn sheets(&self, phase: Phase, at: Point) -> Vec<Solution> {
        if let Some(found) = self.closure.explicit(phase, at) {
            return found.into_iter().map(|y| self.polish(phase, y, at)).collect();
        }
        let seed = Point { alpha: SEED_LOAD.min(0.1 * at.alpha), ..at };
        let Some(start) = self.direct(phase, seed) else { return Vec::new() };
        let k = start.y.len();
        let system = branch(self.closure(), phase, Axis::Load, at.temperature);
        let mut along = Vector::zeros(k + 1);
        along[k] = 1.0;
        let mut turned = false;
        let mut stop = |point: &Waypoint| {
            turned |= point.tangent[k] < 0.0;
            let load = point.x[k];
            point.x[0] < 1e-4
                || load < seed.alpha
                || (turned && load < at.alpha)
                || load > 2.0 + 2.0 * at.alpha
        };
        let waypoints =
            trace(&system, start.y.insert_row(k, seed.alpha), &along, Stride::default(), &mut stop);
        waypoints
            .windows(2)
            .filter(|pair| (pair[0].x[k] < at.alpha) != (pair[1].x[k] < at.alpha))
            .filter_map(|pair| {
                let weight = (at.alpha - pair[0].x[k]) / (pair[1].x[k] - pair[0].x[k]);
                let guess = &pair[0].x + (&pair[1].x - &pair[0].x) * weight;
                let x = pin_component(&system, &guess, k, at.alpha)?;
                let (y, _) = split_branch(&x, Axis::Load, at.temperature);
                Some(self.polish(phase, y, at))
            })
            .filter(|solution| solution.exit == Exit::Converged)
            .collect()
    }

    fn glass(&self, at: Point) -> Option<Solution> {
        let phase = Phase::SpinGlass;
        let last = self.closure.dimension() - 1;
        let usable = |solution: &Solution| solution.exit == Exit::Converged && solution.y[last] > 1e-9;
        // Units with a level 0 can freeze where the paramagnet is stable too; ±1 units cannot, nor graded ones,
        // whose response is largest in zero field.
        let unit = &self.closure.model().unit;
        let concave = unit.is_binary_spin() || (unit.graded().is_some() && unit.is_even());
        let responds = at.temperature > 0.0 || unit.continuous().is_some();
        if responds && concave && self.paramagnet_is_stable(at) {
            return None;
        }
        let start = self.closure.start(phase, at);
        // Then a fixed low-discrepancy sequence over (χ, Δ).
        let golden = [0.754_877_666_246_693, 0.569_840_290_998_053];
        let starts = std::iter::once(start.clone()).chain((1..=48).map(|i| {
            let mut y = start.clone();
            let u = (f64::from(i) * golden[0]).fract();
            let v = (f64::from(i) * golden[1]).fract();
            y[1] = 0.98 * u;
            y[last] = 2.0 * v * self.closure.reaction_slope(0.5 * u, at.alpha).max(1e-12);
            y
        }));
        for start in starts {
            let mut y = start;
            for _ in 0..12 {
                match self.closure.iterate(phase, &y, at) {
                    Some(next) if self.closure.residual(phase, &(&(&y + &next) * 0.5), at).is_some() => {
                        y = (&y + &next) * 0.5;
                    }
                    _ => break,
                }
            }
            let solution = self.polish(phase, y, at);
            if usable(&solution) {
                return Some(solution);
            }
        }
        None
    }

    /// Whether nothing freezes: R′(χ)χ² < 1 on the paramagnet, in zero field.
    fn paramagnet_is_stable(&self, at: Point) -> bool {
        self.closure.model().field.value().value() == 0.0
            && self
                .closure
                .paramagnet(at)
                .is_some_and(|y| self.closure.reaction_slope(y[1], at.alpha) * y[1] * y[1] < 1.0)
    }

    fn state(&self, phase: Phase, solution: &Solution, at: Point) -> Option<State> {
        self.closure.describe(phase, &solution.y, at, solution.residual, solution.exit)
    }

    /// The unknowns of a recorded state, solved again from its numbers.
    pub(crate) fn unknowns(&self, phase: Phase, state: &State, at: Point) -> Result<Vector, TheoryError> {
        let mut y = self.closure.start(phase, at);
        let last = y.len() - 1;
        y[0] = state.m.first().copied().unwrap_or(0.0);
        y[1] = state.chi;
        if let (Some(d), true) = (state.d, at.temperature > 0.0) {
            y[2] = ((state.activity - d) / at.temperature).max(0.0);
        } else if let (Some(x), None, 2..) = (state.mean, state.d, last.saturating_sub(1)) {
            y[2] = x;
        }
        y[last] = state.delta;
        let solution = self.polish(phase, y, at);
        if solution.exit == Exit::Converged {
            return Ok(solution.y);
        }
        Err(TheoryError::NotConverged {
            state: name(phase),
            at: format!("α = {}, T = {}", at.alpha, at.temperature),
            residual: solution.residual,
        })
    }
}

fn name(phase: Phase) -> String {
    match phase {
        Phase::Condensed(1) => "stable retrieval".into(),
        Phase::Condensed(n) => format!("stable {n}-mixture"),
        Phase::SpinGlass => "spin-glass".into(),
        Phase::Paramagnet => "paramagnetic".into(),
    }
}

fn place(control: Control) -> String {
    match control.alpha_if_any() {
        Some(alpha) => format!("α = {alpha}, T = {}", control.temperature),
        None => format!("T = {}", control.temperature),
    }
}

/// All states of a model at a control point: [`ReplicaSymmetric::states`], or [`FinitePatterns::states`] of a
/// finite number of memories.
///
/// # Errors
/// If no closure treats the model or the control is out of range.
pub fn states(model: &Model, control: Control) -> Result<Vec<State>, TheoryError> {
    if let Some(states) = finite_degree::states(model, control) {
        return states;
    }
    match control.count() {
        Some(count) => FinitePatterns::new(model, count)?.states(control.temperature),
        None => ReplicaSymmetric::new(model)?.states(control),
    }
}

/// The state that a simulation started there should show: [`ReplicaSymmetric::solve`], or
/// [`FinitePatterns::solve`] of a finite number of memories.
///
/// # Errors
/// As [`ReplicaSymmetric::solve`].
pub fn predict(model: &Model, control: Control, guess: Guess) -> Result<State, TheoryError> {
    if let Some(state) = finite_degree::solve(model, control, guess) {
        return state;
    }
    match control.count() {
        Some(count) => FinitePatterns::new(model, count)?.solve(control.temperature, guess),
        None => ReplicaSymmetric::new(model)?.solve(control, guess),
    }
}
