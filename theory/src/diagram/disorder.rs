//! Phase boundaries of models without memories.

use mattis_model::record::{Line, LinePoint, PhaseRecord};
use mattis_model::{Field, Load, Model, Unsupported};

use super::PhaseRequest;
use crate::TheoryError;
use crate::closure::{Phase, Point};
use crate::solve::scalar::brent;
use crate::solver::ReplicaSymmetric;

/// Models without memories: freezing in zero field and the de Almeida–Thouless line T_AT(h).
pub(super) fn without_memories(model: &Model, request: &PhaseRequest) -> Result<PhaseRecord, TheoryError> {
    let point = |field: f64, temperature: f64| LinePoint {
        alpha: None,
        field: Some(field),
        self_coupling: None,
        temperature,
        ln_temperature: None,
        m: None,
    };
    if request.alphas.is_some() {
        model.check_load(Load::Extensive(0.1))?;
    }
    without_inhibition(model)?;
    let theory = ReplicaSymmetric::new(&model.clone().with_field(Field::neutral()))?;
    let mut lines = Vec::new();
    let freezing = theory.freezing_temperature(0.0);
    if let Some(temperature) = freezing {
        lines.push(Line { name: "spin_glass".into(), points: vec![point(0.0, temperature)] });
    }
    let mut points = Vec::new();
    if let Some(temperatures) = &request.temperatures {
        for &temperature in temperatures.iter().filter(|t| freezing.is_some_and(|f| **t < f)) {
            let root = brent(1e-6, 20.0, &mut |h| {
                at_deficit(model, h, temperature).ok().flatten().unwrap_or(f64::NAN)
            });
            points.extend(root.map(|h| point(h, temperature)));
        }
    } else {
        let fields = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 3.0];
        for field in fields {
            points.extend(
                almeida_thouless_temperature(model, field)?.map(|temperature| point(field, temperature)),
            );
        }
    }
    lines.push(Line { name: "almeida_thouless".into(), points });
    Ok(PhaseRecord { model: model.clone(), lines, special: Vec::new() })
}

/// The line needs the field for itself.
fn without_inhibition(model: &Model) -> Result<(), Unsupported> {
    if model.field.inhibition() == 0.0 {
        return Ok(());
    }
    let what = format!("field `{}` without memories", model.field);
    Err(Unsupported::new(what, "the phase diagram", "its line is one in an external field", "field `none`"))
}

/// ln of the replicon's deficit of the one replica-symmetric state in a field.
fn at_deficit(model: &Model, field: f64, temperature: f64) -> Result<Option<f64>, TheoryError> {
    let field = Field::new("external", [("h", mattis_model::catalogue::Value::Number(field))])?;
    let theory = ReplicaSymmetric::new(&model.clone().with_field(field))?;
    let at = Point { alpha: 0.0, temperature };
    Ok(theory.locate(Phase::SpinGlass, at).and_then(|solution| {
        Some(theory.closure().replicon_deficit(Phase::SpinGlass, &solution.y, at)?.ln())
    }))
}

/// T_AT(h): where the replicon of the state in an external field h vanishes; `None` if it never does.
///
/// de Almeida & Thouless, J. Phys. A 11, 983 (1978).
///
/// # Errors
/// If no closure treats the model.
pub fn almeida_thouless_temperature(model: &Model, field: f64) -> Result<Option<f64>, TheoryError> {
    without_inhibition(model)?;
    at_deficit(model, field, 1.0)?;
    let mut value = |log: f64| at_deficit(model, field, log.exp()).ok().flatten().unwrap_or(f64::NAN);
    let mut high = 3.0;
    while value(high) < 0.0 {
        high -= 0.25;
        if high < -60.0 {
            return Ok(None);
        }
    }
    Ok(brent(high, high + 0.25, &mut value).map(f64::exp))
}
