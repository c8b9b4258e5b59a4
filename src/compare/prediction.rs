//! What theory says where a simulation was run.

use mattis_model::record::{MeasuredPoint, SimulationRecord, State};
use mattis_model::{Control, Load, Model};
use mattis_theory::{Guess, TheoryError};

/// The state that theory predicts at one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Load p/N as simulated; `None` without memories or with a finite number of them.
    pub alpha: Option<f64>,
    /// Number of memories, where it is finite.
    pub count: Option<usize>,
    /// Temperature.
    pub temperature: f64,
    /// `sequential` or `parallel`.
    pub update: String,
    /// The state.
    pub state: State,
}

impl Prediction {
    /// The predicted value of an observable of the simulation.
    pub fn observable(&self, name: &str) -> Option<f64> {
        match name {
            "m" => self.state.m.first().copied(),
            "q" => Some(self.state.q),
            "energy" => self.state.energy,
            "activity" => Some(self.state.activity),
            "d" => self.state.d,
            "mean" => self.state.mean,
            "correlation" => self.state.correlation,
            _ => None,
        }
        .filter(|value| value.is_finite())
    }
}

/// Predictions for one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// The specification.
    pub model: Model,
    /// One per simulated load, temperature and update.
    pub points: Vec<Prediction>,
}

impl Predictions {
    /// The prediction at a simulated point.
    pub fn at(&self, point: &MeasuredPoint) -> Option<&Prediction> {
        self.points.iter().find(|prediction| {
            prediction.alpha == point.alpha
                && prediction.count == load(point).count()
                && prediction.temperature == point.temperature
                && prediction.update == point.update
        })
    }

    /// Observables that say something: the activity of ±1 units is 1 whatever happens, and only parallel
    /// updates have a one-step overlap.
    pub fn observables(&self) -> &'static [&'static str] {
        if self.model.unit.is_binary_spin() {
            &["m", "q", "energy", "mean", "correlation", "d"]
        } else {
            &["m", "q", "energy", "activity", "mean", "correlation", "d"]
        }
    }
}

/// The load that a point was simulated at.
fn load(point: &MeasuredPoint) -> Load {
    match (point.alpha, point.p) {
        (Some(alpha), _) => Load::Extensive(alpha),
        (None, 0) => Load::Empty,
        (None, p) => Load::Finite(p),
    }
}

/// Solves the theory at every p/N, temperature and update that was simulated.
///
/// # Errors
/// If the theory does not treat the model, has no such state, or a solve fails.
pub fn predict(
    model: &Model,
    simulation: &SimulationRecord,
    guess: Guess,
) -> Result<Predictions, TheoryError> {
    let mut predictions = Predictions { model: model.clone(), points: Vec::new() };
    for point in &simulation.points {
        if predictions.at(point).is_some() {
            continue;
        }
        let model = model.clone().with_update(point.update.parse()?);
        let control = Control { load: load(point), temperature: point.temperature };
        let state = mattis_theory::predict(&model, control, guess)?;
        predictions.points.push(Prediction {
            alpha: point.alpha,
            count: control.count(),
            temperature: point.temperature,
            update: point.update.clone(),
            state,
        });
    }
    Ok(predictions)
}
