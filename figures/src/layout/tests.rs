//! Words stay on the paper and apart from each other.

use super::*;
use crate::scene::{Align, Shape, Text};
use crate::{Annotation, Axis, Series};

fn boxed(text: &Text, face: &Typeface) -> Rect {
    let full = face.width(&text.words, text.size);
    let start = match text.align {
        Align::Start => 0.0,
        Align::Middle => -full / 2.0,
        Align::End => -full,
    };
    let (x, y) = text.at;
    let (up, down) = (0.73 * text.size, 0.2 * text.size);
    if text.upward {
        Rect { left: x - up, top: y - start - full, right: x + down, bottom: y - start }
    } else {
        Rect { left: x + start, top: y - up, right: x + start + full, bottom: y + down }
    }
}

fn assert_words_are_apart(plot: &Plot) {
    let face = Typeface::bundled().expect("the font is in the crate");
    let scene = scene(&[plot]).expect("a scene");
    let paper = Rect { left: 0.0, top: 0.0, right: f64::from(plot.width), bottom: f64::from(plot.height) };
    let mut before: Vec<(Rect, String)> = Vec::new();
    for shape in &scene.shapes {
        let Shape::Text(text) = shape else { continue };
        if text.words.is_empty() {
            continue;
        }
        let area = boxed(text, face);
        let whole = area.width() * area.height();
        assert!(
            (area.overlap(&paper) - whole).abs() < 1e-6,
            "{:?} leaves the paper of {}",
            text.words,
            plot.title
        );
        for (other, words) in &before {
            assert!(area.overlap(other) <= 0.0, "{:?} touches {words:?} in {}", text.words, plot.title);
        }
        before.push((area, text.words.clone()));
    }
}

fn through(points: &[(f64, f64)]) -> Plot {
    let (x, y) = (Axis::new("load α"), Axis::new("free energy f"));
    Plot::new("Words", x, y)
        .with(Series::line("a branch", points.to_vec()))
        .with(Series::line("another", vec![]))
}

#[test]
fn words_of_many_ranges_are_apart() {
    for scale in [1e-300, 1e-7, 1e-3, 1.0, 123.456, 1e5, 1e12, 1e299] {
        for offset in [-1.0, 0.0, 1.0, 1000.0] {
            let points =
                [(offset * scale, -offset * scale), ((offset + 1.0) * scale, (3.0 - offset) * scale)];
            for (width, height) in [(720, 480), (360, 240), (1200, 300)] {
                assert_words_are_apart(&through(&points).size(width, height));
            }
        }
    }
}

#[test]
fn words_of_log_axes_are_apart() {
    for (low, high) in [(1.0, 1.5), (1.0, 8.0), (0.02, 3.0), (1e-3, 1e3), (1e-9, 1e-2), (1e-290, 1e290)] {
        let mut plot = through(&[(low, low), (high, high)]);
        plot.x = plot.x.log();
        plot.y = plot.y.log();
        assert_words_are_apart(&plot);
    }
}

#[test]
fn names_of_near_points_are_apart() {
    let mut plot = through(&[(0.0, 1.0), (0.14, 0.0)]);
    plot.x = plot.x.range(0.0, 0.16);
    for (k, name) in ["α_{c} = 0.1379", "α_{max} = 0.1382", "T_{R} meets T_{M}"].into_iter().enumerate() {
        let (x, y) = (0.1379 + 0.0001 * k as f64, 0.02 * k as f64);
        plot = plot.annotate(Annotation::point(x, y, name));
    }
    assert_words_are_apart(&plot);
}

#[test]
fn named_rows_are_apart() {
    for rows in [1, 2, 5, 20] {
        let named = (0..rows).map(|k| (f64::from(k), format!("α=0.0{k} T=0.3 seq m"))).collect();
        let mut plot = through(&[(0.0, 0.0), (f64::from(rows - 1), 1.0)]);
        plot.x = Axis::new("").named(named);
        assert_words_are_apart(&plot);
    }
}

#[test]
fn twenty_pixels_are_free_right_of_the_axes() {
    let plot = through(&[(0.0, 0.0), (1.0, 1.0)]);
    let axes = measure(
        &plot,
        Rect { left: 0.0, top: 0.0, right: 720.0, bottom: 480.0 },
        Typeface::bundled().expect("it"),
    );
    assert!(axes.expect("measured").axes.margins.right >= 20.0);
}
