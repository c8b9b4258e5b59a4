//! Phase boundaries of models that are solved at T = 0 only: points on the axis of loads.

use mattis_model::Model;
use mattis_model::record::{Line, LinePoint, PhaseRecord, SpecialPoint};

use super::PhaseRequest;
use crate::TheoryError;
use crate::closure::{Phase, Point};
use crate::solve::scalar::brent;
use crate::solver::ReplicaSymmetric;
use crate::{CapacityRequest, capacity};

/// α_c, where the retrieval state ends, and α_1, where its energy exceeds that of the spin glass. The lines have
/// their one point where T = 0 is asked for, or nothing is.
pub(super) fn at_zero_temperature(model: &Model, request: &PhaseRequest) -> Result<PhaseRecord, TheoryError> {
    let theory = ReplicaSymmetric::new(model)?;
    let closure = theory.closure();
    let end = capacity(model, &CapacityRequest::default())?;
    let state = |phase: Phase, alpha: f64| {
        let at = Point { alpha, temperature: 0.0 };
        let y = theory.locate(phase, at)?.y;
        Some((closure.free_energy(phase, &y, at)?, y[0]))
    };
    let gap = |alpha: f64| {
        let (retrieval, glass) = (state(Phase::Condensed(1), alpha)?, state(Phase::SpinGlass, alpha)?);
        Some(retrieval.0 - glass.0)
    };
    let equal = brent(1e-3 * end.alpha_c, 0.999 * end.alpha_c, &mut |alpha| gap(alpha).unwrap_or(f64::NAN));
    let overlap = equal.and_then(|alpha| Some(state(Phase::Condensed(1), alpha)?.1));
    let nothing = request.alphas.is_none() && request.temperatures.is_none();
    let on_axis = nothing || request.temperatures.iter().flatten().any(|temperature| *temperature == 0.0);
    let mut record = PhaseRecord { model: model.clone(), lines: Vec::new(), special: Vec::new() };
    let found = [
        ("retrieval_spinodal", "alpha_c", Some(end.alpha_c), end.m),
        ("first_order", "alpha_1", equal, overlap),
    ];
    for (line, special, alpha, m) in found {
        let Some(alpha) = alpha else { continue };
        let point = LinePoint {
            alpha: Some(alpha),
            field: None,
            self_coupling: None,
            temperature: 0.0,
            ln_temperature: None,
            m,
        };
        let asked = on_axis || request.alphas.iter().flatten().any(|asked| *asked == alpha);
        record.lines.push(Line { name: line.into(), points: if asked { vec![point] } else { Vec::new() } });
        record.special.push(SpecialPoint { name: special.into(), alpha, temperature: 0.0, m });
    }
    Ok(record)
}
