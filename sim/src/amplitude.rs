//! The size at which units without bounds start.
//!
//! Threshold-linear networks have no scale of their own: fields are in proportion to the activity, apart from thresholds
//! and external fields. A pattern ξ is therefore put into a ξ with the amplitude a that keeps its mean activity,
//! (1/N) Σ S(a l_i + c_i) = a (1/N) Σ ξ_i, where l_i are the fields of ξ and c_i what does not depend on it.

/// Amplitudes that are looked at: powers of ten and steps between.
const DECADES: i32 = 6;
const STEPS: i32 = 20;

/// The largest amplitude at which activity above it falls and below it rises; 1 where there is none.
pub(crate) fn amplitude(
    linear: &[f64],
    constant: &[f64],
    values: &[f64],
    driven: impl Fn(f64) -> f64,
) -> f64 {
    let size = values.len() as f64;
    let mean = values.iter().sum::<f64>() / size;
    let excess = |a: f64| {
        let next = linear.iter().zip(constant).map(|(l, c)| driven(a * l + c)).sum::<f64>() / size;
        next - a * mean
    };
    let at = |step: i32| 10_f64.powf(f64::from(step) / f64::from(STEPS));
    let mut above = DECADES * STEPS;
    // A state that grows without bound from here has no amplitude.
    if mean <= 0.0 || excess(at(above)) > 0.0 {
        return 1.0;
    }
    while above > -DECADES * STEPS {
        let below = above - 1;
        if excess(at(below)) > 0.0 {
            let (mut low, mut high) = (at(below), at(above));
            for _ in 0..50 {
                let middle = (low * high).sqrt();
                if excess(middle) > 0.0 { low = middle } else { high = middle }
            }
            return low;
        }
        above = below;
    }
    1.0
}

#[cfg(test)]
mod tests {
    use super::amplitude;

    #[test]
    fn the_mean_activity_is_kept() {
        let (linear, values) = ([0.5, -1.0], [1.0, 0.0]);
        let rate = |h: f64| h.max(0.0);
        // ½ (0.5a + 3) + ½ [3 − a]₊ = ½ a: beyond a = 3 the silent unit is off, and a = 6.
        let a = amplitude(&linear, &[3.0, 3.0], &values, rate);
        assert!((a - 6.0).abs() < 1e-9, "{a}");
        // Growth without bound, and activity that dies out: nothing is better than the pattern itself.
        assert_eq!(amplitude(&[2.0, -1.0], &[1.0, 1.0], &values, rate), 1.0);
        assert_eq!(amplitude(&[0.5, -1.0], &[-1.0, -1.0], &values, rate), 1.0);
        assert_eq!(amplitude(&[0.5, 0.5], &[1.0, 1.0], &[-1.0, 1.0], rate), 1.0);
    }
}
