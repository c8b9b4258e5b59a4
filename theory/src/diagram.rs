//! Phase diagrams: boundaries as followed curves, and their special points.

use mattis_model::record::{Line, LinePoint, PhaseRecord, SpecialPoint};
use mattis_model::{Control, CouplingLaw, External, Field, Model};

use crate::TheoryError;
use crate::branch::arclength::{Stride, System, Waypoint, pin_component, trace, zeros};
use crate::branch::systems::{
    branch, crossings, fold_turning, folds, folds_on, replicon_zero, split, split_branch,
};
use crate::branch::Axis;
use crate::closure::{Closure, Phase, Point, zero_temperature};
use crate::solve::newton::Vector;
use crate::solve::scalar::brent;
use crate::solver::{MIXTURES, ReplicaSymmetric};

/// Where points of the boundaries are wanted; nothing: the whole curves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PhaseRequest {
    /// Loads: every crossing of each boundary with each of them.
    pub alphas: Option<Vec<f64>>,
    /// Temperatures, likewise.
    pub temperatures: Option<Vec<f64>>,
}

/// A boundary as it was followed, able to give points at a load or temperature.
struct Curve<'a> {
    system: Box<System<'a>>,
    points: Vec<Waypoint>,
    /// Position of α in the unknowns; the temperature follows it.
    load: usize,
    /// The temperature is held as its logarithm.
    logarithmic: bool,
}

impl Curve<'_> {
    fn line_point(&self, x: &Vector) -> LinePoint {
        let value = x[self.load + 1];
        LinePoint {
            alpha: Some(x[self.load]),
            field: None,
            temperature: if self.logarithmic { value.exp() } else { value },
            ln_temperature: self.logarithmic.then_some(value),
            m: Some(x[0]),
        }
    }

    /// Points where component `index` takes one of the values, in the order of the curve.
    fn at_values(&self, index: usize, values: &[f64]) -> Vec<Vector> {
        let mut out = Vec::new();
        for (i, pair) in self.points.windows(2).enumerate() {
            let (a, b) = (pair[0].x[index], pair[1].x[index]);
            let first = i == 0;
            let mut here: Vec<f64> = values
                .iter()
                .copied()
                .filter(|value| (a < *value) != (b < *value) && *value != a || *value == b || (first && *value == a))
                .collect();
            here.sort_by(|x, y| if a < b { x.total_cmp(y) } else { y.total_cmp(x) });
            for value in here {
                let guess = &pair[0].x + (&pair[1].x - &pair[0].x) * ((value - a) / (b - a));
                out.extend(pin_component(&self.system, &guess, index, value));
            }
        }
        out
    }

    fn line(&self, name: &str, request: &PhaseRequest) -> Line {
        let mut xs = Vec::new();
        if let Some(alphas) = &request.alphas {
            xs.extend(self.at_values(self.load, alphas));
        }
        if let Some(temperatures) = &request.temperatures {
            let values: Vec<f64> =
                if self.logarithmic { temperatures.iter().map(|t| t.ln()).collect() } else { temperatures.clone() };
            xs.extend(self.at_values(self.load + 1, &values));
        }
        if request.alphas.is_none() && request.temperatures.is_none() {
            xs = self.points.iter().map(|point| point.x.clone()).collect();
        }
        Line { name: name.into(), points: xs.iter().map(|x| self.line_point(x)).collect() }
    }
}

/// Loads below this are not followed: there every boundary has joined its end at zero load.
const SMALLEST_LOAD: f64 = 2e-5;

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
    for &alpha in request.alphas.iter().flatten() {
        Control::new(alpha, 0.0).validate()?;
    }
    for &temperature in request.temperatures.iter().flatten() {
        Control::without_load(temperature).validate()?;
    }
    if !model.stores_memories() {
        return without_memories(model, request);
    }
    let theory = ReplicaSymmetric::new(model)?;
    let diagram = Diagram { theory: &theory, closure: theory.closure() };
    let mut lines = Vec::new();
    let mut special = Vec::new();
    let retrieval = diagram.spinodal(Phase::Condensed(1));
    if let Some(curve) = &retrieval {
        lines.push(curve.line("retrieval_spinodal", request));
        special.extend(diagram.capacity(model, curve));
    }
    if let Some(curve) = diagram.first_order() {
        lines.push(curve.line("first_order", request));
        special.extend(diagram.zero_temperature_end(&curve, "alpha_1"));
    }
    lines.extend(diagram.freezing(request));
    if let Some(curve) = retrieval.as_ref().and_then(|spinodal| diagram.almeida_thouless(spinodal)) {
        lines.push(curve.line("retrieval_at", request));
        special.extend(diagram.at_meets_spinodal(&curve));
    }
    special.extend(retrieval.iter().flat_map(|curve| diagram.turning(curve)));
    for n in MIXTURES {
        lines.extend(diagram.spinodal(Phase::Condensed(n)).map(|curve| curve.line(&format!("mixture_{n}"), request)));
    }
    Ok(PhaseRecord { model: model.clone(), lines, special })
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
            let waypoints = self.branch_at(phase, temperature)?;
            let fold = folds_on(closure, phase, &waypoints, Axis::Load, temperature).into_iter().next()?;
            let system = folds(closure, phase);
            let start = pin_component(&system, &fold.insert_row(k + 1, temperature), k + 1, temperature)?;
            let points = follow_both_ways(&system, start, k);
            Some(Curve { system: Box::new(system), points, load: k, logarithmic: false })
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
                let gap = self.closure.free_energy(retrieval, &y, at)?.0 - self.closure.free_energy(glass, &z, at)?.0;
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
            Some(Curve { system: Box::new(system), points, load: 2 * k, logarithmic: false })
        })
    }

    /// T_g(α).
    fn freezing(&self, request: &PhaseRequest) -> Option<Line> {
        let point = |alpha: f64, temperature: f64| LinePoint {
            alpha: Some(alpha),
            field: None,
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
        Some(Curve { system: Box::new(system), points, load: k, logarithmic: true })
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
        let x = zeros(&curve.system, &curve.points, &|x| self.fold_sign(phase, x)).pop()?;
        Some(SpecialPoint {
            name: "at_meets_spinodal".into(),
            alpha: x[curve.load],
            temperature: x[curve.load + 1].exp(),
            m: Some(x[0]),
        })
    }

    fn zero_temperature_end(&self, curve: &Curve<'_>, name: &str) -> Option<SpecialPoint> {
        let point = curve.points.iter().find(|point| point.x[curve.load + 1] == 0.0)?;
        Some(SpecialPoint {
            name: name.into(),
            alpha: point.x[curve.load],
            temperature: 0.0,
            m: Some(point.x[0]),
        })
    }

    /// α_c(T = 0), by the exact one-parameter problem where there is one.
    fn capacity(&self, model: &Model, curve: &Curve<'_>) -> Option<SpecialPoint> {
        let mut point = self.zero_temperature_end(curve, "alpha_c")?;
        let exact = model.unit.is_binary_spin()
            && model.synapse.is_identity()
            && *model.field.value() == External::None
            && matches!(*model.rule.value(), CouplingLaw::Hebb);
        if let Some(fold) = exact.then(|| zero_temperature::capacity(1)).flatten() {
            point.alpha = fold.alpha;
            point.m = Some(fold.m);
        }
        Some(point)
    }

    /// Where the spinodal turns back in T: a largest load at T > 0.
    fn turning(&self, curve: &Curve<'_>) -> Option<SpecialPoint> {
        let phase = Phase::Condensed(1);
        let k = curve.load;
        let inner: Vec<Waypoint> = curve.points.iter().filter(|point| point.x[k + 1] > 0.0).cloned().collect();
        let found = zeros(&curve.system, &inner, &|x| fold_turning(self.closure, phase, x));
        let x = found.into_iter().max_by(|a, b| a[k].total_cmp(&b[k]))?;
        Some(SpecialPoint { name: "alpha_max".into(), alpha: x[k], temperature: x[k + 1], m: Some(x[0]) })
    }
}

/// Follows a curve in (…, α, T) from its start up in T to zero load, and down to T = 0 if it starts above.
fn follow_both_ways(system: &System<'_>, start: Vector, load: usize) -> Vec<Waypoint> {
    let mut up = Vector::zeros(start.len());
    up[load + 1] = 1.0;
    let above = trace(system, start.clone(), &up, Stride::default(), &mut ends(load));
    if start[load + 1] == 0.0 {
        return above;
    }
    let below = trace(system, start, &-up, Stride::default(), &mut ends(load));
    joined(below, above)
}

/// Where a run over (…, α, T) is over: zero load, no overlap, or a cusp, where (α, T) reverses its direction
/// and the curve goes on as the boundary of another sheet.
fn ends(load: usize) -> impl FnMut(&Waypoint) -> bool {
    let mut before: Option<(f64, f64)> = None;
    move |point| {
        let now = (point.tangent[load], point.tangent[load + 1]);
        let cusp = before.is_some_and(|last| last.0 * now.0 + last.1 * now.1 < 0.0);
        before = Some(now);
        cusp || point.x[load] < SMALLEST_LOAD || point.x[0] < 1e-3 || point.x[load] > 10.0
    }
}

/// One run out of two that leave a point in opposite directions.
fn joined(mut backwards: Vec<Waypoint>, forwards: Vec<Waypoint>) -> Vec<Waypoint> {
    backwards.reverse();
    backwards.pop();
    for point in &mut backwards {
        point.tangent.neg_mut();
    }
    backwards.extend(forwards);
    backwards
}

/// Models without memories: freezing in zero field and the de Almeida–Thouless line T_AT(h).
fn without_memories(model: &Model, request: &PhaseRequest) -> Result<PhaseRecord, TheoryError> {
    let point = |field: f64, temperature: f64| LinePoint {
        alpha: None,
        field: Some(field),
        temperature,
        ln_temperature: None,
        m: None,
    };
    if request.alphas.is_some() {
        model.check_load(mattis_model::Load::Extensive(0.1))?;
    }
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
            points.extend(almeida_thouless_temperature(model, field)?.map(|temperature| point(field, temperature)));
        }
    }
    lines.push(Line { name: "almeida_thouless".into(), points });
    Ok(PhaseRecord { model: model.clone(), lines, special: Vec::new() })
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
