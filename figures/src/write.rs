//! Pictures as files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Figure, FigureError, Plot};

impl Figure {
    /// Writes `stem.svg` and `stem.png` into a directory that exists, and says where they are. A file
    /// appears whole or not at all.
    ///
    /// # Errors
    /// As [`Figure::to_png`], a stem with a directory in it, or what the file system refuses.
    pub fn write(&self, directory: &Path, stem: &str) -> Result<Vec<PathBuf>, FigureError> {
        both(directory, stem, &self.to_svg()?, &self.to_png()?)
    }
}

impl Plot {
    /// Writes `stem.svg` and `stem.png` into a directory that exists, and says where they are. A file
    /// appears whole or not at all.
    ///
    /// # Errors
    /// As [`Plot::to_png`], a stem with a directory in it, or what the file system refuses.
    pub fn write(&self, directory: &Path, stem: &str) -> Result<Vec<PathBuf>, FigureError> {
        both(directory, stem, &self.to_svg()?, &self.to_png()?)
    }
}

fn both(directory: &Path, stem: &str, svg: &str, png: &[u8]) -> Result<Vec<PathBuf>, FigureError> {
    if Path::new(stem).file_name().is_none_or(|name| name != stem) {
        return Err(FigureError::Stem { stem: stem.to_owned() });
    }
    let paths = vec![directory.join(format!("{stem}.svg")), directory.join(format!("{stem}.png"))];
    for (path, bytes) in paths.iter().zip([svg.as_bytes(), png]) {
        whole(path, bytes).map_err(|source| FigureError::Write { path: path.clone(), source })?;
    }
    Ok(paths)
}

fn whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(name);
    let outcome = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    if outcome.is_err() {
        // The first error is the one that matters.
        let _ = fs::remove_file(&partial);
    }
    outcome
}
