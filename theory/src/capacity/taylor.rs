//! Functions of two variables to second order, so that extrema are found as roots of exact derivatives.

use std::ops::{Add, Div, Mul, Sub};

use crate::average::{normal_density, normal_tail};

/// A value with its first and second derivatives by two variables.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Taylor {
    pub(super) value: f64,
    /// ∂/∂x, ∂/∂y.
    pub(super) slope: [f64; 2],
    /// ∂²/∂x², ∂²/∂x∂y, ∂²/∂y².
    pub(super) bend: [f64; 3],
}

impl Taylor {
    /// A constant.
    pub(super) fn constant(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    /// The variable x (0) or y (1).
    pub(super) fn variable(value: f64, index: usize) -> Self {
        let mut slope = [0.0; 2];
        slope[index] = 1.0;
        Self { value, slope, bend: [0.0; 3] }
    }

    /// f(self) out of f, f′ and f″ there.
    pub(super) fn compose(self, value: f64, first: f64, second: f64) -> Self {
        let [x, y] = self.slope;
        Self {
            value,
            slope: self.slope.map(|slope| first * slope),
            bend: [
                first * self.bend[0] + second * x * x,
                first * self.bend[1] + second * x * y,
                first * self.bend[2] + second * y * y,
            ],
        }
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        self.compose(factor * self.value, factor, 0.0)
    }

    pub(super) fn shifted(self, by: f64) -> Self {
        Self { value: self.value + by, ..self }
    }

    pub(super) fn inverse(self) -> Self {
        let inverse = 1.0 / self.value;
        self.compose(inverse, -inverse * inverse, 2.0 * inverse.powi(3))
    }

    pub(super) fn squared(self) -> Self {
        self * self
    }

    pub(super) fn ln(self) -> Self {
        let inverse = 1.0 / self.value;
        self.compose(self.value.ln(), inverse, -inverse * inverse)
    }

    /// Φ, the normal distribution.
    pub(super) fn normal(self) -> Self {
        let density = normal_density(self.value);
        self.compose(normal_tail(-self.value), density, -self.value * density)
    }

    /// The normal density φ.
    pub(super) fn density(self) -> Self {
        let (x, density) = (self.value, normal_density(self.value));
        self.compose(density, -x * density, (x * x - 1.0) * density)
    }
}

impl Add for Taylor {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let mut out = self;
        out.value += other.value;
        for (a, b) in out.slope.iter_mut().zip(other.slope) {
            *a += b;
        }
        for (a, b) in out.bend.iter_mut().zip(other.bend) {
            *a += b;
        }
        out
    }
}

impl Sub for Taylor {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + other.scaled(-1.0)
    }
}

impl Mul for Taylor {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let (a, b) = (self, other);
        Self {
            value: a.value * b.value,
            slope: [0, 1].map(|i| a.slope[i] * b.value + a.value * b.slope[i]),
            bend: [
                a.bend[0] * b.value + 2.0 * a.slope[0] * b.slope[0] + a.value * b.bend[0],
                a.bend[1] * b.value + a.slope[0] * b.slope[1] + a.slope[1] * b.slope[0] + a.value * b.bend[1],
                a.bend[2] * b.value + 2.0 * a.slope[1] * b.slope[1] + a.value * b.bend[2],
            ],
        }
    }
}

impl Div for Taylor {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        #[allow(clippy::suspicious_arithmetic_impl)]
        let quotient = self * other.inverse();
        quotient
    }
}
