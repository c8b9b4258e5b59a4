//! Units whose projection, times a sign of their own, is below a bound, as memories are added step by step.

use super::{BLOCK, Projector, Tables};

#[cfg(target_arch = "x86_64")]
use super::below_avx512;

/// Memories before `end` are in; then units are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Number of memories that take part.
    pub end: usize,
    /// Units with σ_i Σ_{μ<end} ξ_i^μ M_μ < `bound` are counted.
    pub bound: i32,
}

/// Scratch of [`Projector::below`], to be used again.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    tables: Tables,
    sums: Vec<i32>,
    #[cfg(target_arch = "x86_64")]
    pub(super) quick: below_avx512::Row,
}

impl Projector {
    /// Counts, for every step, the units i with σ_i Σ_{μ<end} ξ_i^μ M_μ below the bound. `signs` has bit
    /// i mod 64 of word ⌊i/64⌋ set where σ_i = +1. The sums must [fit](super::fits).
    ///
    /// # Panics
    /// If steps do not increase or go beyond the sums, or there is not one bit per unit and one count per step.
    pub fn below(&self, sums: &[i32], signs: &[u64], steps: &[Step], rows: &mut Rows, counts: &mut [usize]) {
        assert_eq!(signs.len(), self.blocks(), "one word of signs per block");
        assert_eq!(counts.len(), steps.len(), "one count per step");
        assert!(steps.windows(2).all(|pair| pair[0].end <= pair[1].end), "steps in order");
        assert!(steps.last().is_none_or(|step| step.end <= sums.len()), "sums for all steps");
        counts.fill(0);
        #[cfg(target_arch = "x86_64")]
        if below_avx512::below(self, sums, signs, steps, &mut rows.quick, counts) {
            return;
        }
        counts.fill(0);
        rows.sums.clear();
        rows.sums.resize(self.neurons, 0);
        let mut start = 0;
        for (step, count) in steps.iter().zip(counts) {
            self.prepare(start, &sums[start..step.end], &mut rows.tables);
            self.add(&rows.tables, 0..self.blocks(), &mut rows.sums);
            start = step.end;
            for (values, signs) in rows.sums.chunks(BLOCK).zip(signs) {
                for (unit, value) in values.iter().enumerate() {
                    let signed = if (signs >> unit) & 1 == 1 { *value } else { -value };
                    *count += usize::from(signed < step.bound);
                }
            }
        }
    }
}
