//! Capacities: the largest load α_c(T) with a replica-symmetric retrieval state.
//!
//! Where the load is an explicit function of one or two parameters, at T = 0 for units of two levels, levels −1, 0, 1,
//! Potts and threshold-linear units, α_c is its maximum, a root of exact derivatives; where units have a finite number
//! of inputs the slope of the overlap map is 1; elsewhere the branch of the retrieval state is followed from small loads
//! through its folds, so with inhibition at a stated threshold, and over the gain of graded units.

mod finite_degree;
mod followed;
mod gain;
mod pattern;
mod potts;
mod surface;
mod taylor;
mod three_level;
mod threshold_linear;
mod two_level;
mod working_point;

use mattis_model::record::{CapacityMethod, CapacityPoint, Optimum};
use mattis_model::{Control, CouplingLaw, Model, PatternLaw, Topology, Unsupported};

pub use working_point::{WorkingPoint, working_point};

use crate::TheoryError;
use crate::average::panel;
use crate::closure::at_ground;

pub(crate) use followed::vanishing;

/// What is chosen for the largest load instead of taken from the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Optimised {
    /// The threshold θ.
    Threshold,
    /// The gain g of threshold-linear or graded units.
    Gain,
}

/// Which capacity is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CapacityRequest {
    /// T.
    pub temperature: f64,
    /// What is optimised; nothing: every parameter as the model states it.
    pub optimise: Vec<Optimised>,
}

/// A largest load with the state there.
struct Found {
    alpha: f64,
    /// The overlap, where the scale of the states is given.
    m: Option<f64>,
    chi: Option<f64>,
    optimum: Optimum,
    activity: Option<f64>,
    sparseness: Option<f64>,
    correlation: Option<f64>,
    information: Option<f64>,
    /// Load and overlap where the branch of the pattern ends, if elsewhere.
    pattern: Option<(f64, f64)>,
}

/// The law of one stored component as nodes of a quadrature.
struct Memory {
    /// Values η as the rule stores them, and weights.
    nodes: Vec<(f64, f64)>,
    /// ⟨η²⟩.
    variance: f64,
    /// Whether the nodes are the law itself.
    discrete: bool,
}

fn refuse(what: String, because: &str, nearest: &str) -> TheoryError {
    Unsupported::new(what, "the capacity", because, nearest).into()
}

impl Memory {
    /// The law of a model's memories.
    fn new(model: &Model) -> Result<Self, TheoryError> {
        let law = model.patterns.value();
        let what = format!("rule `{}` with patterns `{}`", model.rule.name(), model.patterns);
        if !matches!(model.rule.value(), CouplingLaw::Hebb | CouplingLaw::Covariance { .. }) {
            return Err(refuse(
                what,
                "it stores no extensive number of memories",
                "rules `hebb`, `covariance`",
            ));
        }
        if law.mean() != model.centre() {
            let because = "memories with a mean share a direction whose coupling grows with their number";
            return Err(refuse(what, because, "rule `covariance`"));
        }
        let nodes = match (law.support(), law) {
            (Some(support), _) => support,
            (None, PatternLaw::Exponential { sparseness: a }) => exponential(*a),
            _ => {
                let because = "no average over their values";
                return Err(refuse(what, because, "discrete patterns, or `exponential`"));
            }
        };
        Ok(Self {
            nodes: nodes.into_iter().map(|(value, p)| (model.stored(value), p)).collect(),
            variance: model.stored_variance(),
            discrete: law.support().is_some(),
        })
    }

    /// The smallest and largest component.
    fn range(&self) -> (f64, f64) {
        let (low, high) = (f64::INFINITY, f64::NEG_INFINITY);
        self.nodes.iter().fold((low, high), |(low, high), (eta, _)| (low.min(*eta), high.max(*eta)))
    }

    fn span(&self) -> f64 {
        let (low, high) = self.range();
        high - low
    }

    /// The same in units of its deviation.
    fn standardised(&self) -> Vec<(f64, f64)> {
        let deviation = self.variance.sqrt();
        self.nodes.iter().map(|(eta, p)| (eta / deviation, *p)).collect()
    }
}

/// Nodes of 4a e^{−2ξ} on ξ > 0, with the rest at 0.
fn exponential(a: f64) -> Vec<(f64, f64)> {
    // e^{−2·22} is nothing beside 1.
    let cuts = [0.0, 0.7, 1.5, 3.0, 6.0, 12.0, 22.0];
    let mut out = vec![(0.0, 1.0 - 2.0 * a)];
    for pair in cuts.windows(2) {
        out.extend(panel(pair[0], pair[1]).map(|(x, weight)| (x, weight * 4.0 * a * (-2.0 * x).exp())));
    }
    out
}

/// The largest load of units −1, 0, 1 with the best crystal field.
fn three_levels(model: &Model) -> Result<Option<Found>, TheoryError> {
    let surface = three_level::ThreeLevel::new(model, Memory::new(model)?)?.ok_or_else(|| {
        let what = format!("the best threshold of the unit `{}` in field `{}`", model.unit, model.field);
        refuse(what, "its load is no explicit function of it", "levels −1, 0, 1 without field")
    })?;
    Ok(surface.largest())
}

/// The largest load with a retrieval state, replica symmetric.
///
/// `alpha_c` is the largest load with any retrieval state, `alpha_c_pattern` the end of the one that continues
/// the stored pattern, where that is another. Both are folds, or points where the overlap vanishes.
///
/// # Errors
/// If the temperature is out of range, a part of the model has no closure, what is to be optimised has no formula,
/// or there is no retrieval state at any load.
pub fn capacity(model: &Model, request: &CapacityRequest) -> Result<CapacityPoint, TheoryError> {
    model.validate()?;
    model.unit.in_network("the capacity")?;
    Control::without_load(request.temperature).validate()?;
    if !model.stores_memories() {
        let what = format!("rule `{}`", model.rule);
        return Err(refuse(what, "it stores no memories", "rules `hebb` and `covariance`"));
    }
    let optimises = |what: Optimised| request.optimise.contains(&what);
    at_ground(model, request.temperature)?;
    let scaled = model.field.inhibition() != 0.0 && request.optimise.is_empty();
    let found = if let Some(parameters) = model.unit.threshold_linear().filter(|_| !scaled) {
        threshold_linear::largest(model, parameters, request)?
    } else if let Some(states) = model.unit.colours() {
        if let Some(what) = request.optimise.first() {
            let what = format!("the best {what:?} of the unit `{}`", model.unit).to_lowercase();
            return Err(refuse(what, "it has none", "unit `binary`, or `threshold-linear`"));
        }
        potts::largest(states)
    } else if let Topology::Finite { degree } = model.connectivity.value() {
        if let Some(what) = request.optimise.first() {
            let what = format!("the best {what:?} of the unit `{}`", model.unit).to_lowercase();
            return Err(refuse(what, "it has none", "connectivity `extreme`"));
        }
        finite_degree::largest(model, *degree, request.temperature)?
    } else {
        if optimises(Optimised::Gain) && model.unit.graded().is_none() {
            let what = format!("the best gain of the unit `{}`", model.unit);
            return Err(refuse(what, "it has no gain", "units `graded` and `threshold-linear`"));
        }
        let ground = request.temperature == 0.0;
        let surface = if ground && model.unit.continuous().is_none() && model.unit.levels().len() == 2 {
            two_level::TwoLevel::new(model, Memory::new(model)?)?
        } else {
            None
        };
        match surface {
            Some(surface) => surface.largest(optimises(Optimised::Threshold)),
            None if optimises(Optimised::Threshold) && ground && model.unit.levels().len() == 3 => {
                three_levels(model)?
            }
            None if optimises(Optimised::Threshold) => {
                let what =
                    format!("the best threshold of the unit `{}` at T = {}", model.unit, request.temperature);
                return Err(refuse(
                    what,
                    "its load is no explicit function of it",
                    "units of two levels at T = 0, or three",
                ));
            }
            None if optimises(Optimised::Gain) => gain::largest(model, request.temperature)?,
            None => followed::largest(model, request.temperature)?,
        }
    };
    let found = found.ok_or_else(|| TheoryError::NoSuchState {
        state: "stable retrieval".into(),
        at: format!("T = {}", request.temperature),
        because: "there is none at any load".into(),
    })?;
    let law = model.patterns.value();
    // Of normalised memories in units of the gap between two stored values.
    let gap = |m: f64| m / model.deviation();
    Ok(CapacityPoint {
        method: CapacityMethod::ReplicaSymmetric,
        connectivity: model.connectivity.to_string(),
        temperature: request.temperature,
        alpha_c: found.alpha,
        alpha_c_pattern: found.pattern.map(|(alpha, _)| alpha),
        m_pattern: found.pattern.map(|(_, m)| gap(m)),
        kappa: None,
        active_fraction: Some(law.active_fraction()),
        sparseness: Some(law.sparseness()),
        m: found.m.map(gap),
        chi: found.chi,
        optimum: (found.optimum != Optimum::default()).then_some(found.optimum),
        retrieved_activity: found.activity,
        retrieved_sparseness: found.sparseness,
        correlation: found.correlation,
        information: found.information,
    })
}
