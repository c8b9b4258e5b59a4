//! Extreme dilution: the line where the overlap of ±1 units vanishes continuously.
//!
//! v E\[β sech²(β√(αv²) z)\] = 1 with v the variance of a stored component; at T = 0 this is α = 2/π.
//! (Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987))

use mattis_model::record::{Line, LinePoint, PhaseRecord, SpecialPoint};
use mattis_model::{Model, Topology, Unsupported};

use super::PhaseRequest;
use crate::bulk::stored_variance;
use crate::capacity::vanishing;
use crate::closure::closure_for;
use crate::solve::scalar::brent;
use crate::{CapacityRequest, TheoryError, capacity};

/// Points of the line when none are asked for.
const COUNT: usize = 60;

/// The phase diagram of extremely diluted ±1 units: one line, on which m grows from 0. `None` for other networks.
pub(super) fn critical_line(
    model: &Model,
    request: &PhaseRequest,
) -> Option<Result<PhaseRecord, TheoryError>> {
    let extreme = matches!(model.connectivity.value(), Topology::Extreme { .. });
    extreme.then(|| {
        let neutral = model.unit.is_binary_spin() && model.field.value().value() == 0.0;
        if !neutral {
            let what =
                format!("unit `{}` in field `{}` with connectivity `extreme`", model.unit, model.field);
            let because = "its retrieval state need not end continuously";
            return Err(
                Unsupported::new(what, "the phase diagram", because, "`capacity`, or ±1 units").into()
            );
        }
        let closure = closure_for(model)?;
        let ground = capacity(model, &CapacityRequest::default())?.alpha_c;
        let load = |temperature: f64| {
            if temperature == 0.0 { Some(ground) } else { Some(vanishing(&*closure, temperature).first()?.0) }
        };
        let point = |alpha: f64, temperature: f64| LinePoint {
            alpha: Some(alpha),
            field: None,
            self_coupling: None,
            temperature,
            ln_temperature: None,
            m: Some(0.0),
        };
        // The line falls from T = v at no load to T = 0 at α_c.
        let highest = stored_variance(model);
        let mut points = Vec::new();
        for &alpha in request.alphas.iter().flatten().filter(|alpha| **alpha <= ground) {
            let root = brent(0.0, highest * (1.0 - 1e-12), &mut |temperature| {
                load(temperature).unwrap_or(0.0) - alpha
            });
            points.extend(root.map(|temperature| point(alpha, temperature)));
        }
        for &temperature in request.temperatures.iter().flatten().filter(|t| **t < highest) {
            points.extend(load(temperature).map(|alpha| point(alpha, temperature)));
        }
        if request.alphas.is_none() && request.temperatures.is_none() {
            for i in 0..COUNT {
                let temperature = highest * i as f64 / COUNT as f64;
                points.extend(load(temperature).map(|alpha| point(alpha, temperature)));
            }
        }
        let lines = vec![Line { name: "retrieval_critical".into(), points }];
        let end = SpecialPoint { name: "alpha_c".into(), alpha: ground, temperature: 0.0, m: Some(0.0) };
        Ok(PhaseRecord { model: model.clone(), lines, special: vec![end] })
    })
}
