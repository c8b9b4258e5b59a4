//! Errors of a specification, and combinations that an engine does not treat.

/// A specification that says something impossible or unknown. The message is one line: what, where,
/// what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// No entry of that name.
    #[error("unknown {what} `{name}`: expected one of {expected}{}", suggestion(.nearest.as_deref()))]
    UnknownName {
        /// The part of the model.
        what: &'static str,
        /// What was given.
        name: String,
        /// The known names.
        expected: String,
        /// The closest of them.
        nearest: Option<String>,
    },
    /// The entry has no such parameter.
    #[error("{what} `{name}` has no parameter `{parameter}`: expected {expected}")]
    UnknownParameter {
        /// The part of the model.
        what: &'static str,
        /// The entry.
        name: String,
        /// What was given.
        parameter: String,
        /// The known parameters.
        expected: String,
    },
    /// A number is out of its range, not finite, or not a number.
    #[error("{quantity} = {given}: expected {expected}")]
    OutOfRange {
        /// The quantity.
        quantity: String,
        /// What was given.
        given: String,
        /// The range.
        expected: String,
    },
    /// Text that does not have the form of a value.
    #[error("`{given}` is not {expected}")]
    Malformed {
        /// What was given.
        given: String,
        /// The form.
        expected: String,
    },
}

impl SpecError {
    /// A number outside its range.
    pub fn out_of_range(
        quantity: impl Into<String>,
        given: impl std::fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        let given = format!("{given}");
        Self::OutOfRange { quantity: quantity.into(), given, expected: expected.into() }
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// A combination of parts that an engine cannot treat.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{by} does not treat {what}: {because}; nearest: {nearest}")]
pub struct Unsupported {
    /// The part or combination.
    pub what: String,
    /// The engine.
    pub by: String,
    /// The reason.
    pub because: String,
    /// What it does treat.
    pub nearest: String,
}

impl Unsupported {
    /// States what is not supported, by which engine, why, and what comes nearest.
    pub fn new(
        what: impl Into<String>,
        by: impl Into<String>,
        because: impl Into<String>,
        nearest: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), by: by.into(), because: because.into(), nearest: nearest.into() }
    }
}
