//! Numbers as people read them.

/// What stands for a number that is not known.
pub const UNKNOWN: &str = "n/a";

/// A value with its standard error in the last digits: `0.9912(3)`, `0.9912(13)`. The error has one digit,
/// two where the first is a 1. An unknown error, or one that is exactly 0, which no measurement has, is `n/a`.
pub fn with_error(value: Option<f64>, error: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return UNKNOWN.into() };
    let Some(error) = error.filter(|error| error.is_finite() && *error > 0.0) else {
        return format!("{}({UNKNOWN})", plain(Some(value), 6));
    };
    let exponent = error.log10().floor();
    let digits = if error / 10f64.powf(exponent) < 1.95 { 1.0 } else { 0.0 };
    let decimals = digits - exponent;
    if decimals > 15.0 {
        return format!("{value:e} ± {error:.1e}");
    }
    if decimals <= 0.0 {
        let unit = 10f64.powf(-decimals);
        return format!("{:.0}({:.0})", (value / unit).round() * unit, (error / unit).round() * unit);
    }
    let decimals = decimals as usize;
    if error < 1.0 {
        format!("{value:.decimals$}({:.0})", error * 10f64.powi(decimals as i32))
    } else {
        format!("{value:.decimals$}({error:.decimals$})")
    }
}

/// A number with so many digits after the point; very small ones in powers of ten.
pub fn plain(value: Option<f64>, decimals: usize) -> String {
    match value.filter(|value| value.is_finite()) {
        None => UNKNOWN.into(),
        Some(value) if decimals > 3 && value != 0.0 && value.abs() < 10f64.powi(2 - decimals as i32) => {
            format!("{value:.3e}")
        }
        // A zero has no sign.
        Some(value) => format!("{:.decimals$}", value + 0.0),
    }
}

/// A number with so many significant digits.
pub fn significant(value: Option<f64>, digits: usize) -> String {
    match value.filter(|value| value.is_finite()) {
        None => UNKNOWN.into(),
        Some(0.0) => "0".into(),
        Some(value) if !(1e-4..1e6).contains(&value.abs()) => {
            let digits = digits.saturating_sub(1);
            format!("{value:.digits$e}")
        }
        Some(value) => {
            let decimals = (digits as f64 - 1.0 - value.abs().log10().floor()).clamp(0.0, 15.0) as usize;
            format!("{value:.decimals$}")
        }
    }
}

/// A number as short as it can be, for loads and temperatures.
pub fn short(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(
        || UNKNOWN.into(),
        |value| if value != 0.0 && value.abs() < 1e-4 { format!("{value:.3e}") } else { trimmed(value) },
    )
}

fn trimmed(value: f64) -> String {
    let text = format!("{value:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A probability.
pub fn probability(value: Option<f64>) -> String {
    match value {
        None => UNKNOWN.into(),
        Some(p) if p < 1e-3 => format!("{p:.1e}"),
        Some(p) => format!("{p:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_errors() {
        let cases = [
            (0.99118, 0.00034, "0.9912(3)"),
            (0.99118, 0.00012, "0.99118(12)"),
            (0.99118, 0.00096, "0.9912(10)"),
            (-0.5, 0.02, "-0.50(2)"),
            (12.34, 3.2, "12(3)"),
            (12.34, 1.2, "12.3(1.2)"),
            (1234.0, 210.0, "1200(200)"),
            (1.0, 0.0197, "1.00(2)"),
        ];
        for (value, error, text) in cases {
            assert_eq!(with_error(Some(value), Some(error)), text);
        }
        assert_eq!(with_error(Some(0.5), None), "0.500000(n/a)");
        assert_eq!(with_error(Some(0.5), Some(0.0)), "0.500000(n/a)");
        assert_eq!(with_error(None, Some(0.1)), "n/a");
        assert_eq!(with_error(Some(f64::NAN), Some(0.1)), "n/a");
    }

    #[test]
    fn loads_are_short() {
        assert_eq!(short(Some(0.05)), "0.05");
        assert_eq!(short(Some(0.1 + 0.2)), "0.3");
        assert_eq!(short(Some(5.323e-9)), "5.323e-9");
        assert_eq!(short(Some(0.0)), "0");
        assert_eq!(short(None), "n/a");
        assert_eq!(plain(Some(1.176), 1), "1.2");
        assert_eq!(plain(Some(1.5e-9), 6), "1.500e-9");
        assert_eq!(significant(Some(0.137905566495), 4), "0.1379");
        assert_eq!(significant(Some(7.1e-17), 1), "7e-17");
    }
}
