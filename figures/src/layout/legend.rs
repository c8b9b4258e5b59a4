//! The legend and where it hides nothing.

use super::marks::{area_color, colors};
use super::{LEGEND_SIZE, SWATCH};
use crate::font::{CAP_HEIGHT, Typeface};
use crate::geometry::{Place, Rect};
use crate::scene::{Align, Scene};
use crate::series::{Dash, Mark, Stroke};
use crate::{Color, LegendPlace, Plot, Series};

const ROW: f64 = 19.0;
const PAD: f64 = 8.0;
const GAP: f64 = 8.0;
const COLUMN_GAP: f64 = 14.0;
/// Distance from the frame.
const APART: f64 = 10.0;

/// A legend, measured but not yet placed.
pub(super) struct Legend<'a> {
    entries: Vec<(&'a Series, Color, &'a str)>,
    rows: usize,
    column: f64,
    width: f64,
    height: f64,
}

impl<'a> Legend<'a> {
    /// The legend of a plot, in columns no higher than `room`; `None` where it has none.
    pub(super) fn of(plot: &'a Plot, room: f64, face: &Typeface) -> Option<Self> {
        let entries: Vec<_> = plot
            .series
            .iter()
            .zip(colors(plot))
            .filter_map(|(series, color)| Some((series, color, series.label.as_deref()?)))
            .collect();
        let least = if plot.legend == LegendPlace::Right { 1 } else { 2 };
        if plot.legend == LegendPlace::Hidden || entries.len() < least {
            return None;
        }
        let fitting = (((room - 2.0 * PAD) / ROW) as usize).max(1);
        let columns = entries.len().div_ceil(fitting);
        let rows = entries.len().div_ceil(columns);
        let words = entries.iter().map(|(_, _, label)| face.width(label, LEGEND_SIZE)).fold(0.0, f64::max);
        let column = SWATCH + GAP + words;
        let width = 2.0 * PAD + columns as f64 * column + (columns - 1) as f64 * COLUMN_GAP;
        Some(Self { rows, column, width, height: 2.0 * PAD + rows as f64 * ROW - 4.0, entries })
    }

    /// Room that a legend beside the frame takes.
    pub(super) fn aside(&self) -> f64 {
        self.width + APART - PAD
    }

    /// The corner of the frame with the least ink, and how much ink it would hide.
    pub(super) fn corner(&self, frame: &Rect, ink: &[Place]) -> (Rect, usize) {
        let inner = frame.grown(-APART);
        let boxes = [
            (inner.right - self.width, inner.top),
            (inner.left, inner.bottom - self.height),
            (inner.right - self.width, inner.bottom - self.height),
            (inner.left, inner.top),
        ]
        .map(|(left, top)| Rect { left, top, right: left + self.width, bottom: top + self.height });
        let hidden = |area: &Rect| {
            let near = area.grown(3.0);
            ink.iter().filter(|place| near.contains(**place)).count()
        };
        let fits = self.width <= 0.7 * frame.width() && self.height <= 0.7 * frame.height();
        let mut best = (boxes[0], usize::MAX);
        for area in boxes {
            let count = if fits { hidden(&area) } else { hidden(&area).max(1) };
            if count < best.1 {
                best = (area, count);
            }
        }
        best
    }

    /// The place beside the frame.
    pub(super) fn beside(&self, frame: &Rect) -> Rect {
        let left = frame.right + APART;
        Rect { left, top: frame.top - PAD / 2.0, right: left + self.width, bottom: frame.top + self.height }
    }

    pub(super) fn draw(&self, area: &Rect, framed: bool, scene: &mut Scene) {
        if framed {
            scene.fill(area.corners(), Color::WHITE);
            let mut outline = area.corners();
            outline.extend([(area.left, area.top), (area.right, area.top)]);
            scene.line(outline, Color::BLACK.tint(0.25), Stroke { dash: Dash::Solid, width: 0.8 });
        }
        for (k, (series, color, label)) in self.entries.iter().enumerate() {
            let left = area.left + PAD + (k / self.rows) as f64 * (self.column + COLUMN_GAP);
            let middle = area.top + PAD + ((k % self.rows) as f64 + 0.5) * ROW - 2.0;
            swatch(series, *color, (left, middle), scene);
            let base = middle + CAP_HEIGHT * LEGEND_SIZE / 2.0;
            scene.text((left + SWATCH + GAP, base), label, LEGEND_SIZE, Align::Start);
        }
    }
}

fn swatch(series: &Series, color: Color, (left, middle): Place, scene: &mut Scene) {
    let centre = (left + SWATCH / 2.0, middle);
    match &series.mark {
        Mark::Line { stroke, .. } | Mark::Horizontal { stroke, .. } | Mark::Vertical { stroke, .. } => {
            scene.line(vec![(left, middle), (left + SWATCH, middle)], color, *stroke);
        }
        Mark::Points { marker, .. } => scene.marker(centre, *marker, color),
        Mark::PointsWithErrors { marker, .. } => {
            let bar = Stroke { dash: Dash::Solid, width: 1.3 };
            scene.line(vec![(centre.0, middle - 8.0), (centre.0, middle + 8.0)], color, bar);
            scene.marker(centre, *marker, color);
        }
        Mark::Region { .. } | Mark::Tile { .. } | Mark::Band { .. } | Mark::HorizontalBand { .. } => {
            let area = Rect { left, top: middle - 6.0, right: left + SWATCH, bottom: middle + 6.0 };
            scene.fill(area.corners(), area_color(color));
        }
    }
}
