//! Nodes for Gaussian averages E f(μ + s z), z standard normal, of functions of the local field.
//!
//! Where the function is analytic on the scale of the noise, a trapezoid whose step is tied to the distance
//! of its poles from the real axis converges geometrically. Elsewhere 16-point Gauss–Legendre panels are cut
//! geometrically around the fields where the unit switches, so that a response of width T is resolved at any
//! T, however far out in the Gaussian it sits. Gauss–Hermite does neither.

use std::f64::consts::PI;
use std::num::NonZeroUsize;
use std::sync::OnceLock;

use gauss_quad::GaussLegendre;
use mattis_model::unit::Envelope;

/// Nodes that share a centre: the field is `centre + offset`, and is never rounded to less than that.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The centre, a switching field or the mean.
    pub centre: f64,
    /// Offsets from it.
    pub offsets: Vec<f64>,
    /// The standard normal variable at each node.
    pub z: Vec<f64>,
    /// Weight of each node, the normal density included.
    pub weights: Vec<f64>,
}

/// The nodes of one Gaussian average.
#[derive(Debug, Clone, PartialEq)]
pub struct Nodes {
    /// The groups.
    pub groups: Vec<Group>,
    /// Whether the nodes are panels around kinks: derivatives must then act on the Gaussian.
    pub kinked: bool,
}

/// |z| beyond which the normal density is below 10⁻¹⁸ of its maximum.
const REACH: f64 = 9.2;
/// |z| beyond which nothing is visible in double precision.
const OUTER: f64 = 38.0;
/// Longest panel, in units of the noise.
const LONGEST: f64 = 1.5;
/// Growth of panels away from a kink.
const GROWTH: f64 = 3.0;
/// Trapezoid steps below this cost more nodes than panels.
const SHORTEST_STEP: f64 = 0.06;

pub(crate) fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// P(z > x) of a standard normal z.
pub(crate) fn normal_tail(x: f64) -> f64 {
    0.5 * libm::erfc(x / std::f64::consts::SQRT_2)
}

pub(crate) fn legendre() -> &'static [(f64, f64)] {
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    RULE.get_or_init(|| {
        let count = NonZeroUsize::new(16).unwrap_or(NonZeroUsize::MIN);
        GaussLegendre::new(count).iter().map(|(node, weight)| (*node, *weight)).collect()
    })
}

/// The panels on one side of a single kink at z = `here` of width `scale`, as distances from it.
pub(crate) fn cuts(side: f64, here: f64, scale: f64) -> impl Iterator<Item = (f64, f64)> {
    within(side, here, (REACH - side * here).max(LONGEST), scale)
}

/// The panels on one side of a kink at z = `here` of width `scale` up to a distance.
fn within(side: f64, here: f64, end: f64, scale: f64) -> impl Iterator<Item = (f64, f64)> {
    // Beyond ±OUTER the density underflows next to any response.
    let enter = (-OUTER - side * here).max(0.0);
    let end = end.min(OUTER - side * here);
    let mut start = enter;
    let mut next = if enter > 0.0 { enter + LONGEST } else { scale };
    std::iter::from_fn(move || {
        (start < end).then(|| {
            let panel = (start, next.min(start + LONGEST).min(end));
            start = panel.1;
            next = start * GROWTH;
            panel
        })
    })
}

/// Nodes and weights of 16-point Gauss–Legendre quadrature on an interval.
pub(crate) fn panel(start: f64, stop: f64) -> impl Iterator<Item = (f64, f64)> {
    let (centre, half) = (0.5 * (start + stop), 0.5 * (stop - start));
    legendre().iter().map(move |(node, weight)| (centre + half * node, half * weight))
}

impl Nodes {
    /// Nodes for the mean μ, noise s ≥ 0 and a unit with this envelope at temperature T > 0.
    pub fn new(mean: f64, noise: f64, envelope: &Envelope, temperature: f64) -> Self {
        let span = match (envelope.levels.first(), envelope.levels.last()) {
            (Some(first), Some(last)) => last - first,
            _ => 0.0,
        };
        let kinks: Vec<(f64, f64)> = envelope
            .switches
            .iter()
            .zip(envelope.levels.windows(2))
            .map(|(switch, pair)| (*switch, 2.0 * temperature / (pair[1] - pair[0])))
            .collect();
        // Z(h) = Σ a_s e^{hs/T} with positive a_s has no zero where the phases span less than a half-plane.
        Self::around(mean, noise, &kinks, 2.0 * temperature / span)
    }

    /// Nodes for a function with `kinks`, fields where it is steep with the width of the rise, increasing; no
    /// singularity is nearer to the real axis than π/2 times `width`.
    pub fn around(mean: f64, noise: f64, kinks: &[(f64, f64)], width: f64) -> Self {
        if noise == 0.0 {
            let group = Group { centre: mean, offsets: vec![0.0], z: vec![0.0], weights: vec![1.0] };
            return Self { groups: vec![group], kinked: false };
        }
        let pole = 0.5 * PI * width / noise;
        // A pole at distance d costs e^{d²/2 − 2πd/step}, times a few hundred for poles of higher order.
        let step = (2.0 * PI * pole / (43.0 + 0.5 * pole * pole)).min(0.4);
        if step >= SHORTEST_STEP || kinks.is_empty() {
            Self::trapezoid(mean, noise, step)
        } else {
            Self::panels(mean, noise, kinks)
        }
    }

    fn trapezoid(mean: f64, noise: f64, step: f64) -> Self {
        let half = (REACH / step).ceil() as i32;
        let z: Vec<f64> = (-half..=half).map(|i| f64::from(i) * step).collect();
        let weights = z.iter().map(|z| step * normal_density(*z)).collect();
        let offsets = z.iter().map(|z| noise * z).collect();
        Self { groups: vec![Group { centre: mean, offsets, z, weights }], kinked: false }
    }

    fn panels(mean: f64, noise: f64, kinks: &[(f64, f64)]) -> Self {
        let position = |field: f64| (field - mean) / noise;
        let groups = (0..kinks.len())
            .map(|k| {
                let (centre, width) = kinks[k];
                let here = position(centre);
                // Panels reach half-way to the next kink, or past the bulk of the Gaussian.
                let left = if k > 0 {
                    0.5 * (kinks[k - 1].0 - centre) / noise
                } else {
                    (-REACH - here).min(-LONGEST)
                };
                let right = if k + 1 < kinks.len() {
                    0.5 * (kinks[k + 1].0 - centre) / noise
                } else {
                    (REACH - here).max(LONGEST)
                };
                let scale = width / noise;
                let mut group = Group { centre, offsets: vec![], z: vec![], weights: vec![] };
                for (side, end) in [(-1.0, -left), (1.0, right)] {
                    for (start, stop) in within(side, here, end, scale) {
                        for (node, weight) in legendre() {
                            let distance = side * (0.5 * (start + stop) + 0.5 * (stop - start) * node);
                            let z = here + distance;
                            group.offsets.push(noise * distance);
                            group.z.push(z);
                            group.weights.push(0.5 * (stop - start) * weight * normal_density(z));
                        }
                    }
                }
                group
            })
            .collect();
        Self { groups, kinked: true }
    }
}
