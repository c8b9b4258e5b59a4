//! Numbers with their gradient in the unknowns and the control.

use std::ops::{Add, Mul, Sub};

use nalgebra::SVector;

/// Number of variables: m, χ, q, Δ, α, T.
pub(super) const VARIABLES: usize = 6;

/// A value and its gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dual {
    pub(super) value: f64,
    pub(super) gradient: SVector<f64, VARIABLES>,
}

impl Dual {
    pub(super) fn constant(value: f64) -> Self {
        Self { value, gradient: SVector::zeros() }
    }

    /// The variable of an index.
    pub(super) fn variable(index: usize, value: f64) -> Self {
        let mut out = Self::constant(value);
        out.gradient[index] = 1.0;
        out
    }

    /// A function of several numbers, from its value and its slope in each.
    pub(super) fn function(value: f64, arguments: &[(f64, Self)]) -> Self {
        let gradient = arguments.iter().map(|(slope, x)| x.gradient * *slope).sum();
        Self { value, gradient }
    }

    pub(super) fn scale(self, factor: f64) -> Self {
        Self { value: factor * self.value, gradient: self.gradient * factor }
    }

    pub(super) fn recip(self) -> Self {
        let inverse = 1.0 / self.value;
        Self { value: inverse, gradient: self.gradient * (-inverse * inverse) }
    }

    pub(super) fn ln(self) -> Self {
        Self { value: libm::log(self.value), gradient: self.gradient / self.value }
    }

    pub(super) fn square(self) -> Self {
        self * self
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, gradient: self.gradient + other.gradient }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { value: self.value - other.value, gradient: self.gradient - other.gradient }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            gradient: self.gradient * other.value + other.gradient * self.value,
        }
    }
}
