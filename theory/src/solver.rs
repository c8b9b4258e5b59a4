//! The replica-symmetric solver: all states at a point, and branches from them.

mod glass;
mod sheets;

use mattis_model::record::{Exit, State, StateKind};
use mattis_model::{Control, Model, Unsupported};

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
        Ok(self.row(at.temperature, &[at.alpha]).pop().unwrap_or_default())
    }

    /// [`ReplicaSymmetric::states`] at several loads of one temperature: branches are followed once for all of
    /// them, and each load has the states that it has alone, to the last bit.
    ///
    /// # Errors
    /// If a load or the temperature is out of range.
    pub fn states_at(&self, temperature: f64, loads: &[f64]) -> Result<Vec<Vec<State>>, TheoryError> {
        for &alpha in loads {
            self.point(Control::new(alpha, temperature))?;
        }
        Ok(self.row(temperature, loads))
    }

    /// The stable solution of a kind at several loads of one temperature, certified by its residual, its sheet and
    /// its branch, without what a [`State`] has beside; its unknowns are those of [`ReplicaSymmetric::closure`].
    ///
    /// # Errors
    /// If a load or the temperature is out of range.
    pub fn solutions_at(
        &self,
        temperature: f64,
        loads: &[f64],
        guess: Guess,
    ) -> Result<Vec<Option<Solution>>, TheoryError> {
        for &alpha in loads {
            self.point(Control::new(alpha, temperature))?;
        }
        let phase = guess.phase();
        if phase.condensed() == 0 {
            let at = |&alpha: &f64| self.locate(phase, Point { alpha, temperature });
            return Ok(loads.iter().map(at).collect());
        }
        let out = self.followed(phase, temperature, loads, true);
        Ok(out.into_iter().map(|found| found.into_iter().next()).collect())
    }

    fn row(&self, temperature: f64, loads: &[f64]) -> Vec<Vec<State>> {
        let mut out: Vec<Vec<State>> = vec![Vec::new(); loads.len()];
        if self.closure.model().stores_memories() {
            for n in std::iter::once(1).chain(MIXTURES) {
                let phase = Phase::Condensed(n);
                let found = self.followed(phase, temperature, loads, false);
                for ((states, found), &alpha) in out.iter_mut().zip(found).zip(loads) {
                    let at = Point { alpha, temperature };
                    states.extend(found.iter().filter_map(|solution| self.state(phase, solution, at)));
                }
            }
        }
        for (states, &alpha) in out.iter_mut().zip(loads) {
            let at = Point { alpha, temperature };
            for phase in [Phase::SpinGlass, Phase::Paramagnet] {
                states.extend(self.locate(phase, at).and_then(|solution| self.state(phase, &solution, at)));
            }
            states.sort_by_key(|state| (state.kind, state.n, !state.locally_stable));
        }
        out
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

/// [`states`] at several control points, whatever their order: points of one temperature share what they have in
/// common, and each has the states that it has alone.
///
/// # Errors
/// As [`states`].
pub fn states_at(model: &Model, controls: &[Control]) -> Result<Vec<Vec<State>>, TheoryError> {
    let extensive = controls.iter().all(|control| control.alpha_if_any().is_some());
    if !extensive || controls.iter().any(|control| finite_degree::states(model, *control).is_some()) {
        return controls.iter().map(|control| states(model, *control)).collect();
    }
    let theory = ReplicaSymmetric::new(model)?;
    let mut out = vec![Vec::new(); controls.len()];
    let mut rows: Vec<(f64, Vec<usize>)> = Vec::new();
    for (i, control) in controls.iter().enumerate() {
        theory.point(*control)?;
        match rows.iter_mut().find(|row| row.0 == control.temperature) {
            Some(row) => row.1.push(i),
            None => rows.push((control.temperature, vec![i])),
        }
    }
    for (temperature, places) in rows {
        let loads: Vec<f64> = places.iter().map(|i| controls[*i].alpha()).collect();
        for (i, states) in places.into_iter().zip(theory.row(temperature, &loads)) {
            out[i] = states;
        }
    }
    Ok(out)
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
