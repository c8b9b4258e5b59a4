//! Integers in records: JSON readers that hold numbers as doubles lose those beyond 2⁵³, so such
//! integers are written as strings. Both forms are read.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

const EXACT: u64 = 1 << 53;

/// Writes a number up to 2⁵³, a string beyond.
///
/// # Errors
/// Whatever the serializer reports.
#[allow(clippy::trivially_copy_pass_by_ref)] // the signature is serde's
pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    if *value <= EXACT { serializer.serialize_u64(*value) } else { serializer.collect_str(value) }
}

/// Reads a number or a string of digits.
///
/// # Errors
/// If it is neither.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Digits(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Digits(digits) => digits
            .parse()
            .map_err(|_| D::Error::custom(format!("expected a non-negative integer, found {digits:?}"))),
    }
}

/// The same where the number may be missing.
pub mod optional {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a number up to 2⁵³, a string beyond, `null` where there is none.
    ///
    /// # Errors
    /// Whatever the serializer reports.
    #[allow(clippy::ref_option)] // the signature is serde's
    pub fn serialize<S: Serializer>(value: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a number, a string of digits, or nothing.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Number(#[serde(with = "super")] u64);
        Ok(Option::<Number>::deserialize(deserializer)?.map(|number| number.0))
    }
}
