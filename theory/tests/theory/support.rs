//! Models by short names, numbers out of the reference files, and lists of what is off.

use mattis_model::record::State;
use mattis_model::{Control, Model};
use serde_json::Value;

/// `hopfield`, `little`, `sk`, or `little:J₀` with J₀ a number or `kept`.
pub(crate) fn model(name: &str) -> Model {
    let (base, diagonal) = name.split_once(':').unwrap_or((name, "zero"));
    let model = Model::named(base).expect("a named model");
    model.with_self_coupling(diagonal.parse().expect("a self-coupling"))
}

/// The Hopfield model with another unit, field, diagonal and update.
pub(crate) fn variant(unit: &str, field: f64, diagonal: &str, update: &str) -> Model {
    Model::hopfield()
        .with_unit(unit.parse().expect("a unit"))
        .with_field(format!("external:h={field}").parse().expect("a field"))
        .with_self_coupling(diagonal.parse().expect("a self-coupling"))
        .with_update(update.parse().expect("an update"))
}

pub(crate) fn control(alpha: Option<f64>, temperature: f64) -> Control {
    alpha.map_or(Control::without_load(temperature), |alpha| Control::new(alpha, temperature))
}

/// A quantity of a state by the key that records use; `m` is the first overlap.
pub(crate) fn quantity(state: &State, key: &str) -> Option<f64> {
    match key {
        "m" => state.m.first().copied(),
        "q" => Some(state.q),
        "activity" => Some(state.activity),
        "delta" => Some(state.delta),
        "r" => state.r,
        "chi" => Some(state.chi),
        "d" => state.d,
        "free_energy" => state.free_energy,
        "energy" => state.energy,
        "entropy" => state.entropy,
        "replicon" => state.replicon,
        _ => None,
    }
}

/// The entries of a reference file.
pub(crate) fn entries(text: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(text).expect("valid JSON");
    match file["values"].take() {
        Value::Array(values) => values,
        _ => panic!("a reference file has a list `values`"),
    }
}

/// A number, or a number written as a text to keep its digits.
pub(crate) fn number(entry: &Value, key: &str) -> Option<f64> {
    match &entry[key] {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => Some(text.parse().expect("a number")),
        _ => None,
    }
}

/// One unit of the last trusted digit, or 1e-13 relative, whichever is coarser.
pub(crate) fn tolerance(value: f64, digits: u64) -> f64 {
    let exponent = value.abs().log10().floor() as i32;
    10_f64.powi(exponent + 1 - digits as i32).max(1e-13 * value.abs())
}

/// What did not come out as it should; fails with the whole list.
#[derive(Default)]
pub(crate) struct Findings {
    checked: usize,
    wrong: Vec<String>,
}

impl Findings {
    /// Notes whether |found − wanted| ≤ tolerance.
    pub(crate) fn close(&mut self, what: &str, found: Option<f64>, wanted: f64, tolerance: f64) {
        self.checked += 1;
        match found {
            Some(found) if (found - wanted).abs() <= tolerance => {}
            Some(found) => self.wrong.push(format!(
                "{what}: {found:.16e} instead of {wanted:.16e}, off by {:.1e}, allowed {tolerance:.1e}",
                (found - wanted).abs()
            )),
            None => self.wrong.push(format!("{what}: nothing found instead of {wanted:.16e}")),
        }
    }

    /// Compares with an entry of a reference file that has `name`, `value` and `digits`.
    pub(crate) fn entry(&mut self, entry: &Value, found: Option<f64>) {
        let value = number(entry, "value").expect("a value");
        let digits = entry["digits"].as_u64().expect("digits");
        self.close(entry["name"].as_str().expect("a name"), found, value, tolerance(value, digits));
    }

    /// Fails with everything that is off, or if fewer comparisons were made than expected.
    pub(crate) fn settle(self, at_least: usize) {
        assert!(self.checked >= at_least, "only {} comparisons", self.checked);
        let count = self.wrong.len();
        assert!(count == 0, "{count} of {} are off:\n{}", self.checked, self.wrong.join("\n"));
    }
}
