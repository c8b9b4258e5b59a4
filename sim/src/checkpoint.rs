//! Checkpoints: one file of JSON lines, a header and then one line per finished sample.
//!
//! The header says everything that the numbers depend on, except how many samples were asked for: more
//! samples keep the old ones. A last line without its end is what an interrupted write leaves, and is
//! dropped.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::SimError;
use crate::ensemble::SampleResult;

/// Lines between two waits for the disk.
const BATCH: usize = 16;

/// An open checkpoint.
pub(crate) struct Checkpoint {
    path: PathBuf,
    file: Mutex<(File, usize)>,
}

impl Checkpoint {
    /// Opens or creates the file and reads what it holds.
    pub(crate) fn open(path: &Path, header: &str) -> Result<(Self, Vec<SampleResult>), SimError> {
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
            return Err(fail(format!(
                "belongs to another specification ({}): expected the same command, or another directory",
                difference(found, header)
            )));
        }
        let mut kept = Vec::new();
        for (number, line) in lines.enumerate() {
            let result = serde_json::from_str(line).map_err(|error| {
                fail(format!("line {} is damaged ({error}): expected a sample", number + 2))
            })?;
            kept.push(result);
        }
        let prepare = |file: &mut File| -> std::io::Result<()> {
            file.set_len(complete as u64)?;
            file.seek(SeekFrom::End(0))?;
            if complete == 0 {
                file.write_all(format!("{header}\n").as_bytes())?;
                file.sync_data()?;
            }
            Ok(())
        };
        prepare(&mut file).map_err(|error| fail(format!("cannot be written: {error}")))?;
        Ok((Self { path: path.into(), file: Mutex::new((file, 0)) }, kept))
    }

    /// Adds a finished sample.
    pub(crate) fn append(&self, result: &SampleResult) -> Result<(), SimError> {
        let mut line = serde_json::to_string(result)
            .map_err(|error| self.fail(&format!("cannot be written: {error}")))?;
        line.push('\n');
        let mut guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, unsaved) = &mut *guard;
        let mut write = || -> std::io::Result<()> {
            file.write_all(line.as_bytes())?;
            *unsaved += 1;
            if *unsaved >= BATCH {
                *unsaved = 0;
                file.sync_data()?;
            }
            Ok(())
        };
        write().map_err(|error| self.fail(&format!("cannot be written: {error}")))
    }

    /// Waits until everything is on the disk.
    pub(crate) fn finish(&self) -> Result<(), SimError> {
        let guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        guard.0.sync_data().map_err(|error| self.fail(&format!("cannot be written: {error}")))
    }

    fn fail(&self, reason: &str) -> SimError {
        SimError::Checkpoint { path: self.path.clone(), reason: reason.into() }
    }
}

/// The first key in which two headers differ.
fn difference(found: &str, expected: &str) -> String {
    use serde_json::Value;
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(Value::Object(found)), Some(Value::Object(expected))) = (parse(found), parse(expected)) else {
        return "its first line is no header".into();
    };
    for (key, value) in &expected {
        let other = found.get(key);
        if other == Some(value) {
            continue;
        }
        if let (Value::Object(inner), Some(Value::Object(other))) = (value, other)
            && let Some((part, _)) = inner.iter().find(|(part, value)| other.get(*part) != Some(value))
        {
            return format!("its {key}.{part} differs");
        }
        return format!("its {key} differs");
    }
    "it has other keys".into()
}
