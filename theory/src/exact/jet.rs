//! Numbers with their first two derivatives by one variable.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Value, first and second derivative.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jet {
    pub(super) value: f64,
    pub(super) first: f64,
    pub(super) second: f64,
}

impl Jet {
    pub(super) fn constant(value: f64) -> Self {
        Self { value, first: 0.0, second: 0.0 }
    }

    /// slope · x at the point x, by x.
    pub(super) fn linear(slope: f64, x: f64) -> Self {
        Self { value: slope * x, first: slope, second: 0.0 }
    }

    fn chain(self, value: f64, first: f64, second: f64) -> Self {
        Self {
            value,
            first: first * self.first,
            second: first * self.second + second * self.first * self.first,
        }
    }

    pub(super) fn scale(self, factor: f64) -> Self {
        Self { value: factor * self.value, first: factor * self.first, second: factor * self.second }
    }

    pub(super) fn exp(self) -> Self {
        let e = libm::exp(self.value);
        self.chain(e, e, e)
    }

    /// ln(1 + x).
    pub(super) fn ln_1p(self) -> Self {
        let inverse = 1.0 / (1.0 + self.value);
        self.chain(libm::log1p(self.value), inverse, -inverse * inverse)
    }

    pub(super) fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root, -0.25 / (root * self.value))
    }
}

impl Add for Jet {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            first: self.first + other.first,
            second: self.second + other.second,
        }
    }
}

impl Neg for Jet {
    type Output = Self;
    fn neg(self) -> Self {
        self.scale(-1.0)
    }
}

impl Sub for Jet {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Jet {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            first: self.first * other.value + self.value * other.first,
            second: self.second * other.value + 2.0 * self.first * other.first + self.value * other.second,
        }
    }
}

impl Div for Jet {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let inverse = 1.0 / other.value;
        self * other.chain(inverse, -inverse * inverse, 2.0 * inverse * inverse * inverse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_of_a_composition() {
        // y = ln(1 + √x e^{2x}/(1 + x)) at x = 0.7; derivatives by central differences.
        let y = |x: f64| (1.0 + x.sqrt() * (2.0 * x).exp() / (1.0 + x)).ln();
        let x = Jet::linear(1.0, 0.7);
        let jet = (x.sqrt() * x.scale(2.0).exp() / (Jet::constant(1.0) - -x)).ln_1p();
        let h = 1e-4;
        assert!((jet.value - y(0.7)).abs() < 1e-15);
        assert!((jet.first - (y(0.7 + h) - y(0.7 - h)) / (2.0 * h)).abs() < 1e-7);
        assert!((jet.second - (y(0.7 + h) - 2.0 * y(0.7) + y(0.7 - h)) / (h * h)).abs() < 1e-6);
    }
}
