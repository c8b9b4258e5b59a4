//! Series: the data of a plot and how they look.

use crate::Color;

/// Whether a line is drawn through or broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dash {
    /// Drawn through.
    #[default]
    Solid,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// A dash and a dot in turn.
    DashDotted,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Broken or not.
    pub dash: Dash,
    /// Width in logical pixels.
    pub width: f64,
}

impl Default for Stroke {
    fn default() -> Self {
        Self { dash: Dash::Solid, width: 1.8 }
    }
}

/// Outline of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MarkerShape {
    /// ●
    #[default]
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ✕
    Cross,
    /// ★
    Star,
}

/// A marker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marker {
    /// Its outline.
    pub shape: MarkerShape,
    /// Filled with its colour, or with white.
    pub filled: bool,
    /// Half of its extent in logical pixels.
    pub radius: f64,
}

impl Marker {
    /// A filled marker of the usual size.
    pub const fn filled(shape: MarkerShape) -> Self {
        Self { shape, filled: true, radius: 4.0 }
    }

    /// An open marker of the usual size.
    pub const fn open(shape: MarkerShape) -> Self {
        Self { shape, filled: false, radius: 4.0 }
    }
}

impl Marker {
    /// The radius as it is drawn: data may ask for anything.
    pub(crate) fn drawn_radius(&self) -> f64 {
        if self.radius.is_finite() { self.radius.clamp(0.5, 40.0) } else { 4.0 }
    }
}

impl Default for Marker {
    fn default() -> Self {
        Self::filled(MarkerShape::Circle)
    }
}

/// A point with the error of its ordinate; an error that is `None` or not finite draws no bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorPoint {
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
    /// Standard error of the ordinate.
    pub error: Option<f64>,
}

/// What is drawn. A coordinate that is not finite breaks a line and drops a point.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line {
        /// The points, in the order they are joined.
        points: Vec<(f64, f64)>,
        /// Its look.
        stroke: Stroke,
    },
    /// Markers at points.
    Points {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Their look.
        marker: Marker,
    },
    /// Markers with error bars.
    PointsWithErrors {
        /// The points.
        points: Vec<ErrorPoint>,
        /// Their look.
        marker: Marker,
    },
    /// A filled polygon.
    Region {
        /// Its corners in turn.
        outline: Vec<(f64, f64)>,
    },
    /// A polygon filled with the full colour, for maps whose colours are numbers.
    Tile {
        /// Its corners in turn.
        outline: Vec<(f64, f64)>,
    },
    /// The area between two curves over the same abscissae.
    Band {
        /// (x, lower, upper).
        points: Vec<(f64, f64, f64)>,
    },
    /// The area between two ordinates, from edge to edge.
    HorizontalBand {
        /// One ordinate.
        low: f64,
        /// The other.
        high: f64,
    },
    /// A vertical line from edge to edge.
    Vertical {
        /// Its abscissa.
        x: f64,
        /// Its look.
        stroke: Stroke,
    },
    /// A horizontal line from edge to edge.
    Horizontal {
        /// Its ordinate.
        y: f64,
        /// Its look.
        stroke: Stroke,
    },
}

/// One entry of the legend and what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Legend entry; `None` stays out of the legend.
    pub label: Option<String>,
    /// Colour; `None` takes the next one of [`crate::PALETTE`].
    pub color: Option<Color>,
    /// What is drawn.
    pub mark: Mark,
    /// A name for each point, shown where the pointer rests on it in an SVG; may be shorter than the data.
    pub names: Vec<String>,
}

impl Series {
    fn of(label: &str, mark: Mark) -> Self {
        let label = (!label.is_empty()).then(|| label.to_owned());
        Self { label, color: None, mark, names: Vec::new() }
    }

    /// A solid line. An empty label stays out of the legend, here and below.
    pub fn line(label: &str, points: Vec<(f64, f64)>) -> Self {
        Self::of(label, Mark::Line { points, stroke: Stroke::default() })
    }

    /// Filled circles.
    pub fn points(label: &str, points: Vec<(f64, f64)>) -> Self {
        Self::of(label, Mark::Points { points, marker: Marker::default() })
    }

    /// Filled circles with error bars.
    pub fn points_with_errors(label: &str, points: Vec<ErrorPoint>) -> Self {
        Self::of(label, Mark::PointsWithErrors { points, marker: Marker::default() })
    }

    /// A filled polygon.
    pub fn region(label: &str, outline: Vec<(f64, f64)>) -> Self {
        Self::of(label, Mark::Region { outline })
    }

    /// A polygon in its full colour.
    pub fn tile(outline: Vec<(f64, f64)>) -> Self {
        Self::of("", Mark::Tile { outline })
    }

    /// The area between two curves, as (x, lower, upper).
    pub fn band(label: &str, points: Vec<(f64, f64, f64)>) -> Self {
        Self::of(label, Mark::Band { points })
    }

    /// The area between two ordinates.
    pub fn horizontal_band(label: &str, low: f64, high: f64) -> Self {
        Self::of(label, Mark::HorizontalBand { low, high })
    }

    /// A vertical line from edge to edge.
    pub fn vertical(label: &str, x: f64) -> Self {
        Self::of(label, Mark::Vertical { x, stroke: Stroke { dash: Dash::Dashed, width: 1.2 } })
    }

    /// A horizontal line from edge to edge.
    pub fn horizontal(label: &str, y: f64) -> Self {
        Self::of(label, Mark::Horizontal { y, stroke: Stroke { dash: Dash::Dashed, width: 1.2 } })
    }

    /// The same series in another colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// The same line with another dash; nothing changes where there is no line.
    #[must_use]
    pub fn dash(mut self, new: Dash) -> Self {
        if let Mark::Line { stroke, .. } | Mark::Vertical { stroke, .. } | Mark::Horizontal { stroke, .. } =
            &mut self.mark
        {
            stroke.dash = new;
        }
        self
    }

    /// The same line with another width; nothing changes where there is no line.
    #[must_use]
    pub fn width(mut self, new: f64) -> Self {
        if let Mark::Line { stroke, .. } | Mark::Vertical { stroke, .. } | Mark::Horizontal { stroke, .. } =
            &mut self.mark
        {
            stroke.width = new;
        }
        self
    }

    /// The same points with another marker; nothing changes where there are no points.
    #[must_use]
    pub fn marker(mut self, new: Marker) -> Self {
        if let Mark::Points { marker, .. } | Mark::PointsWithErrors { marker, .. } = &mut self.mark {
            *marker = new;
        }
        self
    }

    /// The same series with a name for each point.
    #[must_use]
    pub fn names(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }
}
