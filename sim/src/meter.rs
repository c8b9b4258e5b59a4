//! How far a run is, and how fast.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Samples that are finished, those of earlier sessions among them.
    pub done: usize,
    /// All samples.
    pub total: usize,
    /// Unit updates of this session, also of samples that are not finished; a sweep of both replicas is 2N.
    pub updates: u64,
    /// Unit updates that the samples which were missing when the session began needed then, without the sweeps of them
    /// that earlier sessions did.
    pub all_updates: u64,
}

/// Milliseconds between two reports within a sample.
const INTERVAL: u64 = 100;

/// Updates after which a sample looks at the clock: less than a hundredth of a second, unless one sweep is longer.
const BATCH: u64 = 1 << 17;

/// Adds up what all threads do.
pub(crate) struct Meter<'a> {
    report: Option<&'a (dyn Fn(Progress) + Sync)>,
    total: usize,
    all_updates: u64,
    done: AtomicUsize,
    updates: AtomicU64,
    start: Instant,
    /// Milliseconds after the start when the next report within a sample is due.
    due: AtomicU64,
}

impl<'a> Meter<'a> {
    /// Starts with some samples done, and reports that.
    pub(crate) fn new(
        report: Option<&'a (dyn Fn(Progress) + Sync)>,
        (done, total): (usize, usize),
        all_updates: u64,
    ) -> Self {
        let meter = Self {
            report,
            total,
            all_updates,
            done: AtomicUsize::new(done),
            updates: AtomicU64::new(0),
            start: Instant::now(),
            due: AtomicU64::new(INTERVAL),
        };
        meter.tell(done);
        meter
    }

    fn tell(&self, done: usize) {
        if let Some(report) = self.report {
            let updates = self.updates.load(Ordering::Relaxed);
            report(Progress { done, total: self.total, updates, all_updates: self.all_updates });
        }
    }

    /// Notes a finished sample.
    pub(crate) fn finished(&self) {
        self.tell(self.done.fetch_add(1, Ordering::Relaxed) + 1);
    }

    /// The counter of one sample.
    pub(crate) fn count(&self) -> Count<'_> {
        Count { meter: self, pending: 0 }
    }

    /// Reports within a sample, if that is due.
    fn look(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let due = self.due.load(Ordering::Relaxed);
        let next = now.saturating_add(INTERVAL);
        // Of several threads one reports.
        if now >= due && self.due.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.tell(self.done.load(Ordering::Relaxed));
        }
    }
}

/// What one sample does; the rest of it is added when it ends.
pub(crate) struct Count<'a> {
    meter: &'a Meter<'a>,
    pending: u64,
}

impl Count<'_> {
    /// Adds updates; whether there were enough since the last look at the clock for another.
    pub(crate) fn add(&mut self, updates: u64) -> bool {
        self.pending += updates;
        let enough = self.pending >= BATCH;
        if enough {
            self.flush();
            self.meter.look();
        }
        enough
    }

    /// Reports now.
    pub(crate) fn report(&mut self) {
        self.flush();
        self.meter.tell(self.meter.done.load(Ordering::Relaxed));
    }

    fn flush(&mut self) {
        self.meter.updates.fetch_add(std::mem::take(&mut self.pending), Ordering::Relaxed);
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_long_sample_reports_and_not_too_often() {
        let heard = Mutex::new(Vec::new());
        let report = |progress: Progress| heard.lock().expect("one thread").push(progress);
        let meter = Meter::new(Some(&report), (3, 5), 1000 * BATCH);
        let start = Instant::now();
        {
            let mut count = meter.count();
            while start.elapsed().as_millis() < 350 {
                count.add(BATCH);
            }
            count.add(7);
        }
        meter.finished();
        let heard = heard.into_inner().expect("one thread");
        let last = heard.last().expect("reports");
        assert_eq!((heard[0].done, heard[0].updates, last.done, last.total), (3, 0, 4, 5));
        assert_eq!(last.updates % BATCH, 7);
        assert!(heard.windows(2).all(|pair| pair[0].updates <= pair[1].updates));
        // At the start, at the end, and three times or less between.
        assert!((3..=5).contains(&heard.len()), "{}", heard.len());
    }
}
