//! Phase diagrams: boundaries as followed curves, and their special points.

mod critical;
mod curve;
mod disorder;
mod ground;

use mattis_model::record::{Line, LinePoint, PhaseRecord, SpecialPoint};
use mattis_model::{Control, CouplingLaw, External, Model, PatternLaw, Topology, Unsupported};

use crate::TheoryError;
use crate::branch::Axis;
use crate::branch::arclength::{Stride, Waypoint, pin_component, trace, zeros};
use crate::branch::systems::{
    branch, crossings, fold_turning, folds, folds_on, replicon_zero, split, split_branch,
};
use crate::closure::{Closure, Phase, Point, zero_temperature};
use crate::solve::newton::Vector;
use crate::solve::scalar::brent;
use crate::solver::{Guess, MIXTURES, ReplicaSymmetric};
use curve::{Curve, follow_both_ways, joined};
pub use disorder::almeida_thouless_temperature;
use disorder::without_memories;

/// Where points of the boundaries are wanted; nothing: the whole curves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PhaseRequest {
    /// Loads: every crossing of each boundary with each of them.
    pub alphas: Option<Vec<f64>>,
    /// Temperatures, likewise.
    pub temperatures: Option<Vec<f64>>,
}

/// Temperatures from which curves are started, T = 0 first.
const STARTS: [f64; 5] = [0.0, 0.02, 0.05, 0.1, 0.3];

struct Diagram<'a> {
    theory: &'a ReplicaSymmetric,
    closure: &'a dyn Closure,
}

/// The phase diagram of a model.
///
/// Retrieval and mixture spinodals are folds followed in (α, T); the first-order line is followed as equality
/// of free energies; the de Almeida–Thouless line of the retrieval state as a zero of its replicon in ln T.
///
/// # Errors
/// If no closure treats the model or a requested value is out of range.
pub fn phase_diagram(model: &Model, request: &PhaseRequest) -> Result<PhaseRecord, TheoryError> {
    validate(model, request)?;
    if !model.stores_memories() {
        return without_memories(model, request);
    }
    if model.unit.colours().is_some() {
        return ground::at_zero_temperature(model, request);
    }
    if let Some(record) = critical::critical_line(model, request) {
        return record;
    }
    followable(model)?;
    let theory = ReplicaSymmetric::new(model)?;
    let diagram = Diagram { theory: &theory, closure: theory.closure() };
    let mut lines = Vec::new();
    let mut special = Vec::new();
    let retrieval = diagram.spinodal(Phase::Condensed(1));
    if let Some(curve) = &retrieval {
        lines.push(curve.line("retrieval_spinodal", request));
        special.extend(capacity(model, curve));
    }
    if let Some(curve) = diagram.first_order() {
        lines.push(curve.line("first_order", request));
        special.extend(curve.zero_temperature_end("alpha_1"));
    }
    lines.extend(diagram.freezing(request));
    if let Some(curve) = retrieval.as_ref().and_then(|spinodal| diagram.almeida_thouless(spinodal)) {
        lines.push(curve.line("retrieval_at", request));
        special.extend(diagram.at_meets_spinodal(&curve));
    }
    special.extend(retrieval.iter().filter_map(|curve| diagram.turning(curve)));
    for n in MIXTURES {
        lines.extend(
            diagram.spinodal(Phase::Condensed(n)).map(|curve| curve.line(&format!("mixture_{n}"), request)),
        );
    }
    Ok(PhaseRecord { model: model.clone(), lines, special })
}

/// Refuses values out of range and units of no network.
fn validate(model: &Model, request: &PhaseRequest) -> Result<(), TheoryError> {
    for &alpha in request.alphas.iter().flatten() {
        Control::new(alpha, 0.0).validate()?;
    }
    for &temperature in request.temperatures.iter().flatten() {
        Control::without_load(temperature).validate()?;
    }
    model.unit.in_network("the phase diagram")?;
    Ok(())
}

/// Refuses models whose boundaries are not followed.
fn followable(model: &Model) -> Result<(), TheoryError> {
    if model.unit.continuous().is_some() {
        return Err(Unsupported::new(
            format!("unit `{}`", model.unit),
            "the phase diagram",
            "at T > 0 each of its averages is a quadrature of quadratures",
            "`capacity` and `solve` at a temperature",
        )
        .into());
    }
    if !model.connectivity.is_symmetric() {
        return Err(Unsupported::new(
            format!("connectivity `{}`", model.connectivity),
            "the phase diagram",
            "asymmetric couplings have no free energies to compare",
            "`capacity`, or a symmetric connectivity",
        )
        .into());
    }
    Ok(())
}

/// The spinodal of retrieval or of a symmetric mixture alone, as [`phase_diagram`] has it; `None` where that
/// has none.
///
/// # Errors
/// As [`phase_diagram`].
pub fn spinodal(model: &Model, guess: Guess, request: &PhaseRequest) -> Result<Option<Line>, TheoryError> {
    validate(model, request)?;
    let continuous = matches!(model.connectivity.value(), Topology::Extreme { .. });
    if !model.stores_memories() || model.unit.colours().is_some() || continuous {
        return Ok(None);
    }
    followable(model)?;
    let theory = ReplicaSymmetric::new(model)?;
    let diagram = Diagram { theory: &theory, closure: theory.closure() };
    let (phase, name) = match guess {
        Guess::Retrieval => (Phase::Condensed(1), "retrieval_spinodal".to_string()),
        Guess::Mixture(n) => (Phase::Condensed(n), format!("mixture_{n}")),
        Guess::SpinGlass | Guess::Paramagnet => return Ok(None),
    };
    Ok(diagram.spinodal(phase).map(|curve| curve.line(&name, request)))
}

impl Diagram<'_> {
    /// The stable branch of a phase at fixed temperature, from zero load through its first fold.
    fn branch_at(&self, phase: Phase, temperature: f64) -> Option<Vec<Waypoint>> {
        let seed = 1e-3;
        let start = self.theory.locate(phase, Point { alpha: seed, temperature })?;
        let k = start.y.len();
        let system = branch(self.closure, phase, Axis::Load, temperature);
        let mut along = Vector::zeros(k + 1);
        along[k] = 1.0;
        let mut stop = |point: &Waypoint| point.tangent[k] < -1e-3 || point.x[k] > 10.0;
        Some(trace(&system, start.y.insert_row(k, seed), &along, Stride::default(), &mut stop))
    }

    /// The fold of a condensed phase, followed from low temperature to zero load.
    fn spinodal(&self, phase: Phase) -> Option<Curve<'_>> {
        let k = self.closure.dimension();
        let closure = self.closure;
        STARTS.iter().find_map(|&temperature| {
            // Parallel updates have more unknowns.
            let exact = temperature == 0.0 && k == 3;
            let known = exact.then(|| ground_fold(closure.model(), phase)).flatten();
            let followed = || {
                let waypoints = self.branch_at(phase, temperature)?;
                folds_on(closure, phase, &waypoints, Axis::Load, temperature).into_iter().next()
            };
            let fold = known.or_else(followed)?;
            let system = folds(closure, phase);
            let start = pin_component(&system, &fold.insert_row(k + 1, temperature), k + 1, temperature)?;
            let points = follow_both_ways(&system, start, k);
            let folds = Some((closure, phase));
            Some(Curve { system: Box::new(system), points, load: k, logarithmic: false, folds })
        })
    }

    /// Equal free energies of retrieval and spin glass.
    fn first_order(&self) -> Option<Curve<'_>> {
        let k = self.closure.dimension();
        let (retrieval, glass) = (Phase::Condensed(1), Phase::SpinGlass);
        STARTS.iter().find_map(|&temperature| {
            let waypoints = self.branch_at(retrieval, temperature)?;
            let both = |x: &Vector| {
                let (y, at) = split_branch(x, Axis::Load, temperature);
                let z = self.theory.locate(glass, at)?.y;
                let gap =
                    self.closure.free_energy(retrieval, &y, at)? - self.closure.free_energy(glass, &z, at)?;
                Some((gap, y, z, at))
            };
            let mut last = None;
            let (_, y, z, at) = waypoints.iter().find_map(|point| {
                let now = both(&point.x)?;
                let crossed = now.0 >= 0.0;
                let before = last.replace(now);
                before.filter(|_| crossed)
            })?;
            let mut x = Vector::zeros(2 * k + 2);
            x.rows_mut(0, k).copy_from(&y);
            x.rows_mut(k, k).copy_from(&z);
            x[2 * k] = at.alpha;
            x[2 * k + 1] = temperature;
            let system = crossings(self.closure, retrieval, glass);
            let start = pin_component(&system, &x, 2 * k + 1, temperature)?;
            let points = follow_both_ways(&system, start, 2 * k);
            Some(Curve { system: Box::new(system), points, load: 2 * k, logarithmic: false, folds: None })
        })
    }

    /// T_g(α).
    fn freezing(&self, request: &PhaseRequest) -> Option<Line> {
        let point = |alpha: f64, temperature: f64| LinePoint {
            alpha: Some(alpha),
            field: None,
            self_coupling: None,
            temperature,
            ln_temperature: None,
            m: Some(0.0),
        };
        let t_g = |alpha: f64| self.theory.freezing_temperature(alpha);
        t_g(0.01)?;
        let mut points = Vec::new();
        if request.alphas.is_none() && request.temperatures.is_none() {
            let grid = (0..=60).map(|i| 0.2 * (f64::from(i) / 60.0).powi(2)).filter(|alpha| *alpha > 0.0);
            points.extend(grid.filter_map(|alpha| Some(point(alpha, t_g(alpha)?))));
        }
        for &alpha in request.alphas.iter().flatten() {
            points.extend(t_g(alpha).map(|temperature| point(alpha, temperature)));
        }
        for &temperature in request.temperatures.iter().flatten() {
            let root = brent(1e-9, 10.0, &mut |alpha| t_g(alpha).map_or(f64::NAN, |t| t - temperature));
            points.extend(root.map(|alpha| point(alpha, temperature)));
        }
        Some(Line { name: "spin_glass".into(), points })
    }

    /// The zero of the retrieval state's replicon, from the spinodal down to loads where T ≈ e^{−100}.
    fn almeida_thouless(&self, spinodal: &Curve<'_>) -> Option<Curve<'_>> {
        let phase = Phase::Condensed(1);
        let k = self.closure.dimension();
        // A closure without a replicon has no such line.
        let (y, at) = split(&spinodal.points.last()?.x);
        self.closure.replicon_deficit(phase, &y, at)?;
        let alpha = 0.7 * spinodal.points.iter().map(|point| point.x[k]).fold(0.0, f64::max);
        let deficit = |log: f64| {
            let at = Point { alpha, temperature: log.exp() };
            let y = self.theory.locate(phase, at)?.y;
            Some((self.closure.replicon_deficit(phase, &y, at)?.ln(), y))
        };
        let mut high = 0.0_f64;
        while deficit(high).is_none_or(|(value, _)| value > 0.0) {
            high -= 0.3;
            if high < -60.0 {
                return None;
            }
        }
        let mut low = high - 1.0;
        while deficit(low).is_some_and(|(value, _)| value < 0.0) {
            low -= 1.0;
            if low < -80.0 {
                return None;
            }
        }
        let log = brent(low, high, &mut |log| deficit(log).map_or(f64::NAN, |(value, _)| value))?;
        let (_, y) = deficit(log)?;
        let mut x = y.insert_rows(k, 2, 0.0);
        x[k] = alpha;
        x[k + 1] = log;
        let system = replicon_zero(self.closure, phase);
        let start = pin_component(&system, &x, k, alpha)?;
        let stride = Stride { first: 1e-3, longest: 0.6, ..Stride::default() };
        let mut up = Vector::zeros(k + 2);
        up[k] = 1.0;
        let mut past_fold = 0;
        let mut stop = |point: &Waypoint| {
            past_fold += usize::from(self.fold_sign(phase, &point.x).is_none_or(|sign| sign > 0.0));
            past_fold > 0
        };
        let above = trace(&system, start.clone(), &up, Stride { longest: 0.05, ..stride }, &mut stop);
        let below = trace(&system, start, &-up, stride, &mut |point| point.x[k] < 4.5e-3);
        let points = joined(below, above);
        Some(Curve { system: Box::new(system), points, load: k, logarithmic: true, folds: None })
    }

    /// Sign of the overlap slope in (y, α, ln T): negative on the stable sheet.
    fn fold_sign(&self, phase: Phase, x: &Vector) -> Option<f64> {
        let mut x = x.clone();
        let last = x.len() - 1;
        x[last] = x[last].exp();
        let (y, at) = split(&x);
        Some(self.closure.jacobian(phase, &y, at)?.determinant())
    }

    fn at_meets_spinodal(&self, curve: &Curve<'_>) -> Option<SpecialPoint> {
        let phase = Phase::Condensed(1);
        let x = zeros(&*curve.system, &curve.points, &|x| self.fold_sign(phase, x)).pop()?;
        Some(SpecialPoint {
            name: "at_meets_spinodal".into(),
            alpha: x[curve.load],
            temperature: x[curve.load + 1].exp(),
            m: Some(x[0]),
        })
    }

    /// Where the spinodal turns back in T: a largest load at T > 0.
    fn turning(&self, curve: &Curve<'_>) -> Option<SpecialPoint> {
        let phase = Phase::Condensed(1);
        let k = curve.load;
        let inner: Vec<Waypoint> =
            curve.points.iter().filter(|point| point.x[k + 1] > 0.0).cloned().collect();
        let found = zeros(&*curve.system, &inner, &|x| fold_turning(self.closure, phase, x));
        let x = found.into_iter().max_by(|a, b| a[k].total_cmp(&b[k]))?;
        Some(SpecialPoint { name: "alpha_max".into(), alpha: x[k], temperature: x[k + 1], m: Some(x[0]) })
    }
}

/// The fold of n-mixtures at T = 0 with its load, (m, χ, Δ, α), where it is a one-parameter problem.
fn ground_fold(model: &Model, phase: Phase) -> Option<Vector> {
    let exact = model.unit.is_binary_spin()
        && model.synapse.is_identity()
        && *model.connectivity.value() == Topology::Full
        && *model.patterns.value() == PatternLaw::Rademacher
        && *model.field.value() == External::None
        && matches!(*model.rule.value(), CouplingLaw::Hebb);
    let fold = exact.then(|| zero_temperature::capacity(phase.condensed())).flatten()?;
    Some(Vector::from_vec(vec![fold.m, fold.chi, fold.delta, fold.alpha]))
}

/// α_c(T = 0), by the exact one-parameter problem where there is one.
fn capacity(model: &Model, curve: &Curve<'_>) -> Option<SpecialPoint> {
    let mut point = curve.zero_temperature_end("alpha_c")?;
    if let Some(fold) = ground_fold(model, Phase::Condensed(1)) {
        point.alpha = fold[3];
        point.m = Some(fold[0]);
    }
    Some(point)
}
