//! Machines whose weights are memories: Gaussian hidden units make a Hopfield network, Barra et al. (2012).

use mattis_figures::{Axis, Color, Dash, Figure, Marker, MarkerShape, PALETTE, Plot, Series, recipes};
use mattis_model::Encoding;
use mattis_model::record::InteractionsRecord;
use mattis_theory::TheoryError;

use super::{Check, Effort, Recipe};
use crate::interactions::{Origin, record};
use crate::records::Records;
use crate::study::InteractionsSection;
use crate::weights::Weights;

pub(super) const RECIPE: Recipe = Recipe {
    name: "rbm-hopfield",
    shows: "Machines with weights √(β/N) ξ, three memories ξ of 14 spins, β = 1. Above: their pair couplings against those of the \
            Hopfield network, (β/N) Σ ξξ. With Gaussian hidden units they are the same and there are no others; with Boolean ones and those \
            between pairs are weaker, and couplings of four and six spins appear (below); ReLU units have all orders.",
    source: "Barra, Bernacchia, Santucci & Contucci, Neural Netw. 34, 1 (2012)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

const UNITS: [(&str, &str); 4] = [
    ("gaussian", "Gaussian"),
    ("boolean-gaussian:omega=0.5", "between, Ω = 0.5"),
    ("ising", "Boolean"),
    ("threshold-linear", "ReLU"),
];
const SPINS: usize = 14;
const MEMORIES: usize = 3;

/// Components of three memories: the bits of three numbers.
fn memory(mu: usize, site: usize) -> f64 {
    let bits = [0b10_1100_0111_0010_u32, 0b01_1010_1110_1001, 0b11_0001_0110_1110][mu];
    if bits >> site & 1 == 1 { 1.0 } else { -1.0 }
}

/// W = √(β/N) ξ with ξ given by a function (memory, spin).
fn weights(spins: usize, memories: usize, beta: f64, component: impl Fn(usize, usize) -> f64) -> Origin {
    let scale = (beta / spins as f64).sqrt();
    let row = |site: usize| (0..memories).map(|mu| scale * component(mu, site)).collect();
    let weights = Weights { rows: (0..spins).map(row).collect(), visible_bias: None, hidden_bias: None };
    Origin::Given { weights, name: "memories".into() }
}

fn solve(_: Effort) -> Result<Records, TheoryError> {
    let section = |order| InteractionsSection {
        order: Some(order),
        list: Some(true),
        ..InteractionsSection::default()
    };
    let machine = weights(SPINS, MEMORIES, 1.0, memory);
    let mut interactions = Vec::new();
    for (unit, _) in UNITS {
        let all = record(&machine, (&unit.parse()?, Encoding::PlusMinus), &section(8), &|| false)?;
        // Pairs are drawn one by one, the rest by order.
        let couplings = all.couplings.into_iter().filter(|coupling| coupling.sites.len() == 2).collect();
        interactions.push(InteractionsRecord { couplings, ..all });
    }
    // Eight spins, two memories that agree on five of them.
    let small = weights(8, 2, 0.8, |mu, site| if mu == 1 && site < 3 { -1.0 } else { 1.0 });
    interactions.push(record(&small, (&"gaussian".parse()?, Encoding::PlusMinus), &section(8), &|| false)?);
    Ok(Records { interactions, ..Records::default() })
}

/// (β/N) Σ_μ ξ_i ξ_j.
fn hebb(sites: &[usize]) -> f64 {
    let term = |mu: usize| sites.iter().map(|site| memory(mu, *site)).product::<f64>();
    (0..MEMORIES).map(term).sum::<f64>() / SPINS as f64
}

fn checks(records: &Records) -> Vec<Check> {
    const LAW: &str = "J = (β/N) Σ ξξ";
    const INSTANCE: &str = "enumeration of the Hopfield network with its diagonal";
    let mut checks = Vec::new();
    if let Some(gaussian) = records.interactions.first() {
        let off = gaussian.couplings.iter().map(|coupling| (coupling.value - hebb(&coupling.sites)).abs());
        checks.push(Check::new(
            "largest difference of a pair, Gaussian",
            Some(off.fold(0.0, f64::max)),
            0.0,
            1e-14,
            LAW,
        ));
        let beyond = gaussian.orders.iter().filter(|order| order.order > 2).map(|order| order.max_abs);
        checks.push(Check::new(
            "largest |J| beyond pairs, Gaussian",
            Some(beyond.fold(0.0, f64::max)),
            0.0,
            1e-14,
            LAW,
        ));
    }
    if let Some(small) = records.interactions.last() {
        checks.push(Check::new("ln Z of eight spins", small.log_z, 6.710_292_534_422_59, 1e-13, INSTANCE));
        let pairs: f64 = small
            .orders
            .iter()
            .filter(|order| order.order == 2)
            .map(|order| order.mean * order.count as f64)
            .sum();
        // Σ_{i<j} J_ij at the spins of memory 1: ½ β N (m₁² + m₂²) less the diagonal, m = (1, ¼).
        checks.push(Check::new(
            "Σ J of eight spins",
            Some(pairs),
            0.4 * 8.0 * (1.0 + 1.0 / 16.0) - 0.8,
            1e-13,
            LAW,
        ));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let shown = &records.interactions[..UNITS.len().min(records.interactions.len())];
    let mut pairs =
        Plot::new("Pairs", Axis::new("Hopfield network, (β/N) Σ ξξ"), Axis::new("J_{ij} of the machine"))
            .size(720, 400)
            .with(
                Series::line("equal", vec![(-0.25, -0.25), (0.25, 0.25)])
                    .color(Color::GREY)
                    .dash(Dash::Dashed),
            );
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Diamond, MarkerShape::Triangle];
    for (k, (record, (_, label))) in shown.iter().zip(UNITS).enumerate() {
        let points =
            record.couplings.iter().map(|coupling| (hebb(&coupling.sites), coupling.value)).collect();
        let series = Series::points(label, points).marker(Marker::open(shapes[k])).color(PALETTE[k]);
        pairs = pairs.with(series);
    }
    let mut panels = vec![pairs];
    if let Some(mut orders) = recipes::interaction_orders(shown) {
        orders.title = "All orders".into();
        panels.push(orders.size(720, 360));
    }
    Figure::new(panels)
}
