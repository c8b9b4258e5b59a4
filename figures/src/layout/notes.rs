//! Words in a plot, beside their points and apart from the data.

use super::NOTE_SIZE;
use super::view::View;
use crate::font::{CAP_HEIGHT, DESCENT, Typeface};
use crate::geometry::{Place, Rect, sampled};
use crate::scene::{Align, Scene, Shape, Text};
use crate::series::{Dash, Stroke};
use crate::{Annotation, Color, Label, Plot};

/// Rounds in which each name may move once the others have their places.
const ROUNDS: usize = 3;

/// Distances from a point that are tried for its name.
const REACHES: [f64; 5] = [9.0, 22.0, 38.0, 56.0, 76.0];

/// Directions that are tried, the most usual first; y points downwards.
const DIRECTIONS: [(f64, f64); 12] = [
    (1.0, -1.0),
    (1.0, 0.0),
    (1.0, 1.0),
    (-1.0, -1.0),
    (-1.0, 0.0),
    (-1.0, 1.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.5, -1.0),
    (-0.5, -1.0),
    (0.5, 1.0),
    (-0.5, 1.0),
];

/// A name with its point and the place it has found.
struct Named<'a> {
    note: &'a Annotation,
    point: Place,
    area: Rect,
    /// A thin line joins a far name to its point.
    led: bool,
}

/// Draws annotations and adds what they cover to the ink.
pub(super) fn draw(plot: &Plot, view: &View, ink: &mut Vec<Place>, face: &Typeface, scene: &mut Scene) {
    let found = plot.annotations.iter().filter_map(|note| {
        let point = view.inside(note.x, note.y)?;
        let area = kept_inside(around(point, note, face), &view.frame);
        Some(Named { note, point, area, led: false })
    });
    let mut notes: Vec<Named> = found.collect();
    for round in 0..ROUNDS {
        for k in 0..notes.len() {
            if notes[k].note.place == Label::Beside {
                // In the first round the names that come later have no place yet.
                let others = notes.iter().enumerate().filter(|(other, note)| {
                    *other != k && (round > 0 || *other < k || note.note.place == Label::Centre)
                });
                let others: Vec<&Named> = others.map(|(_, note)| note).collect();
                (notes[k].area, notes[k].led) = best_place(&notes[k], &others, view, ink);
            }
        }
    }
    for Named { note, point, area, led } in notes {
        if led {
            let line = vec![point, nearest(point, &area)];
            scene.line(line, Color::GREY, Stroke { dash: Dash::Solid, width: 0.8 });
        }
        let at = (f64::midpoint(area.left, area.right), area.bottom - DESCENT * NOTE_SIZE);
        let (words, color) = (note.text.clone(), note.color);
        let text =
            Text { at, words, size: NOTE_SIZE, align: Align::Middle, upward: false, color, halo: true };
        scene.shapes.push(Shape::Text(text));
        let middle = f64::midpoint(area.top, area.bottom);
        ink.extend(sampled(&[(area.left, middle), (area.right, middle)], 5.0));
        ink.extend(sampled(&[point, nearest(point, &area)], 3.0));
    }
}

fn around((x, y): Place, note: &Annotation, face: &Typeface) -> Rect {
    let half = face.width(&note.text, NOTE_SIZE) / 2.0;
    let (up, down) = (CAP_HEIGHT * NOTE_SIZE / 2.0, (CAP_HEIGHT / 2.0 + DESCENT) * NOTE_SIZE);
    Rect { left: x - half, top: y - up, right: x + half, bottom: y + down }
}

fn kept_inside(area: Rect, frame: &Rect) -> Rect {
    let room = frame.grown(-4.0);
    let dx = (room.left - area.left).max(0.0) - (area.right - room.right).max(0.0);
    let dy = (room.top - area.top).max(0.0) - (area.bottom - room.bottom).max(0.0);
    Rect { left: area.left + dx, top: area.top + dy, right: area.right + dx, bottom: area.bottom + dy }
}

/// Tries all directions at growing distances and takes the one that hides least.
fn best_place(note: &Named, others: &[&Named], view: &View, ink: &[Place]) -> (Rect, bool) {
    let (half, tall) = (note.area.width() / 2.0, note.area.height() / 2.0);
    let (x, y) = note.point;
    let mut best: Option<(f64, Rect, bool)> = None;
    for reach in REACHES {
        for (dx, dy) in DIRECTIONS {
            let slant = if dx != 0.0 && dy != 0.0 { 0.75 } else { 1.0 };
            let (x, y) = (x + dx * (half + reach * slant), y + dy * (tall + reach * slant));
            let area = Rect { left: x - half, top: y - tall, right: x + half, bottom: y + tall };
            let led = reach > REACHES[0];
            let leader = if led { crossings(note.point, &area, others, ink) } else { 0.0 };
            let cost = hidden(&area, others, view, ink) + leader + 0.2 * reach;
            if best.is_none_or(|(least, _, _)| cost < least) {
                best = Some((cost, area, led));
            }
        }
    }
    let (_, area, led) = best.unwrap_or((0.0, note.area, false));
    (kept_inside(area, &view.frame), led)
}

/// How much a name would hide at a place, and how far it would leave the frame.
fn hidden(area: &Rect, others: &[&Named], view: &View, ink: &[Place]) -> f64 {
    let near = area.grown(2.0);
    let inked = ink.iter().filter(|place| near.contains(**place)).count() as f64;
    let outside = near.width() * near.height() - near.overlap(&view.frame.grown(-3.0));
    let crowded = |other: &&Named| {
        let leader = sampled(&[other.point, nearest(other.point, &other.area)], 2.0);
        let crossed =
            if other.led { leader.iter().filter(|place| near.contains(**place)).count() } else { 0 };
        near.overlap(&other.area.grown(2.0)) + 4.0 * crossed as f64
    };
    4.0 * inked + 10.0 * outside + others.iter().map(crowded).sum::<f64>()
}

fn nearest((x, y): Place, area: &Rect) -> Place {
    (x.clamp(area.left, area.right), y.clamp(area.top, area.bottom))
}

/// How much a line from a point to its name would cross, away from the point itself.
fn crossings(point: Place, area: &Rect, others: &[&Named], ink: &[Place]) -> f64 {
    let apart = |a: Place, b: Place| (a.0 - b.0).hypot(a.1 - b.1);
    let pointed = |place: Place| others.iter().any(|other| apart(other.point, place) < 4.0);
    sampled(&[point, nearest(point, area)], 2.0)
        .into_iter()
        .filter(|place| apart(*place, point) > 6.0)
        .map(|place| {
            let inked = ink.iter().any(|other| apart(*other, place) < 2.0);
            let worded = others.iter().any(|other| other.area.contains(place)) || pointed(place);
            0.5 * f64::from(u8::from(inked)) + 20.0 * f64::from(u8::from(worded))
        })
        .sum()
}
