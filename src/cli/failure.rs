//! How a command ends, as an exit code.

use crate::compare::CompareError;
use crate::interactions::InteractionsError;
use crate::output::DirectoryError;
use crate::study::StudyError;
use mattis_figures::FigureError;
use mattis_model::SpecError;
use mattis_sim::SimError;
use mattis_theory::TheoryError;

/// A command that did what was asked, or stopped, or found a disagreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// Exit 0.
    Done,
    /// Exit 1 after results: they do not decide.
    Undecided(String),
    /// Exit 3.
    Stopped(String),
    /// Exit 4.
    Disagreed(String),
}

impl Ending {
    /// The worse of two.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        let rank = |ending: &Self| match ending {
            Self::Done => 0,
            Self::Undecided(_) => 1,
            Self::Disagreed(_) => 2,
            Self::Stopped(_) => 3,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }

    /// The exit code, and the line for stderr.
    pub(super) fn exit(&self) -> (u8, Option<&str>) {
        match self {
            Self::Done => (0, None),
            Self::Undecided(line) => (1, Some(line)),
            Self::Stopped(line) => (3, Some(line)),
            Self::Disagreed(line) => (4, Some(line)),
        }
    }
}

/// A command that could not do what was asked. The message is one line.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Exit 2: arguments or a study that are unknown, malformed or out of range.
    #[error("{0}")]
    Refused(String),
    /// Exit 1.
    #[error("{0}")]
    Failed(String),
    /// Exit 0: whoever read stdout has seen enough.
    #[error("the reader of stdout has gone")]
    ReaderGone,
}

impl Failure {
    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 2,
            Self::Failed(_) => 1,
            Self::ReaderGone => 0,
        }
    }
}

impl From<SpecError> for Failure {
    fn from(error: SpecError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<TheoryError> for Failure {
    fn from(error: TheoryError) -> Self {
        match error {
            TheoryError::Spec(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<SimError> for Failure {
    fn from(error: SimError) -> Self {
        match error {
            SimError::Spec(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<InteractionsError> for Failure {
    fn from(error: InteractionsError) -> Self {
        match error {
            InteractionsError::Spec(error) => error.into(),
            InteractionsError::Theory(error) => error.into(),
            InteractionsError::Draw(error) => error.into(),
            error @ InteractionsError::Unfit(_) => Self::Refused(error.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

macro_rules! failed {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Failed(error.to_string())
            }
        })*
    };
}

failed!(CompareError, DirectoryError, FigureError);

impl From<StudyError> for Failure {
    /// What a study says is refused as the same flags are; a file that cannot be read is a failure.
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Invalid { .. } => Self::Refused(error.to_string()),
            StudyError::Unreadable { .. } => Self::Failed(error.to_string()),
        }
    }
}
