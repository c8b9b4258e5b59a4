//! Ticks at round numbers.

use crate::Scale;

/// Ticks of one axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TickSet {
    /// Places with words.
    pub(crate) major: Vec<(f64, String)>,
    /// Places without.
    pub(crate) minor: Vec<f64>,
    /// Power of ten that the words leave out.
    pub(crate) exponent: i32,
}

/// About `count` ticks from `low` to `high`; the ends are finite and apart.
pub(crate) fn ticks(low: f64, high: f64, scale: Scale, count: usize) -> TickSet {
    match scale {
        Scale::Log if high / low >= 3.0 => log_ticks(low, high, count.max(2)),
        _ => linear_ticks(low, high, count.max(2)),
    }
}

/// The powers of ten, written out by the parser: powi loses digits far from 1.
fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

fn linear_ticks(low: f64, high: f64, count: usize) -> TickSet {
    let rough = high / count as f64 - low / count as f64;
    let mut decade = rough.log10().floor() as i32;
    let mantissa = rough / power_of_ten(decade);
    // The thresholds lie halfway between round steps on a logarithmic scale.
    let (round, parts) = match mantissa {
        m if m < 1.414 => (1, 2),
        m if m < 3.162 => (2, 2),
        m if m < 7.071 => (5, 5),
        _ => {
            decade += 1;
            (1, 2)
        }
    };
    let unit = power_of_ten(decade);
    let step = f64::from(round) * unit;
    if !(step.is_finite() && step > 0.0) {
        return TickSet::default();
    }
    let slack = 1e-9;
    let places = |step: f64| {
        let (first, last) = ((low / step - slack).ceil(), (high / step + slack).floor());
        let total = if last - first < 200.0 { (last - first) as i64 } else { -1 };
        (0..=total).map(move |k| first + k as f64)
    };
    // Multiples of a power of ten are divided, not multiplied, by its inverse: 3/10 is 0.3, 3·0.1 is not.
    let exact = |k: f64| if decade < 0 { k * f64::from(round) / power_of_ten(-decade) } else { k * step };
    let at: Vec<f64> = places(step).map(exact).collect();
    let largest = at.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let magnitude = if largest > 0.0 { largest.log10().floor() as i32 } else { 0 };
    let exponent = if (-3..5).contains(&magnitude) { 0 } else { magnitude };
    let decimals = usize::try_from(exponent - decade).unwrap_or(0).min(17);
    let divisor = power_of_ten(exponent);
    let major = at.iter().map(|&value| (value, number(value / divisor, decimals))).collect();
    let minor_step = step / f64::from(parts);
    let minor = places(minor_step)
        .filter(|k| k.rem_euclid(f64::from(parts)) != 0.0)
        .map(|k| k * minor_step)
        .filter(|value| (low..=high).contains(value))
        .collect();
    TickSet { major, minor, exponent }
}

fn log_ticks(low: f64, high: f64, count: usize) -> TickSet {
    let (first, last) = ((low.log10() - 1e-9).ceil() as i32, (high.log10() + 1e-9).floor() as i32);
    let decades = (last - first).max(0) as usize + 1;
    let short = (-3..=4).contains(&first) && (-3..=4).contains(&last);
    let word = |factor: i32, decade: i32| match (short, factor) {
        (true, _) => number(f64::from(factor) * power_of_ten(decade), usize::try_from(-decade).unwrap_or(0)),
        (false, 1) => format!("10^{{{}}}", minus(&decade.to_string())),
        (false, _) => format!("{factor}·10^{{{}}}", minus(&decade.to_string())),
    };
    let factors: &[i32] = match decades {
        0 | 1 => &[1, 2, 5],
        2 if count >= 5 => &[1, 2, 5],
        _ => &[1],
    };
    let stride = decades.div_ceil(count + 1).max(1) as i32;
    let mut set = TickSet::default();
    for decade in first - 1..=last {
        for factor in 1..10 {
            let value = f64::from(factor) * power_of_ten(decade);
            if value < low * (1.0 - 1e-9) || value > high * (1.0 + 1e-9) {
                continue;
            }
            if factors.contains(&factor) && decade.rem_euclid(stride) == 0 {
                set.major.push((value, word(factor, decade)));
            } else if factor == 1 || (stride == 1 && decades <= 8) {
                set.minor.push(value);
            }
        }
    }
    set
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// A number with a true minus sign; zero has none.
fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'));
    minus(if zero { text.trim_start_matches('-') } else { &text })
}

/// A number as a person would write it in a hover title.
pub(crate) fn short_number(value: f64) -> String {
    let size = value.abs();
    let text = if size != 0.0 && !(1e-4..1e6).contains(&size) {
        format!("{value:.4e}")
    } else {
        let digits = if size == 0.0 { 0 } else { (6 - 1 - size.log10().floor() as i32).clamp(0, 9) as usize };
        let text = format!("{value:.digits$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    minus(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(set: &TickSet) -> Vec<&str> {
        set.major.iter().map(|(_, word)| word.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            words(&ticks(0.0, 0.16, Scale::Linear, 8)),
            ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12", "0.14", "0.16"]
        );
        assert_eq!(words(&ticks(-1.0, 1.0, Scale::Linear, 4)), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(ticks(0.0, 0.5, Scale::Linear, 5).major[3].0, 0.3);
    }

    #[test]
    fn a_common_power_of_ten_is_taken_out() {
        let small = ticks(0.0, 3e-5, Scale::Linear, 3);
        assert_eq!(small.exponent, -5);
        assert_eq!(words(&small), ["0", "1", "2", "3"]);
        let large = ticks(-2e300, 1e300, Scale::Linear, 3);
        assert_eq!(large.exponent, 300);
        assert!(large.major.len() >= 3);
    }

    #[test]
    fn log_ticks_are_powers_of_ten() {
        assert_eq!(words(&ticks(0.5, 200.0, Scale::Log, 6)), ["1", "10", "100"]);
        assert_eq!(words(&ticks(1e-8, 1e-5, Scale::Log, 6)), ["10^{−8}", "10^{−7}", "10^{−6}", "10^{−5}"]);
        let wide = ticks(1e-300, 1e300, Scale::Log, 6);
        assert!((3..=9).contains(&wide.major.len()), "{wide:?}");
        assert_eq!(words(&ticks(1.5, 8.0, Scale::Log, 5)), ["2", "5"]);
        assert!(ticks(2.0, 2.5, Scale::Log, 5).major.len() >= 3);
    }

    #[test]
    fn numbers_have_a_true_minus_and_zero_has_none() {
        assert_eq!(number(-0.001, 2), "0.00");
        assert_eq!(number(-1.5, 1), "−1.5");
        assert_eq!(short_number(0.991165), "0.991165");
        assert_eq!(short_number(-2.5e-7), "−2.5000e−7");
        assert_eq!(short_number(1000.0), "1000");
    }
}
