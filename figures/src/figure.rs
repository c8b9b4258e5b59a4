//! One or several plots in one picture.

use crate::layout;
use crate::scene::Scene;
use crate::{FigureError, Plot, bitmap, svg};

/// Plots stacked in one picture, their axes in line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// The plots from top to bottom.
    pub panels: Vec<Plot>,
}

impl From<Plot> for Figure {
    fn from(plot: Plot) -> Self {
        Self { panels: vec![plot] }
    }
}

impl Figure {
    /// A figure of stacked plots.
    pub fn new(panels: Vec<Plot>) -> Self {
        Self { panels }
    }

    pub(crate) fn scene(&self) -> Result<Scene, FigureError> {
        let panels: Vec<&Plot> = self.panels.iter().collect();
        layout::scene(&panels)
    }

    /// The figure as an SVG document that needs nothing from outside and may stand in HTML as it is.
    ///
    /// # Errors
    /// A range that cannot be drawn, or a size too small.
    pub fn to_svg(&self) -> Result<String, FigureError> {
        svg::render(&self.scene()?)
    }

    /// The figure as a PNG with two pixels per logical pixel in each direction.
    ///
    /// # Errors
    /// As [`Figure::to_svg`], and what the encoder refuses.
    pub fn to_png(&self) -> Result<Vec<u8>, FigureError> {
        bitmap::render(&self.scene()?)
    }
}

impl Plot {
    /// The plot as an SVG document that needs nothing from outside and may stand in HTML as it is.
    ///
    /// # Errors
    /// A range that cannot be drawn, or a size too small.
    pub fn to_svg(&self) -> Result<String, FigureError> {
        svg::render(&layout::scene(&[self])?)
    }

    /// The plot as a PNG with two pixels per logical pixel in each direction.
    ///
    /// # Errors
    /// As [`Plot::to_svg`], and what the encoder refuses.
    pub fn to_png(&self) -> Result<Vec<u8>, FigureError> {
        bitmap::render(&layout::scene(&[self])?)
    }
}
