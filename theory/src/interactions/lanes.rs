//! Eight numbers side by side, and the logarithm of many: plain loops that become vector instructions.
#![allow(
    clippy::needless_range_loop,
    reason = "indices of lanes: loops become vector instructions, see `dispatch`"
)]

/// Sites that are treated side by side.
pub(super) const LANES: usize = 8;

/// Eight numbers, as wide as the widest vector.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [f64; LANES]);

/// Bits of a significand.
const SIGNIFICAND: u64 = (1 << 52) - 1;
/// The bits of 2⁵² and the number itself: a whole number in the low bits becomes a number by a subtraction.
const WHOLE: u64 = 0x4330_0000_0000_0000;
/// 2⁵² + 1023, the bias of exponents.
const BIASED: f64 = 4_503_599_627_370_496.0 + 1023.0;
/// The bits of √½ (rounded): significands are taken from √½ to √2.
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE: u64 = 0x3ff0_0000_0000_0000;

/// ln 2 in two parts; whole multiples of the first, up to 2²⁰, are exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// 2/19, …, 2/3 of 2 artanh s = 2s + s³(2/3 + 2s²/5 + …).
const SERIES: [f64; 9] =
    [2.0 / 19.0, 2.0 / 17.0, 2.0 / 15.0, 2.0 / 13.0, 2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0];

/// m and e of x = m 2^e > 0, with m from √½ to √2.
#[inline(always)]
pub(super) fn split(x: f64) -> (f64, f64) {
    let bits = x.to_bits() + (ONE - ROOT_HALF);
    (f64::from_bits((bits & SIGNIFICAND) + ROOT_HALF), f64::from_bits(WHOLE | bits >> 52) - BIASED)
}

/// ln(x 2^e) of a normal x > 0 and a whole number e, to 2⁻⁵² and rounding of the result: the series 2 artanh s with
/// s = (m − 1)/(m + 1), |s| < 0.172.
#[inline(always)]
pub(super) fn ln(x: f64, e: f64) -> f64 {
    let (m, own) = split(x);
    let e = e + own;
    let f = m - 1.0;
    let s = f / (f + 2.0);
    let z = s * s;
    let mut series = 2.0 / 21.0;
    for term in SERIES {
        series = series * z + term;
    }
    e * LN_2_HIGH + (2.0 * s + (s * z * series + e * LN_2_LOW))
}

impl Lanes {
    #[inline(always)]
    pub(super) const fn of(value: f64) -> Self {
        Self([value; LANES])
    }

    /// The sum, in a fixed order.
    #[inline(always)]
    pub(super) fn sum(self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + b) + (c + d)) + ((e + f) + (g + h))
    }

    /// The largest.
    #[inline(always)]
    pub(super) fn most(self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.0;
        larger(larger(larger(a, b), larger(c, d)), larger(larger(e, f), larger(g, h)))
    }
}

/// One comparison, where `f64::max` asks for NaN too.
#[inline(always)]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

    use super::*;

    #[test]
    fn logarithms() {
        let mut x = 1e-300_f64;
        let mut worst = 0.0_f64;
        while x < 1e300 {
            for e in [0.0, -5.0, 4000.0] {
                let wanted = x.ln() + e * std::f64::consts::LN_2;
                worst = worst.max((ln(x, e) - wanted).abs() / (1.0 + wanted.abs()));
            }
            x *= 1.013717;
        }
        assert!(worst < 3e-16, "{worst:e}");
        for x in [1.0_f64, 1.0 + f64::EPSILON, 1.0 - f64::EPSILON, 0.9999, 1.0001, SQRT_2, FRAC_1_SQRT_2] {
            assert!((ln(x, 0.0) - x.ln()).abs() <= 2e-16 * x.ln().abs().max(1e-3), "{x}");
        }
        assert_eq!(split(0.7), (1.4, -1.0));
        assert_eq!(split(1.4), (1.4, 0.0));
    }
}
