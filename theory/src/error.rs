//! What can go wrong when solving.

use mattis_model::{SpecError, Unsupported};

/// Errors of the theory. The message is one line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TheoryError {
    /// The specification or the control point is wrong.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The closure does not treat this model.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// An exact computation refuses.
    #[error(transparent)]
    Exact(#[from] crate::exact::ExactError),
    /// The equations have no such solution here.
    #[error("no {state} state at {at}: {because}")]
    NoSuchState {
        /// The state.
        state: String,
        /// The control point.
        at: String,
        /// The reason.
        because: String,
    },
    /// A solve that should have converged did not.
    #[error("{state} at {at} did not converge: residual {residual:.1e} after the last step")]
    NotConverged {
        /// The state.
        state: String,
        /// The control point.
        at: String,
        /// The residual reached.
        residual: f64,
    },
}
