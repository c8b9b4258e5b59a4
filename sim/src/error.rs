//! What can go wrong before or during a simulation.

use std::path::PathBuf;

use mattis_model::{SpecError, Unsupported};

/// A simulation that cannot be run, or whose checkpoint cannot be used. The message is one line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// The specification or the protocol says something impossible.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The engine does not treat the combination.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// A checkpoint cannot be read, written, or belongs to another run.
    #[error("checkpoint {}: {reason}", .path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// An allocation was refused before it was tried.
    #[error("{what} would need {needed} bytes of memory: expected at most {limit}")]
    Memory {
        /// What would have been allocated.
        what: String,
        /// Bytes it needs.
        needed: u128,
        /// Bytes that are allowed.
        limit: u128,
    },
}

pub(crate) use crate::memory::check_memory;
