//! What an exact computation refuses.

/// Why a system cannot be treated exactly. The message is one line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExactError {
    /// The couplings are not a square matrix.
    #[error("{entries} couplings: expected N² with N ≥ 1")]
    NotSquare {
        /// Their number.
        entries: usize,
    },
    /// A list has the wrong length.
    #[error("{what}: {given} entries, expected {expected}")]
    Length {
        /// The list.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A number is infinite or not a number.
    #[error("{what} = {given}: expected a finite number")]
    NotFinite {
        /// The quantity.
        what: &'static str,
        /// What was given.
        given: f64,
    },
    /// The reference measure of a level is not positive.
    #[error("weight {given} of level {level}: expected a finite number > 0")]
    Weight {
        /// The level.
        level: f64,
        /// Its weight.
        given: f64,
    },
    /// A unit without a finite list of values.
    #[error(transparent)]
    Unit(#[from] mattis_model::Unsupported),
    /// Too many states.
    #[error("{levels}^{units} states: at most {limit} can be visited{}", .purpose)]
    TooLarge {
        /// Levels of a unit.
        levels: usize,
        /// Units N.
        units: usize,
        /// The limit.
        limit: usize,
        /// What for.
        purpose: &'static str,
    },
    /// A temperature that is not positive.
    #[error("temperature T = {given}: expected a finite number > 0")]
    Temperature {
        /// What was given.
        given: f64,
    },
    /// The law asked for exists for symmetric couplings only.
    #[error(
        "J[{row}][{column}] differs from its transpose by {difference:e}: this law needs symmetric couplings"
    )]
    Asymmetric {
        /// i.
        row: usize,
        /// j.
        column: usize,
        /// |J_ij − J_ji|.
        difference: f64,
    },
    /// Some state cannot be reached, at least not in floating point, so the stationary law is not unique.
    #[error(
        "state {state} cannot be left towards lower states: no unique stationary law at this temperature"
    )]
    Reducible {
        /// The state.
        state: usize,
    },
    /// Probabilities of states are beyond the range of floating point.
    #[error(
        "T = {temperature}: probabilities of states differ by e^{exponent:.0}; expected less than e^{limit:.0}"
    )]
    Unrepresentable {
        /// The temperature.
        temperature: f64,
        /// ln of their ratio.
        exponent: f64,
        /// The limit.
        limit: f64,
    },
    /// A dynamics with a direction in time has no symmetric matrix.
    #[error("an ordered sweep does not obey detailed balance: expected random order or parallel updates")]
    Irreversible,
}
