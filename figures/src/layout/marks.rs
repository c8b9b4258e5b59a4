//! Series as shapes.

use super::view::View;
use crate::geometry::{Place, clip_line, clip_polygon, sampled};
use crate::scene::Scene;
use crate::series::{Dash, Mark, Marker, Stroke};
use crate::ticks::short_number;
use crate::{Color, ErrorPoint, PALETTE, Plot, Series};

/// How strongly an area is coloured.
const AREA: f64 = 0.18;
/// Half of the cap of an error bar.
const CAP: f64 = 3.5;
const BAR: Stroke = Stroke { dash: Dash::Solid, width: 1.3 };

/// The colour of each series: its own, or the next of the palette.
pub(super) fn colors(plot: &Plot) -> Vec<Color> {
    let mut turn = PALETTE.iter().cycle();
    plot.series
        .iter()
        .map(|series| series.color.unwrap_or_else(|| turn.next().copied().unwrap_or(Color::BLACK)))
        .collect()
}

/// What the series cover, so that words can stay away from it.
pub(super) type Ink = Vec<Place>;

pub(super) fn draw_areas(plot: &Plot, view: &View, scene: &mut Scene) {
    for (series, color) in plot.series.iter().zip(colors(plot)) {
        let fill = area_color(color);
        match &series.mark {
            Mark::Region { outline } => {
                let corners: Vec<Place> = outline.iter().filter_map(|&(x, y)| view.place(x, y)).collect();
                scene.fill(clip_polygon(&corners, &view.frame), fill);
            }
            Mark::Tile { outline } => {
                let corners: Vec<Place> = outline.iter().filter_map(|&(x, y)| view.place(x, y)).collect();
                scene.fill(clip_polygon(&corners, &view.frame), color);
            }
            Mark::Band { points } => draw_band(points, fill, view, scene),
            Mark::HorizontalBand { low, high } => {
                if let (Some(low), Some(high)) = (view.down(*low), view.down(*high)) {
                    let (left, right) = (view.frame.left, view.frame.right);
                    let corners = [(left, low), (right, low), (right, high), (left, high)];
                    scene.fill(clip_polygon(&corners, &view.frame), fill);
                }
            }
            _ => {}
        }
    }
}

/// The colour of an area of a series; opaque, so that formats agree.
pub(super) fn area_color(color: Color) -> Color {
    color.tint(AREA)
}

fn draw_band(points: &[(f64, f64, f64)], fill: Color, view: &View, scene: &mut Scene) {
    let known = |&(x, low, high): &(f64, f64, f64)| Some((view.place(x, low)?, view.place(x, high)?));
    for piece in points.split(|point| known(point).is_none()) {
        let (mut lower, mut upper): (Vec<Place>, Vec<Place>) = piece.iter().filter_map(known).unzip();
        upper.reverse();
        lower.append(&mut upper);
        scene.fill(clip_polygon(&lower, &view.frame), fill);
    }
}

pub(super) fn draw_lines(plot: &Plot, view: &View, scene: &mut Scene) -> Ink {
    let mut ink = Ink::new();
    for (series, color) in plot.series.iter().zip(colors(plot)) {
        let (path, stroke) = match &series.mark {
            Mark::Line { points, stroke } => {
                (points.iter().map(|&(x, y)| view.place(x, y)).collect::<Vec<_>>(), *stroke)
            }
            Mark::Vertical { x, stroke } => {
                let x = view.across(*x);
                (vec![x.map(|x| (x, view.frame.bottom)), x.map(|x| (x, view.frame.top))], *stroke)
            }
            Mark::Horizontal { y, stroke } => {
                let y = view.down(*y);
                (vec![y.map(|y| (view.frame.left, y)), y.map(|y| (view.frame.right, y))], *stroke)
            }
            _ => continue,
        };
        for piece in clip_line(&path, &view.frame) {
            ink.extend(sampled(&piece, 3.0));
            scene.line(piece, color, stroke);
        }
    }
    ink
}

pub(super) fn draw_points(plot: &Plot, view: &View, scene: &mut Scene) -> Ink {
    let mut ink = Ink::new();
    for (series, color) in plot.series.iter().zip(colors(plot)) {
        let (points, marker): (Vec<ErrorPoint>, Marker) = match &series.mark {
            Mark::Points { points, marker } => {
                (points.iter().map(|&(x, y)| ErrorPoint { x, y, error: None }).collect(), *marker)
            }
            Mark::PointsWithErrors { points, marker } => (points.clone(), *marker),
            _ => continue,
        };
        for point in &points {
            draw_bar(point, color, view, scene, &mut ink);
        }
        for (k, point) in points.iter().enumerate() {
            let Some(place) = view.inside(point.x, point.y) else { continue };
            scene.marker(place, marker, color);
            let reach = marker.drawn_radius();
            ink.extend([place, (place.0 - reach, place.1), (place.0 + reach, place.1)]);
            ink.extend([(place.0, place.1 - reach), (place.0, place.1 + reach)]);
            scene.hover(place, reach + 3.0, &hover(series, k, point));
        }
    }
    ink
}

fn draw_bar(point: &ErrorPoint, color: Color, view: &View, scene: &mut Scene, ink: &mut Ink) {
    let Some(error) = point.error.map(f64::abs).filter(|error| error.is_finite()) else { return };
    let Some(x) = view.across(point.x).filter(|x| *x >= view.frame.left && *x <= view.frame.right) else {
        return;
    };
    let (Some(middle), Some(top)) = (view.down(point.y), view.down(point.y + error)) else { return };
    // On a logarithmic axis a bar that reaches zero runs out of the frame.
    let bottom = view.down(point.y - error).unwrap_or(view.frame.bottom + 1.0);
    for piece in clip_line(&[Some((x, bottom)), Some((x, middle)), Some((x, top))], &view.frame) {
        ink.extend(sampled(&piece, 3.0));
        scene.line(piece, color, BAR);
    }
    for y in [bottom, top].into_iter().filter(|y| *y >= view.frame.top && *y <= view.frame.bottom) {
        scene.line(vec![(x - CAP, y), (x + CAP, y)], color, BAR);
    }
}

fn hover(series: &Series, k: usize, point: &ErrorPoint) -> String {
    let name = series.names.get(k).or(series.label.as_ref()).map_or("", String::as_str);
    let value = point.error.filter(|error| error.is_finite()).map_or_else(
        || short_number(point.y),
        |error| format!("{} ± {}", short_number(point.y), short_number(error.abs())),
    );
    let place = format!("({}, {value})", short_number(point.x));
    if name.is_empty() { place } else { format!("{name} {place}") }
}
