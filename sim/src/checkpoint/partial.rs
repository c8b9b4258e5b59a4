//! Samples in work: one file each beside the checkpoint, its header, a line with the sample, and a sum over both.
//!
//! A file is written beside its place first, so that what is there is whole whenever the program ends. It is
//! removed when the line of its sample is in the checkpoint.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::refusal;
use crate::SimError;
use crate::run::Kept;

/// Time between two writes of a sample.
const INTERVAL: Duration = Duration::from_secs(30);

/// What a write must not take more than one part of.
const PARTS: u32 = 100;

/// A sample by its point and its number.
pub(crate) type Key = (usize, usize);

/// The files of one checkpoint.
pub(crate) struct Partials {
    /// The checkpoint.
    path: PathBuf,
    header: String,
    interval: Duration,
    /// What earlier sessions left.
    found: Mutex<BTreeMap<Key, Kept<'static>>>,
}

impl Partials {
    /// Reads what there is beside a checkpoint, and removes what is not needed: halves of writes, and samples that
    /// were finished.
    pub(super) fn open(
        path: &Path,
        header: &str,
        interval: Option<Duration>,
        finished: &BTreeSet<Key>,
    ) -> Result<Self, SimError> {
        let mut found = BTreeMap::new();
        for (file, name) in listed(path)? {
            if let Name::Place(key) = name
                && !finished.contains(&key)
            {
                found.insert(key, read(&file, header, key)?);
            } else {
                remove(&file)?;
            }
        }
        let interval = interval.unwrap_or(INTERVAL);
        Ok(Self { path: path.into(), header: header.into(), interval, found: Mutex::new(found) })
    }

    /// Sweeps of a sample that earlier sessions did.
    pub(crate) fn sweeps(&self, key: Key) -> usize {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map_or(0, Kept::sweeps)
    }

    /// The place of one sample, which begins now.
    pub(crate) fn place(&self, key: Key) -> Place<'_> {
        Place { partials: self, key, last: Instant::now(), wait: self.interval }
    }

    /// Removes the file of a sample, if there is one.
    pub(super) fn forget(&self, key: Key) -> Result<(), SimError> {
        remove(&self.file(key))
    }

    /// Whether a sample has a file.
    pub(super) fn holds(&self, key: Key) -> bool {
        self.file(key).exists()
    }

    fn file(&self, (point, sample): Key) -> PathBuf {
        with_ending(&self.path, &format!(".{point}-{sample}{ENDING}"))
    }
}

/// Where one sample keeps itself while it is run.
pub(crate) struct Place<'a> {
    partials: &'a Partials,
    key: Key,
    last: Instant,
    wait: Duration,
}

impl Place<'_> {
    /// Which sample it is.
    pub(crate) fn key(&self) -> Key {
        self.key
    }

    /// The sample as an earlier session left it, once.
    pub(crate) fn take(&self) -> Option<Kept<'static>> {
        self.partials.found.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key)
    }

    /// Whether it is time to write; the clock is looked at only if it is worth a `look`.
    pub(crate) fn is_due(&self, look: bool) -> bool {
        self.wait.is_zero() || look && self.last.elapsed() >= self.wait
    }

    /// Writes the sample, in the place of what was there.
    pub(crate) fn write(&mut self, kept: &Kept<'_>) -> Result<(), SimError> {
        let start = Instant::now();
        let file = self.partials.file(self.key);
        let fresh = with_ending(&file, FRESH);
        let write = || -> io::Result<()> {
            let mut out = Summed { inner: BufWriter::new(File::create(&fresh)?), sum: SUM_OF_NOTHING };
            writeln!(out, "{}", self.partials.header)?;
            serde_json::to_writer(&mut out, kept)?;
            writeln!(out)?;
            let Summed { mut inner, sum } = out;
            inner.write_all(last_line(sum).as_bytes())?;
            inner.into_inner()?.sync_data()?;
            fs::rename(&fresh, &file)
        };
        write().map_err(|error| {
            // What is left of it is removed when the checkpoint is opened again, if it cannot be now.
            let _ = fs::remove_file(&fresh);
            fail(&file, format!("cannot be written: {error}"))
        })?;
        self.last = Instant::now();
        if !self.wait.is_zero() {
            self.wait = self.partials.interval.max(PARTS * start.elapsed());
        }
        Ok(())
    }

    /// That a part of what was kept, by its key, does not fit the sample.
    pub(crate) fn unfit(&self, part: &str) -> SimError {
        damaged(&self.partials.file(self.key), &format!("line 2: `{part}` does not fit this sample"))
    }
}

/// How names end, after that of the checkpoint, the point and the sample.
const ENDING: &str = ".part";
/// The same of a file that is being written.
const FRESH: &str = ".new";

/// What a name means.
enum Name {
    Place(Key),
    Fresh,
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The files of a checkpoint and what they are.
fn listed(path: &Path) -> Result<Vec<(PathBuf, Name)>, SimError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stem = path.file_name().unwrap_or_default().to_string_lossy();
    let number = |text: &str| {
        let number: usize = text.parse().ok()?;
        (number.to_string() == text).then_some(number)
    };
    let meaning = |name: &str| {
        let name = name.strip_prefix(&*stem)?.strip_prefix('.')?;
        let (name, fresh) = name.strip_suffix(FRESH).map_or((name, false), |name| (name, true));
        let (point, sample) = name.strip_suffix(ENDING)?.split_once('-')?;
        let key = (number(point)?, number(sample)?);
        Some(if fresh { Name::Fresh } else { Name::Place(key) })
    };
    let names = || -> io::Result<Vec<(PathBuf, Name)>> {
        let mut out = Vec::new();
        for entry in fs::read_dir(parent)? {
            let entry = entry?;
            out.extend(meaning(&entry.file_name().to_string_lossy()).map(|name| (entry.path(), name)));
        }
        out.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(out)
    };
    names().map_err(|error| fail(path, format!("what is beside it cannot be listed: {error}")))
}

/// All files that samples in work have left.
pub(super) fn beside(path: &Path) -> Result<Vec<PathBuf>, SimError> {
    Ok(listed(path)?.into_iter().map(|(file, _)| file).collect())
}

fn read(file: &Path, header: &str, key: Key) -> Result<Kept<'static>, SimError> {
    let text = fs::read(file).map_err(|error| fail(file, format!("cannot be read: {error}")))?;
    let text = String::from_utf8(text).map_err(|_| damaged(file, "it is not text"))?;
    // What it is comes first: of another version the rest may mean something else.
    let found = text.split_inclusive('\n').next().and_then(|line| line.strip_suffix('\n'));
    let found = found.ok_or_else(|| damaged(file, "line 1 has no end"))?;
    if found != header {
        return Err(fail(file, refusal(found, header)));
    }
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    let [first, second, _] = ends[..] else { return Err(damaged(file, "it has not three lines")) };
    if text[second..] != last_line(summed(SUM_OF_NOTHING, &text.as_bytes()[..second])) {
        return Err(damaged(file, "line 3 is not the sum of the others"));
    }
    let kept: Kept<'static> = serde_json::from_str(&text[first..second - 1])
        .map_err(|error| damaged(file, &format!("line 2: {error}")))?;
    if !kept.is_of(key) {
        return Err(damaged(file, "its name is that of another sample"));
    }
    Ok(kept)
}

/// The sum of no bytes.
const SUM_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// The sum with more bytes (Fowler, Noll & Vo, 64 bits, 1a).
fn summed(sum: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(sum, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The line that ends a file: the sum of everything before.
fn last_line(sum: u64) -> String {
    format!("{{\"sum\":\"{sum:016x}\"}}\n")
}

/// A writer that sums what passes.
struct Summed<W> {
    inner: W,
    sum: u64,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.sum = summed(self.sum, &bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A file that is not there any more is as good as removed.
fn remove(file: &Path) -> Result<(), SimError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(fail(file, format!("cannot be removed: {error}")))
        }
        _ => Ok(()),
    }
}

fn fail(path: &Path, reason: String) -> SimError {
    SimError::Checkpoint { path: path.into(), reason }
}

fn damaged(file: &Path, what: &str) -> SimError {
    let nearest =
        "expected a sample in work as this program writes it; without the file the sample begins anew";
    fail(file, format!("is damaged ({what}): {nearest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_known_one() {
        assert_eq!(last_line(SUM_OF_NOTHING), "{\"sum\":\"cbf29ce484222325\"}\n");
        assert_eq!(summed(SUM_OF_NOTHING, b"foobar"), 0x8594_4171_f739_67e8);
        let mut out = Summed { inner: Vec::new(), sum: SUM_OF_NOTHING };
        out.write_all(b"foo").unwrap();
        out.write_all(b"bar").unwrap();
        assert_eq!((&*out.inner, out.sum), (&b"foobar"[..], 0x8594_4171_f739_67e8));
    }
}
