//! Averages over two successive states (s, s′) of one unit under parallel updates, with their derivatives.

use mattis_model::Unit;
use mattis_model::unit::Envelope;
use nalgebra::SVector;

use super::columns::Column;
use super::site::{Averaged, Spot, site};
use crate::average::Nodes;

/// The measure exp{[½γ(s² + s′²) + κ s s′ + h(s + s′) − V(s) − V(s′)]/T} at one point; γ, κ are energies.
#[derive(Debug, Clone, Copy)]
pub(super) struct PairSpot {
    pub(super) m: f64,
    pub(super) gamma: f64,
    pub(super) kappa: f64,
    pub(super) delta: f64,
    pub(super) field: f64,
    pub(super) temperature: f64,
}

/// Derivatives with respect to m, γ, κ, Δ, T.
pub(super) type Gradient = SVector<f64, 5>;

/// A quantity and its gradient.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Graded {
    pub(super) value: f64,
    pub(super) gradient: Gradient,
}

/// Averages over memories and noise.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// E\[z_n ⟨s⟩\]/n.
    pub(super) overlap: Graded,
    /// χ_u = ½β E Var(s + s′).
    pub(super) symmetric: Graded,
    /// χ_v = ½β E⟨(s − s′)²⟩.
    pub(super) antisymmetric: Graded,
    /// q = E\[⟨s⟩²\].
    pub(super) frozen: Graded,
    /// E⟨s²⟩.
    pub(super) activity: f64,
    /// E⟨s s′⟩.
    pub(super) persistence: f64,
    /// T E\[ln Z₂\].
    pub(super) w: f64,
    /// E\[∂(T ln Z₂)/∂T\].
    pub(super) entropy: f64,
    /// The response over two condensed memories, E\[ξ¹ξ² ½β Var(s + s′)\].
    pub(super) cross: f64,
}

/// One pair of levels: s + s′, ½(s² + s′²), s s′, (s − s′)², its action at h = 0 and its weight.
struct Line {
    sum: f64,
    squares: f64,
    product: f64,
    difference: f64,
    action: f64,
    weight: f64,
}

fn lines(unit: &Unit, spot: PairSpot) -> Vec<Line> {
    let levels = unit.levels();
    let mut lines = Vec::with_capacity(levels.len() * levels.len());
    for (i, &s) in levels.iter().enumerate() {
        for &t in &levels[i..] {
            let (squares, product) = (0.5 * (s * s + t * t), s * t);
            let action = spot.gamma * squares + spot.kappa * product - unit.potential(s) - unit.potential(t);
            // (s, s′) and (s′, s) are one line.
            let twice = if s == t { 1.0 } else { 2.0 };
            let weight = twice * unit.weight(s) * unit.weight(t);
            lines.push(Line { sum: s + t, squares, product, difference: (s - t).powi(2), action, weight });
        }
    }
    lines.sort_by(|a, b| a.sum.total_cmp(&b.sum).then(a.action.total_cmp(&b.action)));
    lines
}

pub(super) fn pair(unit: &Unit, columns: &[Column], n: usize, spot: PairSpot) -> Option<Pair> {
    if spot.temperature == 0.0 {
        return ground(unit, columns, n, spot);
    }
    let lines = lines(unit, spot);
    // Of the pairs with one sum the last, with the largest action, is on the envelope.
    let tops =
        lines.iter().enumerate().filter(|(i, line)| lines.get(i + 1).is_none_or(|next| next.sum > line.sum));
    let envelope = Envelope::of_lines(tops.map(|(_, line)| (line.sum, line.action)));
    let mut out = Pair::default();
    for column in columns {
        let part = thermal(&lines, &envelope, spot.m * column.sum + spot.field, spot);
        let p = column.probability;
        if n > 0 {
            add(&mut out.overlap, p * column.sum / n as f64, part.overlap, column.sum);
        }
        if n > 1 {
            let n = n as f64;
            out.cross += p * (column.sum * column.sum - n) / (n * (n - 1.0)) * part.symmetric.value;
        }
        add(&mut out.symmetric, p, part.symmetric, column.sum);
        add(&mut out.antisymmetric, p, part.antisymmetric, column.sum);
        add(&mut out.frozen, p, part.frozen, column.sum);
        out.activity += p * part.activity;
        out.persistence += p * part.persistence;
        out.w += p * part.w;
        out.entropy += p * part.entropy;
    }
    Some(out)
}

/// Adds a column's part, whose first derivative is by the mean field m z.
fn add(total: &mut Graded, weight: f64, part: Graded, sum: f64) {
    total.value += weight * part.value;
    let mut gradient = part.gradient;
    gradient[0] *= sum;
    total.gradient += gradient * weight;
}

/// One column's averages; derivatives by the mean field, γ, κ, Δ, T.
fn thermal(lines: &[Line], envelope: &Envelope, mean: f64, spot: PairSpot) -> Pair {
    let (temperature, beta) = (spot.temperature, 1.0 / spot.temperature);
    let noise = spot.delta.max(0.0).sqrt();
    let nodes = Nodes::new(mean, noise, envelope, temperature);
    let mut out = Pair::default();
    let mut actions = vec![0.0; lines.len()];
    for group in &nodes.groups {
        relative_actions(lines, group.centre, &mut actions);
        let top = lines.iter().map(|l| l.action + group.centre * l.sum).fold(f64::NEG_INFINITY, f64::max);
        for ((&offset, &weight), &z) in group.offsets.iter().zip(&group.weights).zip(&group.z) {
            let node = Node::new(lines, &actions, offset, beta);
            let s = 0.5 * node.mean;
            // Values and derivatives by h, γ, κ, T of ½⟨S⟩, ½β Var S, ½β⟨(s − s′)²⟩, ¼⟨S⟩².
            let [by_h, by_g, by_k, by_e] =
                node.generators.map(|c| (0.5 * c.x, 0.5 * beta * c.xx, 0.5 * beta * c.d));
            let values = [s, 0.5 * beta * node.variance, 0.5 * beta * node.difference, s * s];
            let first = |(x, xx, d): (f64, f64, f64)| [beta * x, beta * xx, beta * d, 2.0 * s * beta * x];
            let (h, g, k) = (first(by_h), first(by_g), first(by_k));
            let e = first(by_e).map(|x| -x * beta);
            let explicit = [0.0, -beta * values[1], -beta * values[2], 0.0];
            let targets = [&mut out.overlap, &mut out.symmetric, &mut out.antisymmetric, &mut out.frozen];
            for (i, target) in targets.into_iter().enumerate() {
                // Responses of width T are differentiated through the Gaussian where panels resolve them.
                let by_mean = if nodes.kinked { values[i] * z / noise } else { h[i] };
                let by_delta = if noise == 0.0 {
                    0.0
                } else if nodes.kinked {
                    0.5 * values[i] * (z * z - 1.0) / spot.delta
                } else {
                    0.5 * h[i] * z / noise
                };
                target.value += weight * values[i];
                target.gradient += Gradient::new(by_mean, g[i], k[i], by_delta, e[i] + explicit[i]) * weight;
            }
            out.activity += weight * node.squares;
            out.persistence += weight * node.product;
            out.w += weight * (top + node.best + temperature * node.log);
            out.entropy += weight * (node.log - node.energy * beta);
        }
    }
    out
}

/// Actions at the centre relative to the largest, cancellations at a switching field snapped to zero.
fn relative_actions(lines: &[Line], centre: f64, out: &mut [f64]) {
    let scale = lines.iter().fold(0.0_f64, |a, l| a.max((centre * l.sum).abs()).max(l.action.abs()));
    let top = lines.iter().map(|l| l.action + centre * l.sum).fold(f64::NEG_INFINITY, f64::max);
    for (action, line) in out.iter_mut().zip(lines) {
        let a = line.action + centre * line.sum - top;
        *action = if a.abs() <= 8.0 * f64::EPSILON * scale { 0.0 } else { a };
    }
}

/// Covariances of one generator with S, of third order with (S, S), and with (s − s′)².
#[derive(Clone, Copy, Default)]
struct Covariances {
    x: f64,
    xx: f64,
    d: f64,
}

/// The pair's law at one field.
struct Node {
    best: f64,
    log: f64,
    mean: f64,
    variance: f64,
    difference: f64,
    squares: f64,
    product: f64,
    energy: f64,
    /// With S, ½(s² + s′²), s s′ and the action.
    generators: [Covariances; 4],
}

impl Node {
    fn new(lines: &[Line], actions: &[f64], offset: f64, beta: f64) -> Self {
        let (best, origin) = actions
            .iter()
            .zip(lines)
            .map(|(a, line)| (a + offset * line.sum, line.sum))
            .fold((f64::NEG_INFINITY, 0.0), |best, x| if x.0 > best.0 { x } else { best });
        let (mut z, mut x1, mut x2, mut d1) = (0.0, 0.0, 0.0, 0.0);
        let mut g1 = [0.0; 4];
        let mut xg = [0.0; 4];
        let mut xxg = [0.0; 4];
        let mut dg = [0.0; 4];
        for (a, line) in actions.iter().zip(lines) {
            let e = a + offset * line.sum - best;
            let p = line.weight * (e * beta).exp();
            let x = line.sum - origin;
            z += p;
            x1 += p * x;
            x2 += p * x * x;
            d1 += p * line.difference;
            for (i, g) in [x, line.squares, line.product, e].into_iter().enumerate() {
                g1[i] += p * g;
                xg[i] += p * x * g;
                xxg[i] += p * x * x * g;
                dg[i] += p * line.difference * g;
            }
        }
        let inverse = 1.0 / z;
        x1 *= inverse;
        x2 *= inverse;
        d1 *= inverse;
        let variance = x2 - x1 * x1;
        let generators = std::array::from_fn(|i| {
            let (g, xg, xxg, dg) = (g1[i] * inverse, xg[i] * inverse, xxg[i] * inverse, dg[i] * inverse);
            Covariances {
                x: xg - x1 * g,
                xx: xxg - 2.0 * xg * x1 - x2 * g + 2.0 * x1 * x1 * g,
                d: dg - d1 * g,
            }
        });
        Self {
            best,
            log: z.ln(),
            mean: origin + x1,
            variance,
            difference: d1,
            squares: g1[1] * inverse,
            product: g1[2] * inverse,
            energy: g1[3] * inverse,
            generators,
        }
    }
}

/// T = 0 with κ ≥ 0: s = s′ at every field, and each of them sees the reaction Γ = γ + κ.
fn ground(unit: &Unit, columns: &[Column], n: usize, spot: PairSpot) -> Option<Pair> {
    let single = site(
        &Averaged { unit: unit.clone(), spin: None },
        columns,
        n,
        Spot {
            m: spot.m,
            gamma: spot.gamma + spot.kappa,
            delta: spot.delta,
            field: spot.field,
            temperature: 0.0,
            energies: true,
        },
    )?;
    let graded = |x: super::site::Graded| Graded {
        value: x.value,
        gradient: Gradient::new(x.m, x.gamma, x.gamma, x.delta, x.t),
    };
    Some(Pair {
        overlap: graded(single.overlap),
        symmetric: graded(single.response),
        antisymmetric: Graded::default(),
        frozen: graded(single.frozen),
        activity: single.frozen.value,
        persistence: single.frozen.value,
        w: 2.0 * single.w,
        entropy: 0.0,
        cross: single.cross_response,
    })
}
