//! Frame, ticks and the labels of axes.

use super::view::{Extent, View};
use super::{LABEL_SIZE, TICK_SIZE, TITLE_SIZE};
use crate::font::{CAP_HEIGHT, DESCENT, Typeface};
use crate::geometry::Rect;
use crate::scene::{Align, Scene};
use crate::ticks::{TickSet, ticks};
use crate::{Axis, Plot, Ticks};

const TICK: f64 = 6.0;
const MINOR_TICK: f64 = 3.0;
const GAP: f64 = 6.0;
const EDGE: f64 = 12.0;
/// Free paper right of the axes, so that the last tick label is whole.
const RIGHT: f64 = 22.0;

/// Room around the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// The axes of a plot, measured but not yet placed.
pub(super) struct Axes<'a> {
    plot: &'a Plot,
    x: TickSet,
    y: TickSet,
    /// Tick labels of the x axis read upwards, because side by side they would touch.
    upward: bool,
    pub(super) margins: Margins,
}

fn tick_set(axis: &Axis, extent: Extent, count: usize) -> TickSet {
    match &axis.ticks {
        Ticks::Auto => ticks(extent.low, extent.high, extent.scale, count),
        Ticks::Named(named) => {
            let inside = |(value, _): &&(f64, String)| {
                extent.share(*value).is_some_and(|share| (-1e-9..=1.0 + 1e-9).contains(&share))
            };
            TickSet { major: named.iter().filter(inside).cloned().collect(), ..TickSet::default() }
        }
    }
}

fn widest(face: &Typeface, set: &TickSet) -> f64 {
    set.major.iter().map(|(_, word)| face.width(word, TICK_SIZE)).fold(0.0, f64::max)
}

/// The smallest gap between neighbouring ticks, as a share of the axis.
fn closest(set: &TickSet, extent: Extent) -> f64 {
    let mut shares: Vec<f64> = set.major.iter().filter_map(|(value, _)| extent.share(*value)).collect();
    shares.sort_by(f64::total_cmp);
    shares.windows(2).map(|pair| pair[1] - pair[0]).fold(1.0, f64::min)
}

impl<'a> Axes<'a> {
    /// Chooses ticks for a plot on `paper`, of which `aside` on the right belongs to the legend.
    pub(super) fn measure(
        plot: &'a Plot,
        (x, y): (Extent, Extent),
        paper: &Rect,
        aside: f64,
        face: &Typeface,
    ) -> Self {
        let title = if plot.title.is_empty() { 0.0 } else { TITLE_SIZE + 10.0 };
        let label = |axis: &Axis| if axis.label.is_empty() { 0.0 } else { LABEL_SIZE + 8.0 };
        let guess = (paper.height() - 70.0 - title).max(40.0);
        let y_ticks = tick_set(&plot.y, y, (guess / 50.0) as usize);
        let exponent = if y_ticks.exponent == 0 { 0.0 } else { TICK_SIZE + 6.0 };
        let left = EDGE + label(&plot.y) + widest(face, &y_ticks) + GAP + 2.0;
        let available = (paper.width() - left - RIGHT - aside).max(40.0);
        let crowded = |set: &TickSet| widest(face, set) + 10.0 > available * closest(set, x);
        let mut count = (available / 75.0) as usize;
        let mut x_ticks = tick_set(&plot.x, x, count);
        while crowded(&x_ticks) && count > 2 && matches!(plot.x.ticks, Ticks::Auto) {
            count -= 1;
            x_ticks = tick_set(&plot.x, x, count);
        }
        let words = widest(face, &x_ticks);
        let upward = crowded(&x_ticks) && matches!(plot.x.ticks, Ticks::Named(_));
        let deep = if upward { words } else { TICK_SIZE };
        let last = if upward { 0.0 } else { words / 2.0 };
        let x_exponent =
            if x_ticks.exponent == 0 || !plot.x.label.is_empty() { 0.0 } else { LABEL_SIZE + 8.0 };
        let margins = Margins {
            left: left.max(last + 4.0),
            right: RIGHT.max(last + 6.0) + aside,
            top: EDGE + title.max(exponent),
            bottom: EDGE + label(&plot.x) + x_exponent + deep + GAP + 2.0,
        };
        Self { plot, x: x_ticks, y: y_ticks, upward, margins }
    }

    /// Frame and ticks.
    pub(super) fn draw_frame(&self, view: &View, scene: &mut Scene) {
        let frame = view.frame;
        let mut outline = frame.corners();
        outline.push((frame.left, frame.top));
        outline.push((frame.right, frame.top));
        scene.rule(outline);
        let named = |axis: &Axis| matches!(axis.ticks, Ticks::Named(_));
        let majors = |set: &TickSet| set.major.iter().map(|(value, _)| (*value, TICK)).collect::<Vec<_>>();
        let minors = |set: &TickSet| set.minor.iter().map(|value| (*value, MINOR_TICK)).collect::<Vec<_>>();
        for (value, length) in majors(&self.x).into_iter().chain(minors(&self.x)) {
            let Some(x) = view.across(value) else { continue };
            scene.rule(vec![(x, frame.bottom), (x, frame.bottom - length)]);
            if !named(&self.plot.x) {
                scene.rule(vec![(x, frame.top), (x, frame.top + length)]);
            }
        }
        for (value, length) in majors(&self.y).into_iter().chain(minors(&self.y)) {
            let Some(y) = view.down(value) else { continue };
            scene.rule(vec![(frame.left, y), (frame.left + length, y)]);
            if !named(&self.plot.y) {
                scene.rule(vec![(frame.right, y), (frame.right - length, y)]);
            }
        }
    }

    /// Tick labels, axis labels and the title.
    pub(super) fn draw_words(&self, view: &View, paper: &Rect, scene: &mut Scene) {
        let frame = view.frame;
        let cap = CAP_HEIGHT * TICK_SIZE;
        for (value, word) in &self.x.major {
            let Some(x) = view.across(*value) else { continue };
            if self.upward {
                scene.upward_text((x + cap / 2.0, frame.bottom + GAP + 2.0), word, TICK_SIZE, Align::End);
            } else {
                scene.text((x, frame.bottom + GAP + TICK_SIZE), word, TICK_SIZE, Align::Middle);
            }
        }
        for (value, word) in &self.y.major {
            let Some(y) = view.down(*value) else { continue };
            scene.text((frame.left - GAP, y + cap / 2.0), word, TICK_SIZE, Align::End);
        }
        let base = paper.bottom - EDGE / 2.0 - DESCENT * LABEL_SIZE;
        let middle = f64::midpoint(frame.left, frame.right);
        scene.text((middle, base), &self.plot.x.label, LABEL_SIZE, Align::Middle);
        let side = paper.left + EDGE / 2.0 + LABEL_SIZE;
        let centre = f64::midpoint(frame.top, frame.bottom);
        scene.upward_text((side, centre), &self.plot.y.label, LABEL_SIZE, Align::Middle);
        let factor = |set: &TickSet| format!("×10^{{{}}}", set.exponent.to_string().replace('-', "−"));
        if self.x.exponent != 0 {
            scene.text((frame.right, base), &factor(&self.x), TICK_SIZE, Align::End);
        }
        if self.y.exponent != 0 {
            scene.text((frame.left, frame.top - 6.0), &factor(&self.y), TICK_SIZE, Align::Start);
        }
        scene.text((middle, frame.top - 10.0), &self.plot.title, TITLE_SIZE, Align::Middle);
    }
}
