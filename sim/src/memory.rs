//! How much memory there is, and how many samples it holds at a time.

use std::sync::OnceLock;

use crate::SimError;

/// Largest table that a network may allocate, in bytes; less where the machine has less.
pub const MEMORY_LIMIT: u128 = 8 << 30;

/// Refuses a table larger than [`MEMORY_LIMIT`] or the machine's memory.
pub(crate) fn check_memory(what: impl Into<String>, needed: u128) -> Result<(), SimError> {
    let limit = machine().map_or(MEMORY_LIMIT, |all| all.min(MEMORY_LIMIT));
    if needed > limit {
        return Err(SimError::Memory { what: what.into(), needed, limit });
    }
    Ok(())
}

/// Bytes that this process can have, where the system says: the machine's memory, or what its control group may use.
pub(crate) fn machine() -> Option<u128> {
    static FOUND: OnceLock<Option<u128>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let all = total(&read("/proc/meminfo"));
        let group = read("/sys/fs/cgroup/memory.max").trim().parse().ok();
        all.into_iter().chain(group).min()
    })
}

/// `MemTotal` of Linux.
fn total(text: &str) -> Option<u128> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u128 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024 * kibibytes)
}

/// How many samples of a size may run at a time.
///
/// # Errors
/// If not even one fits.
pub(crate) fn places(
    what: impl FnOnce() -> String,
    bytes: u128,
    threads: usize,
    machine: Option<u128>,
) -> Result<usize, SimError> {
    let Some(limit) = machine else { return Ok(threads) };
    if bytes > limit {
        return Err(SimError::Memory { what: what(), needed: bytes, limit });
    }
    Ok(usize::try_from(limit / bytes.max(1)).map_or(threads, |places| places.min(threads)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says() {
        let text = "MemTotal:       24566780 kB\nMemFree:        22851004 kB\n";
        assert_eq!(total(text), Some(24_566_780 * 1024));
        assert_eq!(total("MemFree: 3 kB\n"), None);
        assert_eq!(total(""), None);
    }

    #[test]
    fn samples_that_do_not_fit_wait_or_are_refused() {
        let at_once = |bytes, threads, all| places(|| "a sample".into(), bytes, threads, all);
        assert_eq!(at_once(3 << 30, 8, Some(10 << 30)), Ok(3));
        assert_eq!(at_once(10 << 30, 8, Some(10 << 30)), Ok(1));
        assert_eq!(at_once(1, 8, Some(10 << 30)), Ok(8));
        assert_eq!(at_once(0, 8, Some(10 << 30)), Ok(8));
        assert_eq!(at_once(u128::MAX, 8, None), Ok(8));
        let message = at_once(11 << 30, 1, Some(10 << 30)).expect_err("too large").to_string();
        assert_eq!(message, "a sample would need 11811160064 bytes of memory: expected at most 10737418240");
    }
}
