//! One entry for every exactly solved model.

use mattis_model::solved::{ExactKind, ExactModel, ExactPoint, ExactState};
use mattis_model::{Control, Unsupported};

use super::{bethe, curie_weiss, enumerated, ising_chain, onsager};
use crate::TheoryError;

/// The exact states of a model at a temperature; T = 0 is its own case.
///
/// # Errors
/// If T is negative or not finite, or the model is one that this version does not know.
pub fn solve_exact(model: &ExactModel, temperature: f64) -> Result<ExactPoint, TheoryError> {
    Control::without_load(temperature).validate()?;
    // −0 is 0.
    let temperature = temperature.abs();
    Ok(match model {
        ExactModel::CurieWeiss { coupling, field, neurons: None } => {
            curie_weiss::infinite(*coupling, *field, temperature)
        }
        ExactModel::CurieWeiss { coupling, field, neurons: Some(n) } => {
            curie_weiss::finite(*coupling, *field, *n, temperature)
        }
        ExactModel::IsingChain { coupling, field, neurons } => {
            ising_chain::solve(*coupling, *field, *neurons, temperature)
        }
        ExactModel::Onsager { coupling } => onsager::solve(*coupling, temperature),
        ExactModel::Bethe { coordination, coupling } => bethe::solve(*coordination, *coupling, temperature),
        ExactModel::Enumerated { memories, diagonal, .. } => {
            enumerated::solve(memories, *diagonal, temperature)?
        }
        other => {
            let what = format!("{other:?}");
            return Err(Unsupported::new(what, "theory", "it has no solution here", "curie-weiss").into());
        }
    })
}

/// A state about which nothing is known but its kind.
pub(super) fn at_rest(kind: ExactKind) -> ExactState {
    ExactState {
        kind,
        m: Vec::new(),
        free_energy: 0.0,
        energy: 0.0,
        entropy: 0.0,
        chi: None,
        heat_capacity: None,
        correlation_length: None,
        locally_stable: true,
        ln_z: None,
        abs_m: None,
        m2: None,
        binder: None,
        enumerated: None,
    }
}

/// Fills free energy and entropy of N units at T > 0 in from ln Z and the energy.
pub(super) fn finite_state(state: ExactState, units: f64, temperature: f64) -> ExactState {
    let potential = state.ln_z.unwrap_or_default() / units;
    ExactState {
        free_energy: -temperature * potential,
        entropy: potential + state.energy / temperature,
        ..state
    }
}
