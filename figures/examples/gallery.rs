//! Draws made-up data with every feature, to be looked at: `cargo run -p mattis-figures --example gallery DIR`.

use std::path::PathBuf;

use mattis_figures::{
    Annotation, Axis, Color, Dash, ErrorPoint, Figure, FigureError, Marker, MarkerShape, Plot, Series,
};

fn main() -> Result<(), FigureError> {
    let directory = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
    features().write(&directory, "gallery-features")?;
    crowded().write(&directory, "gallery-crowded")?;
    logarithmic().write(&directory, "gallery-log")?;
    Figure::new(vec![tiny().size(640, 300), steps().size(640, 320)]).write(&directory, "gallery-stacked")?;
    rows().write(&directory, "gallery-rows")?;
    for (k, plot) in awkward().into_iter().enumerate() {
        plot.size(480, 320).write(&directory, &format!("gallery-awkward-{k}"))?;
    }
    Ok(())
}

fn curve(low: f64, high: f64, count: u32, f: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let at = |k: u32| low + (high - low) * f64::from(k) / f64::from(count);
    (0..=count).map(|k| (at(k), f(at(k)))).collect()
}

fn noisy(low: f64, high: f64, count: u32, error: f64, f: impl Fn(f64) -> f64) -> Vec<ErrorPoint> {
    let wobble = |k: u32| (f64::from(k) * 2.399).sin() * error;
    curve(low, high, count, f)
        .into_iter()
        .zip(0..)
        .map(|((x, y), k)| ErrorPoint { x, y: y + wobble(k), error: Some(error) })
        .collect()
}

fn features() -> Plot {
    let top = |x: f64| (1.0 - (x / 0.138).powi(2)).max(0.0).sqrt();
    let mut outline = curve(0.0, 0.138, 200, top);
    outline.push((0.0, 0.0));
    Plot::new("Every mark at once", Axis::new("load α = p/N"), Axis::new("temperature T").range(0.0, 1.2))
        .with(Series::region("retrieval", outline).color(Color::SKY))
        .with(Series::line("spinodal T_{M}", curve(0.0, 0.138, 200, top)))
        .with(
            Series::line("first order T_{c}", curve(0.0, 0.051, 200, |x| 1.0 - x / 0.051)).dash(Dash::Dashed),
        )
        .with(
            Series::line("spin glass T_{g}", curve(0.0, 0.16, 200, |x| 1.0 + x.sqrt()))
                .dash(Dash::DashDotted),
        )
        .with(Series::line("⟨m⟩ = ½", curve(0.0, 0.1, 200, |x| 0.3 - 3.0 * x)).dash(Dash::Dotted))
        .with(Series::points_with_errors("simulation", noisy(0.01, 0.12, 7, 0.03, |x| top(x) - 0.1)))
        .with(
            Series::points("disagree", vec![(0.02, 0.9), (0.05, 0.6)])
                .marker(Marker::filled(MarkerShape::Cross)),
        )
        .with(Series::points("", vec![(0.138, 0.0), (0.051, 0.0), (0.137, 0.03)]).color(Color::BLACK))
        .annotate(Annotation::region(0.025, 0.25, "retrieval"))
        .annotate(Annotation::region(0.12, 0.9, "spin glass"))
        .annotate(Annotation::point(0.138, 0.0, "α_{c}"))
        .annotate(Annotation::point(0.051, 0.0, "α_{1}"))
        .annotate(Annotation::point(0.137, 0.03, "α_{max}"))
}

fn crowded() -> Plot {
    let shapes = [
        MarkerShape::Circle,
        MarkerShape::Square,
        MarkerShape::Triangle,
        MarkerShape::Diamond,
        MarkerShape::Cross,
        MarkerShape::Star,
    ];
    let mut plot = Plot::new("Overlap at T = 0.3", Axis::new("load α"), Axis::new("overlap ⟨m⟩"));
    for (k, shape) in shapes.into_iter().enumerate() {
        let offset = k as f64 * 0.16;
        let f = move |x: f64| offset + 0.1 * (x * 60.0).sin();
        let marker = if k % 2 == 0 { Marker::filled(shape) } else { Marker::open(shape) };
        plot = plot.with(
            Series::points_with_errors(&format!("N = {}", 500 << k), noisy(0.0, 0.15, 11, 0.02, f))
                .marker(marker),
        );
    }
    plot
}

fn logarithmic() -> Plot {
    Plot::new("", Axis::new("size N").log(), Axis::new("1 − m").log())
        .with(Series::line("N^{−1}", curve(100.0, 1e4, 50, |x| 3.0 / x)).dash(Dash::Dashed))
        .with(Series::points_with_errors(
            "Δm",
            (0..6)
                .map(|k| {
                    let x = 150.0 * 2.0_f64.powi(k);
                    ErrorPoint { x, y: 3.0 / x, error: Some(0.0006 * f64::from(k + 1)) }
                })
                .collect(),
        ))
}

fn tiny() -> Plot {
    Plot::new("A common factor", Axis::new(""), Axis::new("χ")).with(Series::band(
        "one sigma",
        curve(0.0, 3e-5, 60, |x| x * 1e-3).into_iter().map(|(x, y)| (x, y * 0.9, y * 1.1 + 1e-9)).collect(),
    ))
}

fn steps() -> Plot {
    let holes =
        curve(0.0, 3e-5, 300, |x| if (1e-5..1.3e-5).contains(&x) { f64::NAN } else { (x * 1e6).sin() });
    Plot::new("", Axis::new("field h"), Axis::new("m"))
        .with(Series::line("with a hole", holes))
        .with(Series::horizontal("zero", 0.0).color(Color::GREY))
        .with(Series::vertical("h_{c}", 2e-5))
}

fn rows() -> Plot {
    let names = (0..14).map(|k| (f64::from(k), format!("α=0.{:02} T=0.3 seq m_max_other", 1 + k))).collect();
    let z = (0..14).map(|k| (f64::from(k), (f64::from(k) * 1.7).sin() * 2.0)).collect();
    Plot::new("Standardised differences", Axis::new("").named(names), Axis::new("z").including(-4.0, 4.0))
        .with(Series::horizontal_band("", -3.0, 3.0).color(Color::SKY.tint(0.5)))
        .with(Series::horizontal_band("", -1.0, 1.0).color(Color::SKY))
        .with(Series::points("z", z))
}

fn awkward() -> Vec<Plot> {
    let plot = |title: &str| Plot::new(title, Axis::new("x"), Axis::new("y"));
    vec![
        plot("nothing"),
        plot("one point").with(Series::points("a", vec![(3.0, 1e-7)])),
        plot("all equal").with(Series::line("a", vec![(1.0, 0.5), (2.0, 0.5), (3.0, 0.5)])),
        plot("huge").with(Series::line("a", vec![(-1e300, -1e300), (1e300, 1e299)])),
        plot("far from zero").with(Series::line("a", vec![(1e6, 1.000001), (1e6 + 1.0, 1.000002)])),
        plot("not a number").with(Series::points("a", vec![(f64::NAN, 1.0), (1.0, f64::INFINITY)])),
    ]
}
