//! What can go wrong between a plot and its picture.

use std::path::PathBuf;

/// Why a figure was not drawn or not written.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// The bundled font cannot be read.
    #[error("the bundled font cannot be read")]
    Font,
    /// A given range is empty, reversed or not finite.
    #[error("range {low} to {high} of axis {axis:?} is empty or not finite")]
    Range {
        /// Label of the axis.
        axis: String,
        /// Its lower end.
        low: f64,
        /// Its upper end.
        high: f64,
    },
    /// A logarithmic axis was given a range that is not positive.
    #[error("range {low} to {high} of logarithmic axis {axis:?} is not positive")]
    LogRange {
        /// Label of the axis.
        axis: String,
        /// Its lower end.
        low: f64,
        /// Its upper end.
        high: f64,
    },
    /// The picture is too small for its labels, or too large to paint.
    #[error("a picture of {width} × {height} pixels cannot hold this plot")]
    Size {
        /// Width in logical pixels.
        width: u32,
        /// Height in logical pixels.
        height: u32,
    },
    /// A file name without a stem, or with a directory in it.
    #[error("{stem:?} is not a file stem")]
    Stem {
        /// The stem as given.
        stem: String,
    },
    /// The bitmap backend refused to draw.
    #[error("bitmap: {reason}")]
    Bitmap {
        /// What it said.
        reason: String,
    },
    /// The picture could not be encoded as PNG.
    #[error("PNG: {0}")]
    Png(#[from] png::EncodingError),
    /// A file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}
