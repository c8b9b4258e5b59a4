//! A picture as a list of shapes in logical pixels, before it becomes SVG or PNG.

use crate::geometry::{Place, Rect};
use crate::series::{Dash, Marker, MarkerShape, Stroke};
use crate::{Color, font};

/// Where a text stands from its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Start,
    Middle,
    End,
}

/// A line of text on its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) at: Place,
    pub(crate) words: String,
    pub(crate) size: f64,
    pub(crate) align: Align,
    /// Turned by a quarter so that it reads upwards.
    pub(crate) upward: bool,
    pub(crate) color: Color,
    /// Surrounded by white, to be read on top of lines.
    pub(crate) halo: bool,
}

/// One thing on paper.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Line {
        points: Vec<Place>,
        color: Color,
        width: f64,
        pattern: Vec<f64>,
    },
    Fill {
        corners: Vec<Place>,
        fill: Color,
        edge: Option<(Color, f64)>,
    },
    Disc {
        centre: Place,
        radius: f64,
        fill: Color,
        edge: Option<(Color, f64)>,
    },
    Text(Text),
    /// Words that appear where the pointer rests, in formats that have one.
    Hover {
        centre: Place,
        radius: f64,
        words: String,
    },
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scene {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Short description for readers that do not see it.
    pub(crate) title: String,
    pub(crate) shapes: Vec<Shape>,
}

/// The dash pattern of a stroke, in pixels.
pub(crate) fn pattern(stroke: Stroke) -> Vec<f64> {
    let unit = stroke.width.clamp(1.0, 3.0);
    match stroke.dash {
        Dash::Solid => Vec::new(),
        Dash::Dashed => vec![4.2 * unit, 2.6 * unit],
        Dash::Dotted => vec![1.1 * unit, 1.9 * unit],
        Dash::DashDotted => vec![4.6 * unit, 2.0 * unit, 1.1 * unit, 2.0 * unit],
    }
}

impl Scene {
    pub(crate) fn line(&mut self, points: Vec<Place>, color: Color, stroke: Stroke) {
        let width = if stroke.width.is_finite() { stroke.width.clamp(0.2, 40.0) } else { 1.0 };
        let pattern = pattern(Stroke { width, ..stroke });
        self.shapes.push(Shape::Line { points, color, width, pattern });
    }

    /// A thin solid black line.
    pub(crate) fn rule(&mut self, points: Vec<Place>) {
        self.line(points, Color::BLACK, Stroke { dash: Dash::Solid, width: 1.0 });
    }

    pub(crate) fn fill(&mut self, corners: Vec<Place>, fill: Color) {
        if corners.len() > 2 {
            self.shapes.push(Shape::Fill { corners, fill, edge: None });
        }
    }

    pub(crate) fn text(&mut self, at: Place, words: &str, size: f64, align: Align) {
        let words = words.to_owned();
        let text = Text { at, words, size, align, upward: false, color: Color::BLACK, halo: false };
        self.shapes.push(Shape::Text(text));
    }

    pub(crate) fn upward_text(&mut self, at: Place, words: &str, size: f64, align: Align) {
        let words = words.to_owned();
        let text = Text { at, words, size, align, upward: true, color: Color::BLACK, halo: false };
        self.shapes.push(Shape::Text(text));
    }

    pub(crate) fn hover(&mut self, centre: Place, radius: f64, words: &str) {
        self.shapes.push(Shape::Hover { centre, radius, words: font::plain(words) });
    }

    pub(crate) fn marker(&mut self, centre: Place, marker: Marker, color: Color) {
        let radius = marker.drawn_radius();
        let fill = if marker.filled { color } else { Color::WHITE };
        // A filled marker has a white edge so that neighbours stay apart.
        let edge = Some(if marker.filled { (Color::WHITE, 0.5) } else { (color, 1.6) });
        let (x, y) = centre;
        let around = |spokes: &[(f64, f64)]| -> Vec<Place> {
            spokes.iter().map(|&(dx, dy)| (x + dx * radius, y + dy * radius)).collect()
        };
        match marker.shape {
            MarkerShape::Circle => self.shapes.push(Shape::Disc { centre, radius, fill, edge }),
            MarkerShape::Square => {
                let r = 0.9 * radius;
                let corners = Rect { left: x - r, top: y - r, right: x + r, bottom: y + r }.corners();
                self.shapes.push(Shape::Fill { corners, fill, edge });
            }
            MarkerShape::Triangle => {
                let corners = around(&[(0.0, -1.2), (1.1, 0.75), (-1.1, 0.75)]);
                self.shapes.push(Shape::Fill { corners, fill, edge });
            }
            MarkerShape::Diamond => {
                let corners = around(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]);
                self.shapes.push(Shape::Fill { corners, fill, edge });
            }
            MarkerShape::Star => {
                let corners: Vec<Place> = (0..10)
                    .map(|k| {
                        let reach = radius * if k % 2 == 0 { 1.5 } else { 0.62 };
                        let turn = std::f64::consts::PI * (f64::from(k) / 5.0 - 0.5);
                        (x + reach * turn.cos(), y + reach * turn.sin())
                    })
                    .collect();
                self.shapes.push(Shape::Fill { corners, fill, edge });
            }
            MarkerShape::Cross => {
                let stroke = Stroke { dash: Dash::Solid, width: 2.2 };
                self.line(around(&[(-0.95, -0.95), (0.95, 0.95)]), color, stroke);
                self.line(around(&[(-0.95, 0.95), (0.95, -0.95)]), color, stroke);
            }
        }
    }
}
