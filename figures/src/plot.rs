//! A plot as plain data.

use crate::{Color, Series};

/// How data map to paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// In proportion.
    #[default]
    Linear,
    /// By their logarithm; what is not positive is not drawn.
    Log,
}

/// Extent of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Range {
    /// All of the data, with a margin.
    #[default]
    Auto,
    /// All of the data, and these two values besides.
    Including(f64, f64),
    /// From a lower to an upper end; data beyond are clipped.
    Given(f64, f64),
}

/// Where an axis has ticks.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Ticks {
    /// At round numbers.
    #[default]
    Auto,
    /// At these places, with these words.
    Named(Vec<(f64, String)>),
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// What it shows.
    pub label: String,
    /// Its extent.
    pub range: Range,
    /// Its scale.
    pub scale: Scale,
    /// Its ticks.
    pub ticks: Ticks,
}

impl Axis {
    /// A linear axis over all data.
    pub fn new(label: &str) -> Self {
        Self { label: label.to_owned(), ..Self::default() }
    }

    /// The same axis from `low` to `high`.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Range::Given(low, high);
        self
    }

    /// The same axis over all data and at least from `low` to `high`.
    #[must_use]
    pub fn including(mut self, low: f64, high: f64) -> Self {
        self.range = Range::Including(low, high);
        self
    }

    /// The same axis with a logarithmic scale.
    #[must_use]
    pub fn log(mut self) -> Self {
        self.scale = Scale::Log;
        self
    }

    /// The same axis with named ticks.
    #[must_use]
    pub fn named(mut self, ticks: Vec<(f64, String)>) -> Self {
        self.ticks = Ticks::Named(ticks);
        self
    }
}

/// How an annotation is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Label {
    /// Centred on its point, as the name of a region.
    #[default]
    Centre,
    /// Beside its point, where it hides least.
    Beside,
}

/// Words in a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub place: Label,
    /// Their colour.
    pub color: Color,
}

impl Annotation {
    /// The name of a region, centred on a point.
    pub fn region(x: f64, y: f64, text: &str) -> Self {
        Self { x, y, text: text.to_owned(), place: Label::Centre, color: Color::GREY }
    }

    /// The name of a point, beside it.
    pub fn point(x: f64, y: f64, text: &str) -> Self {
        Self { x, y, text: text.to_owned(), place: Label::Beside, color: Color::BLACK }
    }
}

/// Where the legend stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegendPlace {
    /// In a corner that is free of data, else right of the axes; none if fewer than two series have a label.
    #[default]
    Auto,
    /// Right of the axes.
    Right,
    /// Nowhere.
    Hidden,
}

/// A plot: plain data, with no picture of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// Title; may be empty.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// The data; areas are drawn first, the others in turn.
    pub series: Vec<Series>,
    /// Words in the plot.
    pub annotations: Vec<Annotation>,
    /// Where the legend stands.
    pub legend: LegendPlace,
    /// Width in logical pixels; a PNG has twice as many.
    pub width: u32,
    /// Height in logical pixels.
    pub height: u32,
}

impl Plot {
    /// An empty plot of 720 × 480 logical pixels.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        Self {
            title: title.to_owned(),
            x,
            y,
            series: Vec::new(),
            annotations: Vec::new(),
            legend: LegendPlace::Auto,
            width: 720,
            height: 480,
        }
    }

    /// The same plot with one more series.
    #[must_use]
    pub fn with(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// The same plot with one more annotation.
    #[must_use]
    pub fn annotate(mut self, annotation: Annotation) -> Self {
        self.annotations.push(annotation);
        self
    }

    /// The same plot in another size.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.width = width;
        self.height = height;
        self
    }
}
