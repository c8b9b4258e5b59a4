//! A directory of results: one specification, its manifest, and the files that follow from it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mattis_model::address::GENERATOR;
use mattis_model::record::{Provenance, SCHEMA};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// Why a directory cannot be used. The message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// The system refuses.
    #[error("{path}: cannot be {action}: {reason}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system says.
        reason: io::Error,
    },
    /// It holds something else.
    #[error("{path} holds another specification ({difference}): give another directory with --out, or remove it", path = path.display())]
    OtherSpecification {
        /// The directory.
        path: PathBuf,
        /// The first difference.
        difference: String,
    },
    /// It does not hold what was expected.
    #[error("{path}: {reason}; expected a file that mattis wrote", path = path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// What one command did in a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Program, version, generator, arguments.
    pub provenance: Provenance,
    /// Everything the results depend on.
    pub specification: Value,
    /// Whether the run came to its end.
    pub complete: bool,
    /// The files it wrote.
    pub files: Vec<String>,
}

/// The manifest of a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout, [`SCHEMA`].
    pub schema: u32,
    /// One entry; the main job and published figures may stand side by side.
    pub runs: Vec<Run>,
}

/// Where a record comes from.
pub fn provenance(command: &[String], random: bool) -> Provenance {
    Provenance {
        program: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        schema: SCHEMA,
        generator: random.then(|| GENERATOR.into()),
        command: command.to_vec(),
    }
}

/// An open directory.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    manifest: Manifest,
    current: usize,
    announce: bool,
    spent: Vec<String>,
}

impl Directory {
    /// Opens a directory for a specification, creating it if need be.
    ///
    /// # Errors
    /// If it cannot be written, or holds another specification.
    pub fn open(path: &Path, provenance: Provenance, specification: Value) -> Result<Self, DirectoryError> {
        fs::create_dir_all(path).map_err(io_error(path, "created"))?;
        let mut manifest = if path.join(MANIFEST).exists() {
            read_manifest(path)?
        } else {
            Manifest { schema: SCHEMA, runs: Vec::new() }
        };
        let found = manifest.runs.iter().position(|run| same_job(&run.specification, &specification));
        let coexist = manifest.runs.iter().all(|run| shares(&run.specification)) && shares(&specification);
        // What must be equal: the same job, or whatever is there if it may not stand beside others.
        let rival = found.or((!coexist && !manifest.runs.is_empty()).then_some(0));
        if let Some(index) = rival
            && let Some(difference) = difference("", &manifest.runs[index].specification, &specification)
        {
            return Err(DirectoryError::OtherSpecification { path: path.into(), difference });
        }
        let current = found.unwrap_or(manifest.runs.len());
        if found.is_none() {
            manifest.runs.push(Run { provenance, specification, complete: false, files: Vec::new() });
        }
        let mut directory = Self { path: path.into(), manifest, current, announce: false, spent: Vec::new() };
        directory.manifest.runs[current].complete = false;
        directory.save_manifest()?;
        Ok(directory)
    }

    /// Whether each file written is named on stderr.
    #[must_use]
    pub fn announcing(mut self, announce: bool) -> Self {
        self.announce = announce;
        self
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file, beside its place first, so that an interruption never leaves half of it.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn write(&mut self, name: &str, contents: impl AsRef<[u8]>) -> Result<(), DirectoryError> {
        let path = self.path.join(name);
        replace(&path, contents.as_ref())?;
        self.record(name);
        Ok(())
    }

    /// Notes a file that something else wrote here.
    pub fn record(&mut self, name: &str) {
        let files = &mut self.manifest.runs[self.current].files;
        if !files.iter().any(|file| file == name) {
            files.push(name.into());
        }
        if self.announce {
            eprintln!("wrote {}", self.path.join(name).display());
        }
    }

    /// Notes a file that is not needed beside the results of a complete run: [`Directory::finish`] removes it.
    pub fn spend(&mut self, name: &str) {
        self.spent.push(name.into());
    }

    /// Notes how the run ended; [`Directory::finish`] saves it.
    pub fn mark(&mut self, complete: bool) {
        self.manifest.runs[self.current].complete = complete;
    }

    /// Saves how the run ended. What a complete one no longer needs is removed after that, so that no
    /// interruption loses it too early.
    ///
    /// # Errors
    /// If the manifest cannot be written.
    pub fn finish(&mut self, complete: bool) -> Result<(), DirectoryError> {
        self.mark(complete);
        self.save_manifest()?;
        self.record(MANIFEST);
        if complete {
            for name in self.spent.drain(..) {
                // A file that stays does no harm: the manifest does not name it.
                let _ = fs::remove_file(self.path.join(name));
            }
        }
        Ok(())
    }

    /// The files of this run, without the manifest.
    pub fn files(&self) -> Vec<String> {
        self.manifest.runs[self.current].files.iter().filter(|file| *file != MANIFEST).cloned().collect()
    }

    /// Whether no other run is in the directory.
    pub fn stands_alone(&self) -> bool {
        self.manifest.runs.len() == 1
    }

    /// The entry of this run.
    pub fn run(&self) -> &Run {
        &self.manifest.runs[self.current]
    }

    fn save_manifest(&self) -> Result<(), DirectoryError> {
        let path = self.path.join(MANIFEST);
        let mut manifest = self.manifest.clone();
        for run in &mut manifest.runs {
            run.files.retain(|file| file != MANIFEST);
        }
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
        replace(&path, text.as_bytes())
    }
}

/// Puts a whole file in the place of another.
fn replace(path: &Path, contents: &[u8]) -> Result<(), DirectoryError> {
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    fs::write(&fresh, contents).and_then(|()| fs::rename(&fresh, path)).map_err(io_error(path, "written"))
}

fn io_error(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> DirectoryError {
    let path = path.to_path_buf();
    move |reason| DirectoryError::Io { path, action, reason }
}

/// Reads the manifest of a directory.
///
/// # Errors
/// If there is none, or it is not one of ours.
pub fn read_manifest(path: &Path) -> Result<Manifest, DirectoryError> {
    read_json(&path.join(MANIFEST))
}

/// Reads a record from a file.
///
/// # Errors
/// If it cannot be read or is something else.
pub fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, DirectoryError> {
    let not_ours = |reason: String| DirectoryError::NotOurs { path: path.into(), reason };
    let text = fs::read_to_string(path).map_err(|error| not_ours(error.to_string()))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| not_ours(error.to_string()))?;
    if let Some(schema) = value.get("schema").and_then(Value::as_u64)
        && schema != u64::from(SCHEMA)
    {
        return Err(not_ours(format!("layout {schema}, this program reads {SCHEMA}")));
    }
    T::deserialize(value).map_err(|error| not_ours(error.to_string()))
}

/// The main job and published figures do not overwrite each other.
fn shares(specification: &Value) -> bool {
    matches!(specification["command"].as_str(), Some("mattis" | "figure"))
}

fn same_job(a: &Value, b: &Value) -> bool {
    a["command"] == b["command"] && a["name"] == b["name"]
}

/// Where two specifications first differ.
fn difference(at: &str, there: &Value, here: &Value) -> Option<String> {
    if there == here {
        return None;
    }
    let child = |key: &str| if at.is_empty() { key.to_string() } else { format!("{at}.{key}") };
    match (there, here) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            keys.find_map(|key| {
                let null = Value::Null;
                difference(&child(key), a.get(key).unwrap_or(&null), b.get(key).unwrap_or(&null))
            })
        }
        _ => Some(format!("{at} = {there} there, {here} here")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_named() {
        let a = json!({"command": "solve", "model": {"unit": {"name": "ising"}}});
        let b = json!({"command": "solve", "model": {"unit": {"name": "three-state"}}});
        assert_eq!(difference("", &a, &a), None);
        assert_eq!(
            difference("", &a, &b).unwrap(),
            "model.unit.name = \"ising\" there, \"three-state\" here"
        );
    }
}
