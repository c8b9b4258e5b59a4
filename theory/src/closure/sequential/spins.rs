//! The branches of ±1 units at T > 0, which [`Spins`] follows in two unknowns.

use mattis_model::record::Exit;

use super::{Phase, Point, Sequential};
use crate::solve::newton::{Matrix, Solution, Vector};
use crate::spins::{Sheet, Spins};

impl Sequential {
    /// The equations in two unknowns; `None` where there are more.
    pub(super) fn spins(&self, phase: Phase, temperature: f64) -> Option<Spins<'_>> {
        if temperature <= 0.0 || self.inhibition != 0.0 || !self.model.stores_memories() {
            return None;
        }
        Spins::new(&self.averaged, &self.bulk, self.columns(phase)?, phase.condensed(), self.field)
    }

    pub(super) fn spin_sheets(
        &self,
        phase: Phase,
        seed: f64,
        loads: &[f64],
        temperature: f64,
        stable: bool,
    ) -> Option<Vec<(usize, Solution)>> {
        let found = self.spins(phase, temperature)?.row(seed, loads, temperature, stable);
        let solution = |sheet: Sheet| Solution {
            y: self.unknowns(sheet.m, sheet.chi, 0.0, sheet.delta),
            residual: sheet.residual,
            exit: Exit::Converged,
            iterations: 0,
        };
        Some(found.into_iter().map(|(place, sheet)| (place, solution(sheet))).collect())
    }

    pub(super) fn spin_fold_system(&self, phase: Phase, y: &Vector, at: Point) -> Option<(Vector, Matrix)> {
        let (value, by) = self.spins(phase, at.temperature)?.fold_system([y[0], y[1], y[2]], at)?;
        Some((Vector::from_column_slice(&value), Matrix::from_fn(4, 5, |i, j| by[i][j])))
    }

    pub(super) fn spin_fold(&self, phase: Phase, y: &Vector, near: Point) -> Option<(Vector, f64)> {
        let fold = self.spins(phase, near.temperature)?.fold([y[0], y[2], near.temperature], near.alpha)?;
        Some((self.unknowns(fold.m, fold.chi, 0.0, fold.delta), fold.temperature))
    }
}
