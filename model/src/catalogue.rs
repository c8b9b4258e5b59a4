//! Named entries with parameters: one mechanism for every part of a model.
//!
//! A part is written `NAME[:key=value[:key=value…]]` on a command line, and as that text or a table
//! `{ name = "NAME", key = value }` in TOML and JSON. Each part has a list of [`Entry`]s; what a name
//! means, its parameters, formula and source stand in one place.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::SpecError;

/// A number or a word, the value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A word.
    Word(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// A parameter of an entry, with its default.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// Its default; the type of the default is the type of the parameter.
    pub default: Fallback,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// A default in a constant table.
#[derive(Debug, Clone, Copy)]
pub enum Fallback {
    /// A number.
    Number(f64),
    /// A word.
    Word(&'static str),
}

/// One entry of a catalogue.
pub struct Entry<T: 'static> {
    /// The name, in kebab case.
    pub name: &'static str,
    /// Other names that are accepted.
    pub aliases: &'static [&'static str],
    /// Its defining formula.
    pub formula: &'static str,
    /// The paper.
    pub source: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Builds the value; refuses parameters out of range.
    pub build: fn(&Arguments) -> Result<T, SpecError>,
}

/// The parameters of one value, defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Arguments {
    name: String,
    values: BTreeMap<String, Value>,
}

impl Arguments {
    /// A finite number.
    ///
    /// # Errors
    /// If it is a word, infinite or NaN.
    pub fn number(&self, key: &str) -> Result<f64, SpecError> {
        match self.values.get(key) {
            Some(Value::Number(number)) if number.is_finite() => Ok(*number),
            other => Err(SpecError::out_of_range(
                format!("{} of {}", key, self.name),
                other.map_or_else(|| "nothing".into(), ToString::to_string),
                "a finite number",
            )),
        }
    }

    /// A value as it was written, for parameters with a syntax of their own.
    pub fn text(&self, key: &str) -> String {
        self.values.get(key).map(ToString::to_string).unwrap_or_default()
    }

    /// A whole number between two bounds, both included.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn whole(&self, key: &str, least: usize, most: usize) -> Result<usize, SpecError> {
        match self.values.get(key) {
            Some(Value::Number(x)) if x.fract() == 0.0 && *x >= least as f64 && *x <= most as f64 => {
                Ok(*x as usize)
            }
            other => Err(SpecError::out_of_range(
                format!("{} of {}", key, self.name),
                other.map_or_else(|| "nothing".into(), ToString::to_string),
                format!("a whole number from {least} to {most}"),
            )),
        }
    }

    /// A word out of a list.
    ///
    /// # Errors
    /// If it is not in the list.
    pub fn word<'a>(&self, key: &str, allowed: &[&'a str]) -> Result<&'a str, SpecError> {
        let given = self.values.get(key).map(ToString::to_string).unwrap_or_default();
        allowed.iter().find(|word| **word == given).copied().ok_or_else(|| {
            SpecError::out_of_range(
                format!("{} of {}", key, self.name),
                given,
                format!("one of {}", allowed.join(", ")),
            )
        })
    }
}

/// A type whose values are chosen from a list of named entries.
pub trait Catalogued: Sized + 'static {
    /// What the entries are, for messages: `unit`, `rule`, …
    const WHAT: &'static str;

    /// The list; the first entry is the neutral default.
    fn entries() -> &'static [Entry<Self>];

    /// Another way to write an entry, such as a bare number for a self-coupling.
    fn shorthand(_text: &str) -> Option<String> {
        None
    }
}

/// A value together with the name and parameters it was chosen by.
///
/// It prints, parses, serialises and compares by name and parameters; it dereferences to the value.
#[derive(Clone)]
pub struct Choice<T> {
    arguments: Arguments,
    value: T,
}

impl<T: Catalogued> Choice<T> {
    /// Chooses an entry by name, with parameters that differ from the defaults.
    ///
    /// # Errors
    /// If the name or a parameter is unknown, or a value is out of range.
    pub fn new<K: Into<String>>(
        name: &str,
        parameters: impl IntoIterator<Item = (K, Value)>,
    ) -> Result<Self, SpecError> {
        let entry = find::<T>(name)?;
        let mut values: BTreeMap<String, Value> = entry
            .parameters
            .iter()
            .map(|parameter| {
                let value = match parameter.default {
                    Fallback::Number(number) => Value::Number(number),
                    Fallback::Word(word) => Value::Word(word.into()),
                };
                (parameter.name.to_string(), value)
            })
            .collect();
        for (key, value) in parameters {
            let key = key.into();
            if values.insert(key.clone(), value).is_none() {
                let known: Vec<&str> = entry.parameters.iter().map(|parameter| parameter.name).collect();
                let expected = if known.is_empty() { "none".into() } else { known.join(", ") };
                return Err(SpecError::UnknownParameter {
                    what: T::WHAT,
                    name: entry.name.into(),
                    parameter: key,
                    expected,
                });
            }
        }
        let arguments = Arguments { name: entry.name.into(), values };
        let value = (entry.build)(&arguments)?;
        Ok(Self { arguments, value })
    }

    /// The neutral default: the first entry with its default parameters.
    ///
    /// # Panics
    /// If the catalogue's first entry refuses its own defaults, which a test of every catalogue excludes.
    pub fn neutral() -> Self {
        Self::new::<String>(T::entries()[0].name, []).expect("defaults of a catalogue are valid")
    }

    /// The name with those parameters that are not at their defaults.
    pub fn brief(&self) -> String {
        let neutral = Self::new::<String>(self.name(), []).ok().map(|neutral| neutral.arguments.values);
        let default = |key: &String| neutral.as_ref().and_then(|values| values.get(key));
        let stated = self.arguments.values.iter().filter(|(key, value)| default(key) != Some(value));
        stated.fold(self.name().to_owned(), |text, (key, value)| text + &format!(":{key}={value}"))
    }
}

impl<T> Choice<T> {
    /// A value that is in no catalogue, such as a user's own unit. It prints its name, but a record
    /// that holds it cannot be read back.
    pub fn custom(name: &str, parameters: &[(&str, f64)], value: T) -> Self {
        let values = parameters.iter().map(|(key, number)| ((*key).into(), Value::Number(*number))).collect();
        Self { arguments: Arguments { name: name.into(), values }, value }
    }

    /// The name of the entry.
    pub fn name(&self) -> &str {
        &self.arguments.name
    }

    /// A parameter that is a number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.arguments.number(key).ok()
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }
}

fn find<T: Catalogued>(name: &str) -> Result<&'static Entry<T>, SpecError> {
    let entries = T::entries();
    entries.iter().find(|entry| entry.name == name || entry.aliases.contains(&name)).ok_or_else(|| {
        let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
        SpecError::UnknownName {
            what: T::WHAT,
            name: name.into(),
            nearest: nearest(name, &names),
            expected: names.join(", "),
        }
    })
}

/// The name closest in edit distance, if it is close.
pub fn nearest(given: &str, names: &[&str]) -> Option<String> {
    let distance = |name: &str| {
        let target: Vec<char> = name.chars().collect();
        let mut row: Vec<usize> = (0..=target.len()).collect();
        for (i, a) in given.chars().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, b) in target.iter().enumerate() {
                let substituted = diagonal + usize::from(a != *b);
                diagonal = row[j + 1];
                row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
            }
        }
        row[target.len()]
    };
    let best = names.iter().min_by_key(|name| distance(name))?;
    (distance(best) <= 1 + best.len() / 3).then(|| (*best).to_string())
}

impl<T> Deref for Choice<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> PartialEq for Choice<T> {
    fn eq(&self, other: &Self) -> bool {
        self.arguments == other.arguments
    }
}

impl<T> fmt::Display for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.arguments.name)?;
        self.arguments.values.iter().try_for_each(|(key, value)| write!(f, ":{key}={value}"))
    }
}

impl<T> fmt::Debug for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl<T: Catalogued> FromStr for Choice<T> {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let text = T::shorthand(text).unwrap_or_else(|| text.to_string());
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default().trim();
        let mut parameters = Vec::new();
        for part in parts {
            let (key, value) = part.split_once('=').ok_or_else(|| SpecError::Malformed {
                given: text.clone(),
                expected: "of the form NAME:key=value".into(),
            })?;
            let value = value.trim().parse().map_or_else(|_| Value::Word(value.trim().into()), Value::Number);
            if parameters.iter().any(|(known, _)| known == key.trim()) {
                return Err(SpecError::Malformed {
                    given: text.clone(),
                    expected: format!("unambiguous: `{}` is given twice", key.trim()),
                });
            }
            parameters.push((key.trim().to_string(), value));
        }
        Self::new(name, parameters)
    }
}

impl<T> Serialize for Choice<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + self.arguments.values.len()))?;
        map.serialize_entry("name", &self.arguments.name)?;
        for (key, value) in &self.arguments.values {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, T: Catalogued> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(f64),
            Text(String),
            Table(BTreeMap<String, Value>),
        }
        let form = Form::deserialize(deserializer).map_err(|_| {
            D::Error::custom(format!(
                "a {} is a text NAME:key=value or a table with `name` and its parameters",
                T::WHAT
            ))
        })?;
        let choice = match form {
            Form::Number(number) => number.to_string().parse(),
            Form::Text(text) => text.parse(),
            Form::Table(mut table) => match table.remove("name") {
                Some(Value::Word(name)) => Self::new(&name, table),
                _ => return Err(D::Error::custom(format!("a {} needs a `name`", T::WHAT))),
            },
        };
        choice.map_err(D::Error::custom)
    }
}
