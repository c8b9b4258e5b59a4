//! How recipes name and mark what records hold.

use mattis_model::order;
use mattis_model::record::Verdict;

use crate::{Color, Marker, MarkerShape, Series};

/// Every verdict, the worst last.
pub(super) const VERDICTS: [Verdict; 3] = [Verdict::Agree, Verdict::Inconclusive, Verdict::Disagree];

/// How bad a verdict is, as an index into [`VERDICTS`].
pub(super) fn severity(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Agree => 0,
        Verdict::Inconclusive => 1,
        Verdict::Disagree => 2,
    }
}

/// Points of one verdict: shape tells it as well as colour.
pub(super) fn verdict_series(
    verdict: Verdict,
    label: &str,
    points: Vec<(f64, f64)>,
    names: Vec<String>,
) -> Series {
    let (marker, color) = match verdict {
        Verdict::Agree => (Marker { radius: 4.5, ..Marker::filled(MarkerShape::Circle) }, Color::GREEN),
        Verdict::Inconclusive => (Marker::open(MarkerShape::Diamond), Color::GREY),
        Verdict::Disagree => {
            (Marker { radius: 5.0, ..Marker::filled(MarkerShape::Cross) }, Color::VERMILLION)
        }
    };
    Series::points(label, points).marker(marker).color(color).names(names)
}

/// A control parameter to four digits.
pub(super) fn digits(value: f64) -> String {
    if value == 0.0 || !(1e-3..1e5).contains(&value.abs()) {
        return if value == 0.0 { "0".to_owned() } else { format!("{value:.2e}").replace('-', "−") };
    }
    let decimals = (3 - value.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.replace('-', "−")
}

/// The symbol of an observable, or its key where the table has none.
pub(super) fn symbol(observable: &str) -> &str {
    order::quantity(observable).map_or(observable, |quantity| quantity.symbol)
}

/// `seq`, `par`, or another update as it is named.
pub(super) fn short_update(update: &str) -> &str {
    match update {
        "sequential" => "seq",
        "parallel" => "par",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_have_four_digits() {
        assert_eq!(digits(0.05), "0.05");
        assert_eq!(digits(0.137_905_6), "0.1379");
        assert_eq!(digits(1.0), "1");
        assert_eq!(digits(0.0), "0");
        assert_eq!(digits(2.5e-23), "2.50e−23");
    }

    #[test]
    fn observables_have_their_symbols() {
        assert_eq!(symbol("chi"), "χ");
        assert_eq!(symbol("something_new"), "something_new");
    }
}
