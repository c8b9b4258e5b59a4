//! Checkpoints: one file of JSON lines, a header and then one line per finished sample.
//!
//! The header says everything that the numbers depend on, except how many samples were asked for: more
//! samples keep the old ones. A last line without its end is what an interrupted write leaves, and is
//! dropped. Samples in work have files of their own beside it, also those that the present run does not ask for.

mod packed;
mod partial;

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::SimError;
use crate::ensemble::SampleResult;

pub(crate) use packed::{Packed, Plain};
pub(crate) use partial::{Key, Partials, Place};

/// Time between two waits for the disk: what a machine without power loses. A process that ends, however it
/// does, loses no line.
const INTERVAL: Duration = Duration::from_secs(2);

/// An open checkpoint.
pub(crate) struct Checkpoint {
    path: PathBuf,
    file: Mutex<Lines>,
    partials: Partials,
}

/// The file up to its last complete line.
struct Lines {
    file: File,
    length: u64,
    saved: Instant,
}

impl Lines {
    fn append(&mut self, line: &[u8]) -> std::io::Result<()> {
        if let Err(error) = self.file.write_all(line) {
            // The next line must not follow on half of this one.
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(error);
        }
        self.length += line.len() as u64;
        if self.saved.elapsed() >= INTERVAL {
            self.file.sync_data()?;
            self.saved = Instant::now();
        }
        Ok(())
    }
}

impl Checkpoint {
    /// Opens or creates the file and reads what it and those beside it hold. Samples in work are written after
    /// this time, or as the program does it.
    pub(crate) fn open(
        path: &Path,
        header: &str,
        interval: Option<Duration>,
    ) -> Result<(Self, Vec<SampleResult>), SimError> {
        let fail = |reason: String| SimError::Checkpoint { path: path.into(), reason };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| fail(format!("cannot be opened: {error}")))?;
        if let Err(std::fs::TryLockError::WouldBlock) = file.try_lock() {
            return Err(fail("is in use by another run".into()));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| fail(format!("cannot be read: {error}")))?;
        let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if complete == 0 && !header.as_bytes().starts_with(&bytes) {
            return Err(fail("is not a checkpoint of this program: expected another file or none".into()));
        }
        let text = std::str::from_utf8(&bytes[..complete])
            .map_err(|_| fail("is not text: expected a checkpoint of this program".into()))?;
        let mut lines = text.lines();
        if let Some(found) = lines.next()
            && found != header
        {
            return Err(fail(refusal(found, header)));
        }
        let mut kept: Vec<SampleResult> = Vec::new();
        for (number, line) in lines.enumerate() {
            let result = serde_json::from_str(line).map_err(|error| {
                fail(format!("line {} is damaged ({error}): expected a sample", number + 2))
            })?;
            kept.push(result);
        }
        let finished: BTreeSet<Key> = kept.iter().map(|result| (result.point, result.sample)).collect();
        let partials = Partials::open(path, header, interval, &finished)?;
        let prepare = |file: &mut File| -> std::io::Result<u64> {
            file.set_len(complete as u64)?;
            file.seek(SeekFrom::End(0))?;
            if complete == 0 {
                file.write_all(format!("{header}\n").as_bytes())?;
                file.sync_data()?;
            }
            file.stream_position()
        };
        let length = prepare(&mut file).map_err(|error| fail(format!("cannot be written: {error}")))?;
        let lines = Lines { file, length, saved: Instant::now() };
        Ok((Self { path: path.into(), file: Mutex::new(lines), partials }, kept))
    }

    /// The samples in work.
    pub(crate) fn partials(&self) -> &Partials {
        &self.partials
    }

    /// Adds a finished sample, which is in work no more.
    pub(crate) fn append(&self, result: &SampleResult) -> Result<(), SimError> {
        let mut line = serde_json::to_string(result)
            .map_err(|error| self.fail(&format!("cannot be written: {error}")))?;
        line.push('\n');
        let mut lines = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (result.point, result.sample);
        let was_kept = self.partials.holds(key);
        let add = |lines: &mut Lines| -> std::io::Result<()> {
            lines.append(line.as_bytes())?;
            // The line is on the disk before the other file is gone.
            if was_kept { lines.file.sync_data() } else { Ok(()) }
        };
        add(&mut lines).map_err(|error| self.fail(&format!("cannot be written: {error}")))?;
        drop(lines);
        if was_kept { self.partials.forget(key) } else { Ok(()) }
    }

    /// Waits until everything is on the disk.
    pub(crate) fn finish(&self) -> Result<(), SimError> {
        let lines = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        lines.file.sync_data().map_err(|error| self.fail(&format!("cannot be written: {error}")))
    }

    fn fail(&self, reason: &str) -> SimError {
        SimError::Checkpoint { path: self.path.clone(), reason: reason.into() }
    }
}

/// The files of a checkpoint: what samples in work have left beside it, those of an earlier run that asked for more
/// among them, and last itself. Without them a run begins anew.
///
/// # Errors
/// If its directory cannot be listed.
pub fn checkpoint_files(path: &Path) -> Result<Vec<PathBuf>, SimError> {
    let beside = partial::beside(path)?;
    Ok(beside.into_iter().chain(path.exists().then(|| path.into())).collect())
}

/// Keys of a header that say which program wrote it.
const PROGRAM: [&str; 4] = ["format", "schema", "generator", "version"];

/// Why a header is not the one that was expected: the first key in which they differ.
fn refusal(found: &str, expected: &str) -> String {
    let nearest = "expected the same command, or another directory";
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(Value::Object(found)), Some(Value::Object(expected))) = (parse(found), parse(expected)) else {
        return format!("belongs to another specification (its first line is no header): {nearest}");
    };
    let null = Value::Null;
    for key in PROGRAM {
        let (there, here) = (found.get(key).unwrap_or(&null), expected.get(key).unwrap_or(&null));
        if there != here {
            return format!(
                "was written by another version (its {key} is {there}, here {here}): expected that version, or another directory"
            );
        }
    }
    for (key, value) in &expected {
        let other = found.get(key);
        if other == Some(value) {
            continue;
        }
        let part = match (value, other) {
            (Value::Object(inner), Some(Value::Object(other))) => {
                inner.iter().find(|(part, value)| other.get(*part) != Some(value)).map(|(part, _)| part)
            }
            _ => None,
        };
        let part = part.map_or_else(String::new, |part| format!(".{part}"));
        return format!("belongs to another specification (its {key}{part} differs): {nearest}");
    }
    format!("belongs to another specification (it has other keys): {nearest}")
}
