//! The states of a network whose units have a finite number of inputs.

use mattis_model::record::{Exit, State, StateKind};
use mattis_model::{Control, Model, SpecError, Topology};

use super::{FixedPoint, Law, OverlapMap, Poisson, refuse};
use crate::TheoryError;
use crate::solver::Guess;

/// The map of a model with connectivity `finite`, with p.
fn map(model: &Model, control: Control) -> Result<(OverlapMap, usize), TheoryError> {
    let map = OverlapMap::new(model, control)?;
    match &map.law {
        Law::Poisson(law) => {
            let count = law.count();
            Ok((map, count))
        }
        Law::Gaussian(_) => {
            let expected = "finite: other networks have other states";
            Err(SpecError::out_of_range("connectivity", &model.connectivity, expected).into())
        }
    }
}

/// A fixed point as a state. Δ is the variance p/c of the local field, χ the slope f′(m), to which the response
/// tends with many inputs, and q the overlap of two replicas with their own thermal noise; at T = 0 only sums that
/// vanish tell them apart.
fn state(law: &Poisson, point: FixedPoint, residual: f64) -> Result<State, TheoryError> {
    let alpha = law.count() as f64 / law.degree();
    let q = law.replica_overlap(point.m).ok_or_else(|| {
        let what = format!("the overlap of two replicas with p = {} and c = {}", law.count(), law.degree());
        refuse(what, "its sums are too long", "the overlap map alone, or connectivity `extreme`")
    })?;
    let condensed = point.m > 0.0;
    Ok(State {
        kind: if condensed { StateKind::Retrieval } else { StateKind::Paramagnet },
        n: None,
        m: if condensed { vec![point.m] } else { Vec::new() },
        m_next: None,
        q,
        activity: 1.0,
        mean: None,
        correlation: None,
        delta: alpha,
        r: Some(1.0),
        chi: point.slope,
        d: None,
        free_energy: None,
        energy: None,
        entropy: None,
        replicon: None,
        hessian: None,
        multiplicity: None,
        locally_stable: point.is_stable(),
        replica_stable: None,
        residual,
        exit: Exit::Converged,
    })
}

/// All fixed points with m ≥ 0 as states: retrieval first, stable first; `None` for other connectivities.
pub(crate) fn states(model: &Model, control: Control) -> Option<Result<Vec<State>, TheoryError>> {
    matches!(model.connectivity.value(), Topology::Finite { .. }).then(|| {
        let (map, _) = map(model, control)?;
        let Law::Poisson(law) = &map.law else { return Ok(Vec::new()) };
        let mut points = map.fixed_points();
        points.reverse();
        points.sort_by_key(|point| (point.m == 0.0, !point.is_stable()));
        points.into_iter().map(|point| state(law, point, (map.value(point.m) - point.m).abs())).collect()
    })
}

/// The stable state of a kind; `None` for other connectivities.
pub(crate) fn solve(model: &Model, control: Control, guess: Guess) -> Option<Result<State, TheoryError>> {
    matches!(model.connectivity.value(), Topology::Finite { .. }).then(|| {
        let (_, count) = map(model, control)?;
        let (kind, name) = match guess {
            Guess::Retrieval => (StateKind::Retrieval, "stable retrieval"),
            Guess::Paramagnet => (StateKind::Paramagnet, "stable paramagnetic"),
            Guess::Mixture(_) => (StateKind::Mixture, "mixture"),
            Guess::SpinGlass => (StateKind::SpinGlass, "spin-glass"),
        };
        let found = states(model, control).transpose()?.unwrap_or_default();
        found.into_iter().find(|state| state.kind == kind && state.locally_stable).ok_or_else(|| {
            TheoryError::NoSuchState {
                state: name.into(),
                at: format!("p = {count}, T = {}", control.temperature),
                because: "the overlap with one memory has no such stable fixed point".into(),
            }
        })
    })
}
