//! Every kind of mark on awkward data, in both formats.

use mattis_figures::{
    Annotation, Axis, Color, Dash, ErrorPoint, Figure, FigureError, LegendPlace, Marker, MarkerShape, Plot,
    Series,
};

const AWKWARD: [f64; 11] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1e300, 1e-320, -0.0, 0.0, 1.0, 1.0, -3.5];

fn axes(title: &str) -> Plot {
    Plot::new(title, Axis::new("load α"), Axis::new("⟨m⟩")).size(320, 240)
}

/// Width, height and pixels (three bytes each) of a PNG.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG header");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a PNG frame");
    (info.width, info.height, pixels)
}

fn count(bytes: &[u8], color: Color) -> usize {
    let wanted = [color.red, color.green, color.blue];
    decoded(bytes).2.chunks_exact(3).filter(|pixel| *pixel == wanted).count()
}

/// Checks that tags nest and attributes are quoted; enough to catch a broken writer.
fn assert_balanced(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<'), "{tag}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a tag has a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for wrong in ["NaN", "inf", "script", "href", "url("] {
        assert!(!svg.contains(wrong), "{wrong}");
    }
}

fn assert_draws(plot: &Plot) {
    assert_balanced(&plot.to_svg().expect("SVG"));
    let (width, height, pixels) = decoded(&plot.to_png().expect("PNG"));
    assert_eq!((width, height), (2 * plot.width, 2 * plot.height));
    assert!(pixels.iter().any(|part| *part < 100), "blank");
    // Nothing is cut at the edge of the paper.
    let row = width as usize * 3;
    assert!(pixels[..row].iter().chain(&pixels[pixels.len() - row..]).all(|part| *part == 255));
    for line in pixels.chunks_exact(row) {
        assert!(line[..3].iter().chain(&line[row - 3..]).all(|part| *part == 255));
    }
}

#[test]
fn awkward_data_draw_in_both_formats() {
    let pairs: Vec<_> = AWKWARD.iter().flat_map(|&x| AWKWARD.iter().map(move |&y| (x, y))).collect();
    let bars = pairs.iter().map(|&(x, y)| ErrorPoint { x, y, error: Some(y) }).collect();
    let bands = pairs.iter().map(|&(x, y)| (x, y, x)).collect();
    let every = [
        Series::line("line", pairs.clone()).dash(Dash::Dashed).width(f64::NAN),
        Series::points("points", pairs.clone()).marker(Marker { radius: f64::INFINITY, ..Marker::default() }),
        Series::points_with_errors("bars", bars),
        Series::region("region", pairs.clone()),
        Series::band("band", bands),
        Series::horizontal_band("level", f64::NAN, 1.0),
        Series::vertical("v", f64::INFINITY),
        Series::horizontal("h", f64::NAN),
    ];
    for series in every {
        assert_draws(&axes("one").with(series.clone()));
        let logarithmic = Plot::new("log", Axis::new("x").log(), Axis::new("y").log()).size(320, 240);
        assert_draws(&logarithmic.with(series.clone()));
        let given = Plot::new("given", Axis::new("x").range(0.0, 1.0), Axis::new("y").range(-1.0, 1.0));
        assert_draws(&given.size(320, 240).with(series));
    }
}

#[test]
fn little_data_draw() {
    assert_draws(&axes("nothing"));
    assert_draws(&axes("empty").with(Series::line("", vec![])));
    assert_draws(&axes("single").with(Series::line("a", vec![(0.1, 1e-9)])));
    assert_draws(&axes("equal").with(Series::line("a", vec![(0.1, 0.5); 3])));
    assert_draws(&axes("tiny").with(Series::points("a", vec![(1e-300, 1e-200), (2e-300, 3e-200)])));
}

#[test]
fn labels_stand_in_the_svg_and_are_escaped() {
    let plot = axes("A < B & \"C\"")
        .with(Series::line("T_{M}", vec![(0.0, 0.0), (1.0, 1.0)]))
        .with(Series::points("N = 1000", vec![(0.5, 0.25)]).names(vec!["sample <7>".to_owned()]))
        .annotate(Annotation::region(0.5, 0.5, "retrieval"));
    let svg = plot.to_svg().expect("SVG");
    assert_balanced(&svg);
    for words in [
        "A &lt; B &amp; &quot;C&quot;",
        ">load α<",
        ">⟨m⟩<",
        ">T<",
        ">M<",
        ">N = 1000<",
        ">retrieval<",
        "<title>sample &lt;7&gt; (0.5, 0.25)</title>",
        "font-family=\"DejaVu Sans,",
    ] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn a_legend_appears_from_two_labels_on() {
    let one = axes("").with(Series::line("first", vec![(0.0, 0.0), (1.0, 1.0)]));
    assert!(!one.to_svg().expect("SVG").contains(">first<"));
    let mut two = one.clone().with(Series::line("second", vec![(0.0, 1.0), (1.0, 0.0)]).dash(Dash::Dashed));
    let svg = two.to_svg().expect("SVG");
    assert!(svg.contains(">first<") && svg.contains(">second<"));
    assert_eq!(svg.matches("stroke-dasharray").count(), 2, "the curve and its sample in the legend");
    two.legend = LegendPlace::Hidden;
    assert!(!two.to_svg().expect("SVG").contains(">first<"));
    let unlabelled = one.with(Series::line("", vec![(0.0, 1.0), (1.0, 0.0)]));
    assert!(!unlabelled.to_svg().expect("SVG").contains(">first<"));
}

#[test]
fn a_legend_hides_no_data() {
    // Points everywhere: no corner is free, so as many coloured pixels show with a legend as without.
    let points: Vec<_> = (0..400).map(|k| (f64::from(k % 20), f64::from(k / 20))).collect();
    let mut plot = Plot::new("", Axis::new("x"), Axis::new("y"))
        .with(Series::points("everywhere", points).color(Color::BLUE))
        .with(Series::line("somewhere", vec![(0.0, 0.0), (1.0, 1.0)]).color(Color::VERMILLION));
    let svg = plot.to_svg().expect("SVG");
    assert_eq!(svg.matches("<title>").count(), 400);
    let with = count(&plot.to_png().expect("PNG"), Color::BLUE);
    plot.legend = LegendPlace::Hidden;
    let without = count(&plot.to_png().expect("PNG"), Color::BLUE);
    assert!(with > without, "{with} {without}");
}

#[test]
fn a_broken_line_is_two_lines() {
    let hole = vec![(0.0, 0.0), (1.0, 1.0), (2.0, f64::NAN), (3.0, 1.0), (4.0, 0.0)];
    let plot = axes("").with(Series::line("", hole).color(Color::ORANGE));
    assert_eq!(
        plot.to_svg().expect("SVG").matches(&format!("stroke=\"{}\"", Color::ORANGE.hex())).count(),
        2
    );
}

#[test]
fn log_axes_show_powers_of_ten() {
    let points = vec![(1e-6, 1.0), (1e6, 1e3)];
    let plot = Plot::new("", Axis::new("x").log(), Axis::new("y").log()).with(Series::line("", points));
    let svg = plot.to_svg().expect("SVG");
    assert!(svg.contains(">10<") && svg.contains(">−6<") && svg.contains(">1000<"));
}

#[test]
fn colours_reach_the_bitmap() {
    let square = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let marker = Marker { radius: 20.0, ..Marker::filled(MarkerShape::Square) };
    let plot = axes("")
        .with(Series::region("", square).color(Color::GREEN))
        .with(Series::points("", vec![(0.5, 0.5)]).marker(marker).color(Color::PURPLE));
    let png = plot.to_png().expect("PNG");
    assert!(count(&png, Color::GREEN.tint(0.18)) > 50_000);
    let purple = count(&png, Color::PURPLE);
    // 36 logical pixels wide, less half of its white edge on each side, at two pixels each.
    assert!((66 * 66..=73 * 73).contains(&purple), "{purple}");
}

#[test]
fn pictures_do_not_depend_on_the_run() {
    let plot = axes("same").with(Series::line("a", vec![(0.0, 0.0), (1.0, 1.0)]));
    assert_eq!(plot.to_svg().expect("SVG"), plot.to_svg().expect("SVG"));
    assert_eq!(plot.to_png().expect("PNG"), plot.to_png().expect("PNG"));
}

#[test]
fn stacked_plots_share_their_frames() {
    let narrow = axes("upper").with(Series::line("", vec![(0.0, 0.0), (1.0, 1.0)]));
    let wide = axes("lower").with(Series::line("", vec![(0.0, 1000.5), (1.0, 1001.5)]));
    let figure = Figure::new(vec![narrow, wide]);
    let svg = figure.to_svg().expect("SVG");
    assert_balanced(&svg);
    let lefts: Vec<_> = svg
        .lines()
        .filter(|line| line.starts_with("<polyline"))
        .filter_map(|line| line.split('"').nth(1))
        .filter(|points| points.split(' ').count() == 6)
        .filter_map(|points| points.split(',').next())
        .collect();
    assert_eq!(lefts.len(), 2);
    assert_eq!(lefts[0], lefts[1]);
    assert_eq!(decoded(&figure.to_png().expect("PNG")).1, 960);
    assert!(Figure::default().to_png().is_ok());
}

#[test]
fn impossible_plots_are_errors() {
    let mut plot = axes("");
    plot.x = plot.x.range(1.0, 0.0);
    assert!(matches!(plot.to_svg(), Err(FigureError::Range { low, high, .. }) if low == 1.0 && high == 0.0));
    plot.x = Axis::new("").log().range(0.0, 1.0);
    assert!(matches!(plot.to_png(), Err(FigureError::LogRange { .. })));
    assert!(matches!(axes("").size(40, 30).to_svg(), Err(FigureError::Size { .. })));
    assert!(matches!(axes("").size(u32::MAX, u32::MAX).to_png(), Err(FigureError::Size { .. })));
    let tall = Figure::new(vec![axes("").size(10, u32::MAX); 3]);
    assert!(matches!(tall.to_svg(), Err(FigureError::Size { .. })));
}

#[test]
fn files_are_written_whole_and_named() {
    let directory = std::env::temp_dir().join(format!("mattis-figures-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let paths = axes("file").write(&directory, "overlap").expect("files");
    assert_eq!(paths, [directory.join("overlap.svg"), directory.join("overlap.png")]);
    decoded(&std::fs::read(&paths[1]).expect("a PNG"));
    assert_eq!(std::fs::read_dir(&directory).expect("a listing").count(), 2, "nothing is left over");
    assert!(matches!(axes("").write(&directory, "../up"), Err(FigureError::Stem { .. })));
    assert!(matches!(axes("").write(&directory, ""), Err(FigureError::Stem { .. })));
    assert!(matches!(axes("").write(&directory.join("absent"), "a"), Err(FigureError::Write { .. })));
    std::fs::remove_dir_all(&directory).expect("cleaned");
}
