//! Pictures from records.
//!
//! A [`Plot`] is plain data: axes, series, annotations. It is laid out once, in logical pixels, into a
//! list of shapes, and that list is written as SVG or painted as PNG, so both show the same picture.
//! [`Figure`] stacks several plots. [`recipes`] turn records into plots; nothing here computes physics.
//!
//! Text is set in one bundled font (DejaVu Sans), never in a font of the machine. Labels may hold
//! subscripts and superscripts: `T_{c}`, `10^{−3}`.
//!
//! ```
//! use mattis_figures::{Axis, Plot, Series};
//!
//! let line = Series::line("m", vec![(0.0, 1.0), (0.1, 0.97), (0.138, 0.967)]);
//! let plot = Plot::new("Overlap", Axis::new("load α"), Axis::new("overlap m")).with(line);
//! assert!(plot.to_svg()?.starts_with("<svg"));
//! # Ok::<(), mattis_figures::FigureError>(())
//! ```

mod bitmap;
mod color;
mod error;
mod figure;
mod font;
mod geometry;
mod layout;
mod plot;
pub mod recipes;
mod scene;
mod series;
mod svg;
mod ticks;
mod write;

pub use color::{Color, PALETTE};
pub use error::FigureError;
pub use figure::Figure;
pub use plot::{Annotation, Axis, Label, LegendPlace, Plot, Range, Scale, Ticks};
pub use series::{Dash, ErrorPoint, Mark, Marker, MarkerShape, Series, Stroke};
