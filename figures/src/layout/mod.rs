//! From plots to a scene.

mod axes;
mod legend;
mod marks;
mod notes;
#[cfg(test)]
mod tests;
mod view;

use axes::{Axes, Margins};
use legend::Legend;
use view::{Extent, View};

use crate::font::Typeface;
use crate::geometry::Rect;
use crate::scene::Scene;
use crate::{FigureError, LegendPlace, Plot};

const TITLE_SIZE: f64 = 15.0;
const LABEL_SIZE: f64 = 15.0;
const TICK_SIZE: f64 = 12.5;
const LEGEND_SIZE: f64 = 12.5;
const NOTE_SIZE: f64 = 12.5;
/// Width of the sample of a series in the legend.
const SWATCH: f64 = 30.0;

/// The smallest frame worth drawing.
const LEAST: (f64, f64) = (60.0, 40.0);
/// The most logical pixels; a PNG takes some hundred bytes for each while it is painted.
const MOST: u64 = 4_000_000;

/// A plot with its place on paper.
struct Panel<'a> {
    plot: &'a Plot,
    paper: Rect,
    extents: (Extent, Extent),
    axes: Axes<'a>,
    legend_beside: bool,
}

/// Lays plots out below each other, the frames in line.
pub(crate) fn scene(plots: &[&Plot]) -> Result<Scene, FigureError> {
    let width = plots.iter().map(|plot| plot.width).max().unwrap_or(1).max(1);
    let total: u64 = plots.iter().map(|plot| u64::from(plot.height)).sum();
    let height = u32::try_from(total.max(1)).unwrap_or(u32::MAX);
    if u64::from(width) * u64::from(height) > MOST {
        return Err(FigureError::Size { width, height });
    }
    let face = Typeface::bundled()?;
    let titles: Vec<_> =
        plots.iter().map(|plot| plot.title.as_str()).filter(|title| !title.is_empty()).collect();
    let mut scene = Scene { width, height, title: titles.join("; "), shapes: Vec::new() };
    let mut top = 0.0;
    let mut panels = Vec::new();
    for plot in plots {
        let bottom = top + f64::from(plot.height);
        panels.push(measure(plot, Rect { left: 0.0, top, right: f64::from(width), bottom }, face)?);
        top = bottom;
    }
    let left = panels.iter().map(|panel| panel.axes.margins.left).fold(0.0, f64::max);
    let right = panels.iter().map(|panel| panel.axes.margins.right).fold(0.0, f64::max);
    for panel in &panels {
        let view = panel.view(Margins { left, right, ..panel.axes.margins })?;
        panel.draw(&view, face, &mut scene);
    }
    Ok(scene)
}

fn measure<'a>(plot: &'a Plot, paper: Rect, face: &Typeface) -> Result<Panel<'a>, FigureError> {
    let extents = view::extents(plot)?;
    let axes = Axes::measure(plot, extents, &paper, 0.0, face);
    let mut panel = Panel { plot, paper, extents, axes, legend_beside: false };
    let view = panel.view(panel.axes.margins)?;
    let Some(legend) = Legend::of(plot, view.frame.height(), face) else { return Ok(panel) };
    let mut draft = Scene { width: 1, height: 1, title: String::new(), shapes: Vec::new() };
    let ink = panel.draw_data(&view, face, &mut draft);
    let (_, hidden) = legend.corner(&view.frame, &ink);
    if plot.legend == LegendPlace::Right || hidden > 0 {
        let beside = Axes::measure(plot, extents, &paper, legend.aside(), face);
        let wide = paper.width() - beside.margins.left - beside.margins.right >= 0.4 * paper.width();
        if wide || plot.legend == LegendPlace::Right {
            panel.axes = beside;
            panel.legend_beside = true;
        }
    }
    Ok(panel)
}

impl Panel<'_> {
    fn view(&self, margins: Margins) -> Result<View, FigureError> {
        let frame = Rect {
            left: self.paper.left + margins.left,
            top: self.paper.top + margins.top,
            right: self.paper.right - margins.right,
            bottom: self.paper.bottom - margins.bottom,
        };
        if frame.width() < LEAST.0 || frame.height() < LEAST.1 {
            return Err(FigureError::Size { width: self.plot.width, height: self.plot.height });
        }
        Ok(View { frame, x: self.extents.0, y: self.extents.1 })
    }

    /// Draws what stands inside the frame and says where the ink is.
    fn draw_data(&self, view: &View, face: &Typeface, scene: &mut Scene) -> marks::Ink {
        marks::draw_areas(self.plot, view, scene);
        self.axes.draw_frame(view, scene);
        let mut ink = marks::draw_lines(self.plot, view, scene);
        ink.extend(marks::draw_points(self.plot, view, scene));
        notes::draw(self.plot, view, &mut ink, face, scene);
        ink
    }

    fn draw(&self, view: &View, face: &Typeface, scene: &mut Scene) {
        let ink = self.draw_data(view, face, scene);
        self.axes.draw_words(view, &self.paper, scene);
        if let Some(legend) = Legend::of(self.plot, view.frame.height(), face) {
            if self.legend_beside {
                legend.draw(&legend.beside(&view.frame), false, scene);
            } else {
                legend.draw(&legend.corner(&view.frame, &ink).0, true, scene);
            }
        }
    }
}
