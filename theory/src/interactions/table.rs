//! K as a piecewise Taylor polynomial, for loops that need it very often.

use mattis_model::{SpecError, Unit};

use super::differences::radius;
use crate::TheoryError;

/// Coefficients of a cell: one cache line.
const COEFFICIENTS: usize = 8;
/// Most cells.
const MAX_CELLS: usize = 1 << 16;
/// Error that a table may have, relative to the largest |K| where that is above 1.
const ACCURACY: f64 = 1e-13;

/// 1.5·2⁵²: added to a small number it leaves its whole part in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// K on an interval, to [`ACCURACY`].
#[derive(Debug, Clone)]
pub(super) struct Table {
    low: f64,
    inverse: f64,
    cells: Vec<[f64; COEFFICIENTS]>,
    /// Largest error where cells meet.
    pub(super) error: f64,
}

impl Table {
    /// K between two fields.
    ///
    /// # Errors
    /// If that takes too many cells: an end is too close to where the unit's measure is infinite.
    pub(super) fn new(unit: &Unit, low: f64, high: f64) -> Result<Self, TheoryError> {
        // (½h/ρ)⁸ = 10⁻¹⁷ at the worst of a few fields, and then until the cells meet in K.
        let nearest = (0..=32).map(|j| radius(unit, low + (high - low) * f64::from(j) / 32.0));
        let width = 0.015 * nearest.fold(f64::INFINITY, f64::min);
        let mut count = ((high - low) / width).ceil().max(1.0) as usize;
        while count <= MAX_CELLS {
            let table = Self::with_cells(unit, low, high, count);
            let size = table.cells.iter().fold(1.0_f64, |most, cell| most.max(cell[0].abs()));
            if table.error <= ACCURACY * size {
                return Ok(table);
            }
            count *= 2;
        }
        Err(SpecError::out_of_range(
            format!("fields of a hidden unit ({})", unit.name()),
            format!("{low} to {high}"),
            format!("an interval where {MAX_CELLS} cells give K to 13 digits"),
        )
        .into())
    }

    fn with_cells(unit: &Unit, low: f64, high: f64, count: usize) -> Self {
        // A quarter of a cell more at both ends, so that no field rounds to a cell that does not exist.
        let width = if high > low { (high - low) / (count as f64 - 0.5) } else { 1e-6 };
        let low = low - 0.25 * width;
        let cell = |index: usize| {
            let mut cell = [0.0; COEFFICIENTS];
            unit.cumulants(low + width * (index as f64 + 0.5), &mut cell);
            // In units of the width.
            let mut scale = 1.0;
            for (n, coefficient) in cell.iter_mut().enumerate().skip(1) {
                scale *= width / n as f64;
                *coefficient *= scale;
            }
            cell
        };
        let cells: Vec<_> = (0..count).map(cell).collect();
        let mut error = 0.0_f64;
        for index in 0..=count {
            let mut k = [0.0];
            unit.cumulants(low + width * index as f64, &mut k);
            let left = index.checked_sub(1).map(|cell| horner(&cells[cell], 0.5));
            let right = cells.get(index).map(|cell| horner(cell, -0.5));
            for off in [left, right].into_iter().flatten().map(|there| (there - k[0]).abs()) {
                // NaN stays.
                error = if off <= error { error } else { off };
            }
        }
        Self { low, inverse: 1.0 / width, cells, error }
    }

    /// K(q).
    #[inline]
    pub(super) fn at(&self, q: f64) -> f64 {
        // Rounding to the nearest whole number by an addition: its low bits are the cell.
        let x = (q - self.low) * self.inverse - 0.5;
        let shifted = x + ROUND;
        let index = (shifted.to_bits() as u32 as usize).min(self.cells.len() - 1);
        horner(&self.cells[index], x - (shifted - ROUND))
    }
}

/// Two halves of the polynomial side by side.
#[inline]
fn horner(c: &[f64; COEFFICIENTS], x: f64) -> f64 {
    let square = x * x;
    let even = ((c[6] * square + c[4]) * square + c[2]) * square + c[0];
    let odd = ((c[7] * square + c[5]) * square + c[3]) * square + c[1];
    odd * x + even
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_the_points_that_made_it() {
        for (name, low, high) in
            [("step", -9.0, 12.0), ("spin", -4.0, 4.0), ("three-state", 1.0, 30.0), ("step", 2.0, 2.0)]
        {
            let unit: Unit = name.parse().expect("a unit");
            let table = Table::new(&unit, low, high).expect("a table");
            let mut off = 0.0_f64;
            for j in 0..=10_007 {
                let q = low + (high - low) * f64::from(j) / 10_007.0;
                let mut k = [0.0];
                unit.cumulants(q, &mut k);
                off = off.max((table.at(q) - k[0]).abs() / k[0].abs().max(1.0));
            }
            assert!(off < 2e-15, "{name}: {off:e} {:e}", table.error);
        }
    }
}
