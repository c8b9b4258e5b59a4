//! Extremely diluted networks, Derrida, Gardner and Zippelius (1987).

use std::collections::BTreeMap;

use mattis_figures::{Axis, Color, Dash, ErrorPoint, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::record::{
    FixedOverlap, FlowPoint, FlowRecord, SolvePoint, SolveRecord, StateKind, Trajectory,
};
use mattis_model::{Control, Model, SpecError, Update};
use mattis_theory::{Guess, OverlapMap, PhaseRequest, TheoryError, phase_diagram, predict};

use super::{Check, Effort, Recipe, Request};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "dgz1987-overlap",
    shows: "A network with few inputs per unit. From above: the overlap with the memory against the load at T = 0 and T = 0.3, with \
            simulations of C = √N inputs per unit; the map that gives the next overlap under parallel updates at T = 0; overlaps \
            after each sweep from 0.2 at α = 0.5, parallel (points) and sequential (lines); the temperature below which memories \
            are retrieved. The overlap vanishes continuously at α_c = 2/π; networks with C/N > 0 lie below near it, where 1/(1 − χ)² \
            amplifies C/N.",
    source: "Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987)",
    request,
    experiments: None,
    solve,
    checks,
    draw,
};

/// Temperatures of the overlap.
const TEMPERATURES: [f64; 2] = [0.0, 0.3];
/// Loads of the map and of the trajectories.
const LOADS: [f64; 4] = [0.1, 0.3, 0.5, 0.8];
/// Sweeps that are followed.
const STEPS: usize = 30;

fn model() -> Result<Model, SpecError> {
    Ok(Model { connectivity: "extreme".parse()?, ..Model::hopfield() })
}

fn request(effort: Effort) -> Option<Request> {
    let (neurons, samples) = match effort {
        Effort::Quick => (vec![2500], 4),
        Effort::Normal => (vec![2500, 10_000, 22_500], 4),
        Effort::Full => (vec![2500, 10_000, 40_000, 160_000], 16),
    };
    let loads = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    let controls = TEMPERATURES.iter().flat_map(|t| loads.iter().map(|alpha| Control::new(*alpha, *t)));
    Some(Request {
        model: model().ok()?,
        controls: controls.collect(),
        neurons,
        samples,
        sweeps: 10,
        burn_in: 20,
        updates: vec![Update::neutral()],
        start: None,
    })
}

/// The motion of the overlap at one load, T = 0.
fn motion(model: &Model, alpha: f64) -> Result<FlowPoint, TheoryError> {
    let map = OverlapMap::new(model, Control::new(alpha, 0.0))?;
    let times: Vec<f64> = (0..=STEPS).map(|t| t as f64).collect();
    let trajectories = vec![
        Trajectory { update: "parallel".into(), m: map.parallel(0.2, STEPS) },
        Trajectory { update: "sequential".into(), m: map.sequential(0.2, &times) },
    ];
    let fixed = map.fixed_points();
    Ok(FlowPoint {
        alpha,
        temperature: 0.0,
        trajectories,
        fixed_points: fixed
            .iter()
            .map(|found| FixedOverlap { m: found.m, slope: found.slope, stable: found.is_stable() })
            .collect(),
        map: (0..=100).map(|i| 0.01 * f64::from(i)).map(|m| (m, map.value(m))).collect(),
    })
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let model = model()?;
    let count = if effort == Effort::Quick { 40 } else { 120 };
    let mut loads: Vec<f64> = (1..=count).map(|i| 0.64 * f64::from(i) / f64::from(count)).collect();
    loads.extend([0.1, 0.2, 0.3, 0.4, 0.5, 0.56, 0.5645, 0.565, 0.6, 0.6365]);
    loads.sort_by(f64::total_cmp);
    loads.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
    let mut points = Vec::new();
    for temperature in TEMPERATURES {
        for alpha in &loads {
            let states = match predict(&model, Control::new(*alpha, temperature), Guess::Retrieval) {
                Ok(state) => vec![state],
                Err(TheoryError::NoSuchState { .. }) => Vec::new(),
                Err(error) => return Err(error),
            };
            points.push(SolvePoint { alpha: Some(*alpha), count: None, temperature, states });
        }
    }
    let request = PhaseRequest { alphas: Some(loads), temperatures: None };
    let flow = LOADS.iter().map(|alpha| motion(&model, *alpha)).collect::<Result<_, _>>()?;
    Ok(Records {
        phase: Some(phase_diagram(&model, &request)?),
        solve: Some(SolveRecord { model: model.clone(), points }),
        flow: vec![FlowRecord { model, points: flow }],
        ..Records::default()
    })
}

/// The overlap of a solved point, 0 where nothing is retrieved.
fn overlap(point: &SolvePoint) -> f64 {
    let retrieval = point.states.iter().find(|state| state.kind == StateKind::Retrieval);
    retrieval.and_then(|state| state.m.first().copied()).unwrap_or(0.0)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn checks(records: &Records) -> Vec<Check> {
    const DGZ: &str = "Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987)";
    const EQUATIONS: &str = "m = E tanh((m + √α z)/T), solved independently";
    let solved = |alpha: f64, temperature: f64| {
        let points = records.solve.iter().flat_map(|record| &record.points);
        let mut found =
            points.filter(|p| p.alpha.is_some_and(|a| near(a, alpha)) && p.temperature == temperature);
        found.next().map(overlap)
    };
    let alpha_c = records.phase.iter().flat_map(|phase| &phase.special).find(|point| point.name == "alpha_c");
    let line = |alpha: f64| {
        let lines = records.phase.iter().flat_map(|phase| &phase.lines);
        let mut points = lines.flat_map(|line| &line.points);
        points.find(|point| point.alpha.is_some_and(|a| near(a, alpha))).map(|point| point.temperature)
    };
    let after = |update: &str, t: usize| {
        let points = records.flow.iter().flat_map(|record| &record.points);
        let mut found = points.filter(|point| near(point.alpha, 0.5)).flat_map(|point| &point.trajectories);
        found.find(|trajectory| trajectory.update == update)?.m.get(t).copied()
    };
    let mut checks = vec![Check::new(
        "α_c(T = 0) = 2/π",
        alpha_c.map(|point| point.alpha),
        std::f64::consts::FRAC_2_PI,
        1e-12,
        DGZ,
    )];
    for (alpha, temperature, m) in [
        (0.1, 0.0, 0.998_407_304_083_03),
        (0.3, 0.0, 0.899_440_153_662_201),
        (0.5, 0.0, 0.617_446_879_080_607),
        (0.6, 0.0, 0.328_517_844_538_511),
        (0.1, 0.3, 0.979_005_479_942_883),
        (0.3, 0.3, 0.822_121_676_849_373),
        (0.5, 0.3, 0.434_271_502_199_77),
    ] {
        checks.push(Check::new(
            &format!("m(α = {alpha}, T = {temperature})"),
            solved(alpha, temperature),
            m,
            1e-11,
            EQUATIONS,
        ));
    }
    let amplitude = solved(0.6365, 0.0).map(|m| m * m / (1.0 - 0.6365 / std::f64::consts::FRAC_2_PI));
    checks.push(Check::new(
        "m²/(1 − α/α_c) next to α_c: 6/π",
        amplitude,
        6.0 / std::f64::consts::PI,
        1e-3,
        DGZ,
    ));
    for (alpha, temperature) in
        [(0.1, 0.899_420_274_8), (0.3, 0.685_379_615_8), (0.5, 0.419_861_129_8), (0.6, 0.212_788_649_8)]
    {
        checks.push(Check::new(&format!("T_c(α = {alpha})"), line(alpha), temperature, 1e-9, EQUATIONS));
    }
    for (update, t, m) in [
        ("parallel", 1, 0.222_702_589_210_478),
        ("parallel", 3, 0.273_355_897_656_634),
        ("sequential", 1, 0.223_643_449_379_55),
        ("sequential", 3, 0.276_095_722_731_788),
    ] {
        checks.push(Check::new(
            &format!("m after {t} sweeps, {update}, α = 0.5"),
            after(update, t),
            m,
            1e-11,
            EQUATIONS,
        ));
    }
    // What C inputs leave of the limit is of order 1/C.
    let measured = records.simulation.iter().flat_map(|record| &record.points);
    let largest = measured
        .filter(|point| point.alpha_requested.is_some_and(|a| near(a, 0.2)) && point.temperature == 0.0)
        .max_by_key(|point| point.neurons);
    if let (Some(point), Some(predicted)) = (largest, solved(0.2, 0.0)) {
        let m = point.observable("m").and_then(|m| m.value);
        let tolerance = 4.0 / (point.neurons as f64).sqrt();
        checks.push(Check::new(
            &format!("simulated m at α = 0.2, N = {}", point.neurons),
            m,
            predicted,
            tolerance,
            "the map",
        ));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    Figure::new(vec![overlaps(records), maps(records), motions(records), boundary(records)])
}

fn overlaps(records: &Records) -> Plot {
    let mut plot = Plot::new("Extreme dilution", Axis::new("load α = p/C"), Axis::new("overlap m"));
    for (k, temperature) in TEMPERATURES.iter().enumerate() {
        let points = records.solve.iter().flat_map(|record| &record.points);
        let points = points.filter(|point| point.temperature == *temperature);
        let line = points.filter_map(|point| Some((point.alpha?, overlap(point)))).collect();
        let label = format!("theory, T = {temperature}");
        plot = plot.with(Series::line(&label, line).color(PALETTE[k]).width(2.2));
    }
    let shapes = [MarkerShape::Triangle, MarkerShape::Square, MarkerShape::Circle, MarkerShape::Diamond];
    let mut sizes: BTreeMap<usize, Vec<(f64, ErrorPoint)>> = BTreeMap::new();
    for point in records.simulation.iter().flat_map(|record| &record.points) {
        let measured = point.observable("m").and_then(|m| Some((m.value?, m.error)));
        if let (Some(x), Some((y, error))) = (point.alpha, measured) {
            sizes.entry(point.neurons).or_default().push((point.temperature, ErrorPoint { x, y, error }));
        }
    }
    for (shape, (neurons, points)) in sizes.into_iter().enumerate() {
        for (k, temperature) in TEMPERATURES.iter().enumerate() {
            let own = points.iter().filter(|(t, _)| t == temperature).map(|(_, point)| *point).collect();
            let label = if k == 0 {
                format!("N = {neurons}, C = {:.0}", (neurons as f64).sqrt())
            } else {
                String::new()
            };
            let marker = Marker::filled(shapes[shape % shapes.len()]);
            plot = plot.with(Series::points_with_errors(&label, own).marker(marker).color(PALETTE[k]));
        }
    }
    plot.x = plot.x.range(0.0, 0.66);
    plot.y = plot.y.range(0.0, 1.03);
    plot
}

fn flow(records: &Records) -> impl Iterator<Item = &FlowPoint> {
    records.flow.iter().flat_map(|record| &record.points)
}

fn maps(records: &Records) -> Plot {
    let mut plot = Plot::new("", Axis::new("overlap m"), Axis::new("next overlap f(m)")).size(720, 380);
    plot = plot.with(Series::line("", vec![(0.0, 0.0), (1.0, 1.0)]).color(Color::GREY).dash(Dash::Dotted));
    for (k, point) in flow(records).enumerate() {
        let label = format!("α = {}", point.alpha);
        let color = PALETTE[k % PALETTE.len()];
        plot = plot.with(Series::line(&label, point.map.clone()).color(color).width(2.0));
        let stays =
            point.fixed_points.iter().filter(|fixed| fixed.stable).map(|fixed| (fixed.m, fixed.m)).collect();
        plot = plot.with(Series::points("", stays).marker(Marker::filled(MarkerShape::Circle)).color(color));
    }
    plot.x = plot.x.range(0.0, 1.0);
    plot.y = plot.y.range(0.0, 1.03);
    plot
}

fn motions(records: &Records) -> Plot {
    let mut plot = Plot::new("", Axis::new("sweeps"), Axis::new("overlap m")).size(720, 300);
    for (k, point) in flow(records).enumerate() {
        for trajectory in &point.trajectories {
            let points: Vec<(f64, f64)> =
                trajectory.m.iter().enumerate().map(|(t, m)| (t as f64, *m)).collect();
            let color = PALETTE[k % PALETTE.len()];
            let series = if trajectory.update == "parallel" {
                Series::points("", points).marker(Marker::filled(MarkerShape::Circle))
            } else {
                Series::line(&format!("α = {}", point.alpha), points)
            };
            plot = plot.with(series.color(color));
        }
    }
    plot.y = plot.y.range(0.0, 1.03);
    plot
}

fn boundary(records: &Records) -> Plot {
    let mut plot = Plot::new("", Axis::new("load α = p/C"), Axis::new("temperature T")).size(720, 300);
    let lines = records.phase.iter().flat_map(|phase| &phase.lines);
    let mut points: Vec<(f64, f64)> = lines
        .flat_map(|line| &line.points)
        .filter_map(|point| Some((point.alpha?, point.temperature)))
        .collect();
    points.extend([(0.0, 1.0), (std::f64::consts::FRAC_2_PI, 0.0)]);
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    plot = plot.with(Series::line("retrieval ends", points).color(Color::BLACK).width(2.2));
    plot.x = plot.x.range(0.0, 0.66);
    plot.y = plot.y.range(0.0, 1.03);
    plot
}
