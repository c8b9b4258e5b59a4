//! Averages over two or three independent continuous memories by a product of Gauss–Legendre panels.
//!
//! The unit's response to g·η has its nearest poles at the distance πT/(jump·|g_μ|) from the real axis of η_μ,
//! whatever the other components: panels along each axis are as long as that allows.

use std::f64::consts::{PI, SQRT_2};

use super::law::{Response, SiteLaw};
use super::line::{legendre, short};
use super::moments::Moments;

/// The law of one component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Component {
    /// Uniform on \[−√3, √3\].
    Uniform,
    /// Density e^{−√2|x|}/√2.
    Laplace,
}

/// Most nodes of one average.
const LARGEST: usize = 6_000_000;
/// ln 10¹⁵: what a panel may leave.
pub(super) const FINE: f64 = 34.5;
/// The same while states are searched for.
pub(super) const COARSE: f64 = 10.0;
/// Longest panel.
const LONGEST: f64 = 6.0;

/// p independent components.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tensor {
    pub(super) component: Component,
    pub(super) count: usize,
    /// h → −h is a symmetry of the unit: half of the first axis suffices.
    pub(super) fold: bool,
    /// −ln of the error of a panel.
    pub(super) digits: f64,
}

impl Tensor {
    /// Averages in the field g·η + h; `None` if they need too many nodes.
    pub(super) fn average(self, law: &SiteLaw, g: &[f64], h: f64, temperature: f64) -> Option<Moments> {
        let envelope = law.envelope();
        let span = match (envelope.levels.first(), envelope.levels.last()) {
            (Some(first), Some(last)) => last - first,
            _ => return None,
        };
        let pole = PI * law.effective(temperature).0 / span;
        // At T = 0 the response has jumps, which products of panels do not follow.
        if pole.is_nan() || pole <= 0.0 {
            return None;
        }
        let mut axes: Vec<Vec<(f64, f64)>> =
            g.iter().map(|g| self.axis(pole / g.abs())).collect::<Option<_>>()?;
        if self.fold {
            axes[0].retain(|node| node.0 > 0.0);
            for node in &mut axes[0] {
                node.1 *= 2.0;
            }
        }
        if axes.iter().map(Vec::len).product::<usize>() > LARGEST {
            return None;
        }
        let mut out = Moments::new(self.count);
        let mut z = vec![0.0; self.count];
        visit(&axes, &mut z, 0, (1.0, h), g, &mut out, &|field| law.at(field, temperature));
        out.close();
        Some(out)
    }

    /// Nodes along an axis with poles at a distance from it; `None` if too many are needed.
    fn axis(self, pole: f64) -> Option<Vec<(f64, f64)>> {
        if pole.is_infinite() {
            // No field along this axis: two points have its moments up to the third.
            return Some(vec![(-1.0, 0.5), (1.0, 0.5)]);
        }
        let end = if self.component == Component::Uniform { 3.0_f64.sqrt() } else { 25.0 };
        let rule = if self.digits < FINE { short() } else { legendre() };
        let order = 2.0 * rule.len() as f64;
        let mut nodes = Vec::new();
        let mut start = 0.0;
        while start < end {
            if nodes.len() > LARGEST {
                return None;
            }
            // ρ^{−2n} = e^{−digits} with ρ = δ + √(1 + δ²), δ = pole/half.
            let decay = if self.component == Component::Laplace { SQRT_2 * start } else { 0.0 };
            let needed = ((self.digits - decay).max(2.0) / order).sinh();
            let stop = (start + (2.0 * pole / needed).min(LONGEST)).min(end);
            // Equal panels where the density is flat.
            let stop = if self.component == Component::Uniform {
                end.min(start + end / (end / (stop - start).min(end)).ceil().max(1.0)).max(start)
            } else {
                stop
            };
            let stop = if end - stop < 1e-9 { end } else { stop };
            for (node, weight) in rule {
                let (middle, half) = (0.5 * (start + stop), 0.5 * (stop - start));
                let x = middle + half * node;
                let density = match self.component {
                    Component::Uniform => 0.5 / 3.0_f64.sqrt(),
                    Component::Laplace => (-SQRT_2 * x).exp() / SQRT_2,
                };
                nodes.extend([(x, half * weight * density), (-x, half * weight * density)]);
            }
            start = stop;
        }
        Some(nodes)
    }
}

/// Adds the product of the axes; every row has a sum of its own, so that rounding does not grow with their number.
fn visit(
    axes: &[Vec<(f64, f64)>],
    z: &mut [f64],
    depth: usize,
    (p, field): (f64, f64),
    g: &[f64],
    out: &mut Moments,
    law: &dyn Fn(f64) -> Response,
) {
    let mut row = Moments::new(z.len());
    for &(x, weight) in &axes[depth] {
        z[depth] = x;
        let (p, field) = (p * weight, field + g[depth] * x);
        if depth + 1 == axes.len() {
            row.add(p, z, &law(field));
        } else {
            visit(axes, z, depth + 1, (p, field), g, &mut row, law);
        }
    }
    out.merge(&row);
}
