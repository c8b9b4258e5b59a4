//! Series as JSON, which has no number beyond all numbers: a run away has them, and they are words, `inf`, `-inf` and
//! `NaN`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Word(String),
}

pub(super) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    let written = |x: &f64| if x.is_finite() { Written::Number(*x) } else { Written::Word(x.to_string()) };
    serializer.collect_seq(values.iter().map(written))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let value = |written| match written {
        Written::Number(x) => Ok(x),
        Written::Word(word) => match word.as_str() {
            "inf" => Ok(f64::INFINITY),
            "-inf" => Ok(f64::NEG_INFINITY),
            "NaN" => Ok(f64::NAN),
            _ => Err(D::Error::custom(format!("`{word}` is no number: expected inf, -inf or NaN"))),
        },
    };
    Vec::<Written>::deserialize(deserializer)?.into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use crate::observable::Column;

    #[test]
    fn every_value_comes_back() {
        let values = vec![1.0, -0.0, 0.1, 1e308, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324];
        let column = Column { name: "activity".into(), values };
        let text = serde_json::to_string(&column).unwrap();
        assert!(text.contains(r#"1e+308,"inf","-inf","NaN",5e-324"#), "{text}");
        let again: Column = serde_json::from_str(&text).unwrap();
        assert_eq!(format!("{again:?}"), format!("{column:?}"));
        assert!(serde_json::from_str::<Column>(&text.replace("-inf", "infinite")).is_err());
        assert!(serde_json::from_str::<Column>(&text.replace("\"NaN\"", "null")).is_err());
    }
}
