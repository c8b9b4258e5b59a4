//! The decision of a ±1 unit: flip iff a 64-bit word is below p_flip(s·h) 2⁶⁴.

/// Cells of y = 2 s h/T in which the threshold is known to lie between two bounds.
const CELLS: usize = 1536;
const CELLS_PER_UNIT: f64 = 16.0;
/// The cells begin at y = −48, where a flip is as good as certain, and end at +48.
const FIRST: f64 = -48.0;
/// Far above the rounding of exp, far below the width of a cell.
const MARGIN: f64 = 1e-9;
const RANGE: f64 = 18_446_744_073_709_551_616.0;

/// Thresholds of a rule p_flip(y), y = 2 s h/T, that decreases in y.
///
/// Every decision is that of the exact threshold ⌊p_flip 2⁶⁴⌋, made with libm; the table of bounds only
/// spares most evaluations. T = 0: a unit flips iff s·h < 0.
#[derive(Debug, Clone)]
pub struct Acceptance {
    temperature: f64,
    /// 2/T.
    per_field: f64,
    probability: fn(f64) -> f64,
    bounds: Box<[(u64, u64)]>,
    /// Their upper 16 bits: a small table stays in the first cache.
    upper_bounds: Box<[(u16, u16)]>,
}

impl Acceptance {
    fn new(temperature: f64, probability: fn(f64) -> f64) -> Self {
        let edge = |cell: usize| probability(FIRST + cell as f64 / CELLS_PER_UNIT) * RANGE;
        let bounds: Box<[(u64, u64)]> = (0..CELLS)
            .map(|cell| ((edge(cell + 1) * (1.0 - MARGIN)) as u64, (edge(cell) * (1.0 + MARGIN)) as u64))
            .collect();
        let upper = |(below, above): &(u64, u64)| ((below >> 48) as u16, (above >> 48) as u16);
        let upper_bounds = bounds.iter().map(upper).collect();
        Self { temperature, per_field: 2.0 / temperature, probability, bounds, upper_bounds }
    }

    /// Heat bath: p_flip = 1/(1 + e^y).
    pub fn heat_bath(temperature: f64) -> Self {
        Self::new(temperature, |y| 1.0 / (1.0 + libm::exp(y)))
    }

    /// Metropolis: p_flip = min(1, e^{−y}).
    pub fn metropolis(temperature: f64) -> Self {
        Self::new(temperature, |y| libm::exp(-y).min(1.0))
    }

    /// p_flip where the unit's sign times its field is `aligned`.
    pub fn probability(&self, aligned: f64) -> f64 {
        if self.temperature == 0.0 {
            return if aligned < 0.0 { 1.0 } else { 0.0 };
        }
        (self.probability)(2.0 * aligned / self.temperature)
    }

    /// Whether the unit flips, where the upper 16 bits of its word decide that.
    #[inline]
    pub fn flips_by(&self, aligned: f64, upper: u16) -> Option<bool> {
        if self.temperature == 0.0 {
            return Some(aligned < 0.0);
        }
        // Rounded once more than in the exact rule, far within the margin of the bounds.
        let y = aligned * self.per_field;
        let (below, above) = self.upper_bounds.get(((y - FIRST) * CELLS_PER_UNIT) as usize)?;
        // An infinite 2/T makes a field of 0 no number, which is beyond the table.
        (y > FIRST && !(*below..=*above).contains(&upper)).then_some(upper < *below)
    }

    /// Whether the unit flips.
    #[inline]
    pub fn flips(&self, aligned: f64, word: u64) -> bool {
        if self.temperature == 0.0 {
            return aligned < 0.0;
        }
        let y = 2.0 * aligned / self.temperature;
        // A saturating cast: fields beyond the table end in its first or last cell, where the bounds may
        // not hold.
        let cell = ((y - FIRST) * CELLS_PER_UNIT) as usize;
        if let Some((below, above)) = self.bounds.get(cell)
            && y > FIRST
        {
            if word > *above {
                return false;
            }
            if word < *below {
                return true;
            }
        }
        let threshold = (self.probability)(y) * RANGE;
        threshold >= RANGE || word < threshold as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_never_change_a_decision() {
        for (acceptance, rule) in [
            (Acceptance::heat_bath(0.37), (|y| 1.0 / (1.0 + libm::exp(y))) as fn(f64) -> f64),
            (Acceptance::metropolis(0.37), |y| libm::exp(-y).min(1.0)),
        ] {
            for k in -4000..4000 {
                let aligned = f64::from(k) * 0.003_1;
                let threshold = rule(2.0 * aligned / 0.37) * RANGE;
                let exact = |word: u64| threshold >= RANGE || word < threshold as u64;
                let near = threshold as u64;
                for word in [0, 1, near.saturating_sub(1), near, near.saturating_add(1), near / 2, u64::MAX] {
                    assert_eq!(acceptance.flips(aligned, word), exact(word), "{aligned} {word}");
                    let upper = (word >> 48) as u16;
                    if let Some(flips) = acceptance.flips_by(aligned, upper) {
                        let least = word >> 48 << 48;
                        assert_eq!(
                            (flips, flips),
                            (exact(least), exact(least | (u64::MAX >> 16))),
                            "{aligned}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn upper_bits_mostly_decide() {
        let acceptance = Acceptance::heat_bath(0.3);
        let undecided = |y: f64| {
            (0..=u16::MAX).filter(|upper| acceptance.flips_by(0.15 * y, *upper).is_none()).count() as f64
        };
        for y in [-3.03, 0.02, 1.51, 4.49] {
            // Half a cell is 1/32 in the logarithm of the odds.
            assert!(undecided(y) < 0.08 * 65_536.0 / (1.0 + y.exp()) + 3.0, "{y}");
        }
    }

    #[test]
    fn ends_are_exact() {
        let heat_bath = Acceptance::heat_bath(1e-300);
        assert!(heat_bath.flips(-1.0, u64::MAX));
        assert!(!heat_bath.flips(1.0, 0));
        assert!(heat_bath.flips(0.0, (1 << 63) - 1) && !heat_bath.flips(0.0, 1 << 63));
        let frozen = Acceptance::heat_bath(0.0);
        assert!(frozen.flips(-1e-300, u64::MAX) && !frozen.flips(0.0, 0));
        assert_eq!((frozen.flips_by(-1e-300, u16::MAX), frozen.flips_by(0.0, 0)), (Some(true), Some(false)));
        assert_eq!((heat_bath.flips_by(-1.0, 0), heat_bath.flips_by(1.0, 0)), (None, None));
        assert_eq!(Acceptance::heat_bath(1e-309).flips_by(0.0, 0x8100), None);
    }
}
