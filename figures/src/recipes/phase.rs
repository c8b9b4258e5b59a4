//! The phase diagram.

use mattis_model::record::{ComparisonRecord, Line, LinePoint, PhaseRecord};

use super::control::{VERDICTS, digits, severity, verdict_series};
use crate::{Annotation, Axis, Color, Dash, Marker, MarkerShape, PALETTE, Plot, Series};

/// Draws the boundaries of a phase record, its special points and, where a comparison is given, the
/// control points that were simulated, marked by what the comparison says of them.
///
/// The axes show where memories are retrieved; the spin-glass line runs out of the picture.
pub fn phase_diagram(phases: &PhaseRecord, comparison: Option<&ComparisonRecord>) -> Plot {
    let abscissa = Abscissa::of(phases);
    let simulated = comparison.map_or_else(Vec::new, |record| simulated_points(record, abscissa));
    let (width, height) = focus(phases, &simulated, abscissa);
    let x = Axis::new(abscissa.label()).range(0.0, width);
    let y = Axis::new("temperature T").range(0.0, height);
    let mut plot = Plot::new("Phase diagram", x, y);
    let mut spare = PALETTE.iter().cycle();
    for line in &phases.lines {
        plot = plot.with(boundary(line, abscissa, width, || spare.next().copied().unwrap_or(Color::BLACK)));
    }
    for verdict in VERDICTS {
        let found: Vec<_> = simulated.iter().filter(|point| point.severity == severity(verdict)).collect();
        if !found.is_empty() {
            let label = ["simulation agrees", "inconclusive", "simulation disagrees"][severity(verdict)];
            let places = found.iter().map(|point| (point.x, point.temperature)).collect();
            let names = found.iter().map(|point| format!("{label}, {}", point.summary)).collect();
            plot = plot.with(verdict_series(verdict, label, places, names));
        }
    }
    if abscissa == Abscissa::Load {
        plot = special_points(plot, phases);
    }
    plot
}

/// What the lines of a record run along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Abscissa {
    Load,
    Field,
}

impl Abscissa {
    fn of(phases: &PhaseRecord) -> Self {
        let mut points = phases.lines.iter().flat_map(|line| &line.points);
        let field = points.clone().any(|point| point.field.is_some());
        if field && points.all(|point| point.alpha.is_none()) { Self::Field } else { Self::Load }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Load => "load α",
            Self::Field => "field h",
        }
    }

    fn value(self, point: &LinePoint) -> Option<f64> {
        match self {
            Self::Load => point.alpha,
            Self::Field => point.field,
        }
    }
}

/// A control point with the worst verdict of its rows.
struct Simulated {
    x: f64,
    temperature: f64,
    severity: usize,
    summary: String,
    worst: f64,
}

fn simulated_points(record: &ComparisonRecord, abscissa: Abscissa) -> Vec<Simulated> {
    let mut found: Vec<Simulated> = Vec::new();
    for row in &record.rows {
        let Some(x) = row.alpha.filter(|_| abscissa == Abscissa::Load) else { continue };
        let worst = row.z.filter(|z| z.is_finite()).map_or(0.0, f64::abs);
        let same = |point: &&mut Simulated| point.x == x && point.temperature == row.temperature;
        let severity = severity(row.verdict);
        if let Some(point) = found.iter_mut().find(same) {
            point.severity = point.severity.max(severity);
            point.worst = point.worst.max(worst);
        } else {
            let temperature = row.temperature;
            found.push(Simulated { x, temperature, severity, summary: String::new(), worst });
        }
    }
    for point in &mut found {
        point.summary = format!("largest |z| {:.1}", point.worst);
    }
    found
}

/// Ends of the axes: all lines but the spin-glass line, which has no end, and all points.
fn focus(phases: &PhaseRecord, simulated: &[Simulated], abscissa: Abscissa) -> (f64, f64) {
    let ends = |lines: &mut dyn Iterator<Item = &Line>| {
        let points = lines.flat_map(|line| &line.points);
        points.fold((0.0_f64, 0.0_f64), |(x, y), point| {
            (x.max(finite(abscissa.value(point))), y.max(finite(Some(point.temperature))))
        })
    };
    let (mut x, mut y) = ends(&mut phases.lines.iter().filter(|line| line.name != "spin_glass"));
    for special in phases.special.iter().filter(|_| abscissa == Abscissa::Load) {
        (x, y) = (x.max(finite(Some(special.alpha))), y.max(finite(Some(special.temperature))));
    }
    for point in simulated {
        (x, y) = (x.max(finite(Some(point.x))), y.max(finite(Some(point.temperature))));
    }
    let all = ends(&mut phases.lines.iter());
    let or_all = |focus: f64, all: f64| match (focus > 0.0, all > 0.0) {
        (true, _) => focus,
        (false, true) => all,
        (false, false) => 1.0,
    };
    (round_up(1.15 * or_all(x, all.0)), round_up(1.2 * or_all(y, all.1)))
}

/// The next number of two digits.
fn round_up(value: f64) -> f64 {
    let unit = 10.0_f64.powf(value.log10().floor() - 1.0);
    (value / unit - 1e-9).ceil() * unit
}

fn finite(value: Option<f64>) -> f64 {
    value.filter(|value| value.is_finite()).unwrap_or(0.0)
}

fn boundary(line: &Line, abscissa: Abscissa, width: f64, spare: impl FnOnce() -> Color) -> Series {
    let alone = line.points.iter().all(|point| abscissa.value(point).is_none());
    let points: Vec<(f64, f64)> = match line.points.first() {
        // A boundary without an abscissa does not depend on it.
        Some(point) if alone => vec![(0.0, point.temperature), (width, point.temperature)],
        _ => line
            .points
            .iter()
            .map(|point| (abscissa.value(point).unwrap_or(f64::NAN), point.temperature))
            .collect(),
    };
    let series = Series::line(&line_name(&line.name), points);
    match line.name.as_str() {
        "retrieval_spinodal" => series.color(Color::BLUE).width(2.2),
        "first_order" => series.color(Color::VERMILLION).dash(Dash::Dashed),
        "spin_glass" => series.color(Color::BLACK).dash(Dash::DashDotted).width(1.5),
        "retrieval_at" => series.color(Color::PURPLE).dash(Dash::Dotted).width(2.0),
        "mixture_3" => series.color(Color::ORANGE).width(1.5),
        "mixture_5" => series.color(Color::SKY).width(1.5),
        "mixture_7" => series.color(Color::GREEN).width(1.5),
        _ => series.color(spare()).width(1.5),
    }
}

fn line_name(name: &str) -> String {
    match name {
        "retrieval_spinodal" => "retrieval T_{M}".to_owned(),
        "first_order" => "first order T_{c}".to_owned(),
        "spin_glass" => "spin glass T_{g}".to_owned(),
        "retrieval_at" => "AT line T_{R}".to_owned(),
        other => match other.strip_prefix("mixture_") {
            Some(count) => format!("{count}-mixtures"),
            None => other.replace('_', " "),
        },
    }
}

fn special_points(mut plot: Plot, phases: &PhaseRecord) -> Plot {
    if phases.special.is_empty() {
        return plot;
    }
    let places = phases.special.iter().map(|point| (point.alpha, point.temperature)).collect();
    let names = phases.special.iter().map(|point| special_name(&point.name)).collect();
    let marker = Marker { radius: 3.2, ..Marker::filled(MarkerShape::Circle) };
    plot = plot.with(Series::points("", places).marker(marker).color(Color::BLACK).names(names));
    for point in &phases.special {
        let name = special_name(&point.name);
        // The ends at T = 0 are what people look up; the others crowd around them and stay short.
        let text = if name.starts_with('α') && point.temperature == 0.0 {
            format!("{name} = {}", digits(point.alpha))
        } else {
            name
        };
        plot = plot.annotate(Annotation::point(point.alpha, point.temperature, &text));
    }
    plot
}

fn special_name(name: &str) -> String {
    match name {
        "at_meets_spinodal" => "T_{R} = T_{M}".to_owned(),
        other => match other.strip_prefix("alpha_") {
            Some(index) => format!("α_{{{index}}}"),
            None => other.replace('_', " "),
        },
    }
}
