//! Values that a command line and a study file write alike: lists of alternatives, grids.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use mattis_model::record::CapacityMethod;
use mattis_model::{Control, Encoding, Load, Patterns, SpecError, Unit, Update, grid};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Alternatives: `a,b` on a command line; one value or an array in a file. What is said twice counts once.
#[derive(Debug, Clone, PartialEq)]
pub struct Many<T>(pub Vec<T>);

/// The values in their order, each where it first stands.
fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// What a list of alternatives can hold.
pub trait Listed: FromStr {
    /// The values that one part of a list stands for.
    ///
    /// # Errors
    /// If it stands for none.
    fn part(text: &str) -> Result<Vec<Self>, Self::Err> {
        text.parse().map(|one| vec![one])
    }
}

impl Listed for Unit {}
impl Listed for Patterns {}
impl Listed for Update {}
impl Listed for Encoding {}
impl Listed for usize {}
impl Listed for Size {}

/// A grid a:b:n or log:a:b:n of counts is one of whole numbers.
impl Listed for Count {
    fn part(text: &str) -> Result<Vec<Self>, SpecError> {
        if !text.contains(':') {
            return Ok(vec![text.parse()?]);
        }
        let logarithmic = text.starts_with("log:");
        let whole = |value: f64| {
            let number = value.round();
            if logarithmic || (value - number).abs() <= 1e-9 * number.abs().max(1.0) {
                return Self::checked(number.max(0.0) as usize);
            }
            Err(SpecError::out_of_range("number of memories p", value, "a grid of whole numbers"))
        };
        grid(text)?.into_iter().map(whole).collect()
    }
}

impl<T: Listed + PartialEq> FromStr for Many<T> {
    type Err = T::Err;
    fn from_str(text: &str) -> Result<Self, T::Err> {
        let parts = text.split(',').map(|part| T::part(part.trim())).collect::<Result<Vec<_>, _>>()?;
        Ok(Self(distinct(parts.into_iter().flatten().collect())))
    }
}

impl<T: Serialize> Serialize for Many<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de> + PartialEq + Listed<Err: fmt::Display>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Alternatives<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + PartialEq + Listed<Err: fmt::Display>> Visitor<'de> for Alternatives<T> {
            type Value = Many<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value NAME:key=value, a table with `name`, or an array of these")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Many<T>, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Many<T>, E> {
                number.to_string().parse().map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Many<T>, E> {
                number.to_string().parse().map_err(E::custom)
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Many<T>, E> {
                number.to_string().parse().map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Many<T>, A::Error> {
                let several = Vec::<T>::deserialize(SeqAccessDeserializer::new(seq))?;
                if several.is_empty() {
                    Err(A::Error::custom("an empty array says nothing"))
                } else {
                    Ok(Many(distinct(several)))
                }
            }
        }
        deserializer.deserialize_any(Alternatives(PhantomData))
    }
}

/// A quantity with a range, given as a number, a list or a grid.
pub trait Ranged {
    /// Refuses a number out of range.
    ///
    /// # Errors
    /// If it is.
    fn check(value: f64) -> Result<(), SpecError>;
}

/// The load α.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha;

impl Ranged for Alpha {
    fn check(value: f64) -> Result<(), SpecError> {
        Control::new(value, 0.0).validate()
    }
}

/// A share of active components, or a sparseness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activity;

impl Ranged for Activity {
    fn check(value: f64) -> Result<(), SpecError> {
        if value > 0.0 && value <= 1.0 {
            return Ok(());
        }
        Err(SpecError::out_of_range("activity", value, "a number above 0, at most 1"))
    }
}

/// An overlap with a memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap;

impl Ranged for Overlap {
    fn check(value: f64) -> Result<(), SpecError> {
        if (-1.0..=1.0).contains(&value) {
            return Ok(());
        }
        Err(SpecError::out_of_range("overlap", value, "a number from -1 to 1"))
    }
}

/// The temperature T.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Temperature;

impl Ranged for Temperature {
    fn check(value: f64) -> Result<(), SpecError> {
        Control { load: Load::Empty, temperature: value }.validate()
    }
}

/// Values of a quantity: `0.05`, `0.03,0.05`, `0.01:0.13:13`, `log:1e-4:0.1:7`.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid<Q> {
    /// The values, each in range and there once.
    pub values: Vec<f64>,
    quantity: PhantomData<Q>,
}

impl<Q: Ranged> Grid<Q> {
    /// Values in range.
    ///
    /// # Errors
    /// If one is not.
    pub fn new(values: Vec<f64>) -> Result<Self, SpecError> {
        values.iter().try_for_each(|value| Q::check(*value))?;
        Ok(Self { values: distinct(values), quantity: PhantomData })
    }
}

impl<Q: Ranged> FromStr for Grid<Q> {
    type Err = SpecError;
    fn from_str(text: &str) -> Result<Self, SpecError> {
        match text.trim().parse::<f64>() {
            Ok(number) => Self::new(vec![number]),
            Err(_) => Self::new(grid(text)?),
        }
    }
}

impl<Q> Serialize for Grid<Q> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.values[..] {
            [one] => one.serialize(serializer),
            _ => self.values.serialize(serializer),
        }
    }
}

impl<'de, Q: Ranged> Deserialize<'de> for Grid<Q> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "expected a number, a list of numbers, or a grid such as \"0.01:0.13:13\""
        )]
        enum Form {
            Number(f64),
            List(Vec<f64>),
            Text(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Number(number) => Self::new(vec![number]),
            Form::List(list) if list.is_empty() => {
                return Err(D::Error::custom("an empty list says nothing"));
            }
            Form::List(list) => Self::new(list),
            Form::Text(text) => text.parse(),
        }
        .map_err(D::Error::custom)
    }
}

/// The text itself, if it can be read as a `T`.
pub(super) fn checked<T: FromStr>(text: &str) -> Result<String, T::Err> {
    text.parse::<T>().map(|_| text.to_string())
}

/// A method of `capacity`.
pub(super) fn method(text: &str) -> Result<CapacityMethod, String> {
    match text.trim().replace('-', "_").as_str() {
        "replica_symmetric" => Ok(CapacityMethod::ReplicaSymmetric),
        "stability" => Ok(CapacityMethod::Stability),
        _ => Err(format!("`{text}`: expected replica_symmetric or stability")),
    }
}

/// A whole number above 0.
///
/// # Errors
/// If the text is anything else.
pub fn positive(text: &str) -> Result<usize, String> {
    match text.trim().parse::<usize>() {
        Ok(0) | Err(_) => Err(format!("`{text}`: expected a whole number ≥ 1")),
        Ok(number) => Ok(number),
    }
}

/// A number above 0.
///
/// # Errors
/// If the text is anything else.
pub fn positive_number(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err(format!("`{text}`: expected a finite number > 0")),
    }
}

/// A whole number with a least value, refused below it wherever it is read.
macro_rules! whole {
    ($(#[$doc:meta])* $name:ident, $what:literal, $least:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub usize);

        impl $name {
            fn checked(number: usize) -> Result<Self, SpecError> {
                if number < $least {
                    return Err(SpecError::out_of_range($what, number, $expected));
                }
                Ok(Self(number))
            }
        }

        impl FromStr for $name {
            type Err = SpecError;
            fn from_str(text: &str) -> Result<Self, SpecError> {
                text.parse()
                    .map_err(|_| SpecError::out_of_range($what, text, $expected))
                    .and_then(Self::checked)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::checked(usize::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

whole! {
    /// A network size: at least two units.
    Size, "size N", 2, "a whole number ≥ 2: one unit has no coupling"
}

whole! {
    /// A finite number of memories.
    Count, "number of memories p", 1, "a whole number ≥ 1"
}
