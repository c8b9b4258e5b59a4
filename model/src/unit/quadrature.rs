//! Gauss–Legendre quadrature on panels.

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use gauss_quad::GaussLegendre;

use super::points::Point;

/// Nodes in (−1, 1) and weights of the 16-point rule.
pub(super) fn legendre() -> &'static [(f64, f64)] {
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    RULE.get_or_init(|| {
        let count = NonZeroUsize::new(16).unwrap_or(NonZeroUsize::MIN);
        GaussLegendre::new(count).iter().map(|(node, weight)| (*node, *weight)).collect()
    })
}

/// ∫ f over a panel.
pub(super) fn over((start, stop): (f64, f64), f: impl Fn(f64) -> f64) -> f64 {
    let (middle, half) = (0.5 * (start + stop), 0.5 * (stop - start));
    legendre().iter().map(|(node, weight)| half * weight * f(middle + half * node)).sum()
}

/// The x below which the part u of ∫ f over the panels lies; the end of the last for u = 1.
pub(super) fn quantile(panels: &[(f64, f64)], f: impl Fn(f64) -> f64, u: f64) -> f64 {
    let masses: Vec<f64> = panels.iter().map(|panel| over(*panel, &f)).collect();
    let mut left = u * masses.iter().sum::<f64>();
    for ((start, stop), inside) in panels.iter().zip(&masses) {
        if left < *inside {
            let (mut low, mut high) = (*start, *stop);
            for _ in 0..52 {
                let middle = 0.5 * (low + high);
                if over((*start, middle), &f) <= left { low = middle } else { high = middle }
            }
            return 0.5 * (low + high);
        }
        left -= inside;
    }
    panels.last().map_or(f64::NAN, |panel| panel.1)
}

/// Panels between cuts in any order.
pub(super) fn between(mut cuts: Vec<f64>) -> Vec<(f64, f64)> {
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    cuts.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The measure e^{−V} ds on panels between cuts, as points. Of an even measure s and −s make one point.
pub(super) fn points(mut cuts: Vec<f64>, even: bool, potential: &dyn Fn(f64) -> f64) -> Vec<Point> {
    if even {
        for cut in &mut cuts {
            *cut = cut.abs();
        }
        cuts.push(0.0);
    }
    let mut out = Vec::new();
    for (start, stop) in between(cuts) {
        for (node, weight) in legendre() {
            let s = 0.5 * (start + stop) + 0.5 * (stop - start) * node;
            let height = -potential(s);
            if height > f64::NEG_INFINITY {
                let twin = even.then_some(height);
                out.push(Point { s, height, twin, factor: 0.5 * (stop - start) * weight });
            }
        }
    }
    out
}
