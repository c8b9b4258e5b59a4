//! The tree of states for three memories, Amit, Gutfreund and Sompolinsky (1985).

use mattis_figures::{Axis, Color, Dash, Figure, LegendPlace, PALETTE, Plot, Series};
use mattis_model::Model;
use mattis_model::record::{Mixture, MixturesRecord};
use mattis_theory::{FinitePatterns, TheoryError};

use super::{Check, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "ags1985-landscape",
    shows: "All mean-field states of three memories against T, by their free energies above that of the state without \
            overlaps: solid where stable, dashed where not. The symmetric 3-mixture is stable below T = 0.4598.",
    source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

/// Where states are counted: p, T, classes, states, stable states.
const CENSUS: &[(usize, f64, usize, u64, u64)] = &[
    (2, 0.3, 3, 9, 4),
    (3, 0.3, 5, 51, 14),
    (3, 0.44, 5, 51, 14),
    (3, 0.47, 5, 51, 6),
    (3, 0.6, 4, 27, 6),
    (4, 0.3, 7, 273, 40),
    (5, 0.3, 13, 3043, 122),
    (5, 0.37, 12, 2083, 122),
];

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 33 } else { 99 };
    let mut places: Vec<(usize, f64)> =
        (1..=count).map(|i| (3, f64::from(i) / f64::from(count + 1))).collect();
    // Both sides of the threshold, so that the branch is drawn up to it.
    places.extend([(3, 0.4597), (3, 0.4599)]);
    places.extend(CENSUS.iter().map(|(p, temperature, ..)| (*p, *temperature)));
    places.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    places.dedup();
    let model = Model::hopfield();
    let mixtures = places
        .iter()
        .map(|(p, temperature)| FinitePatterns::new(&model, *p)?.mixtures(*temperature))
        .collect::<Result<_, _>>()?;
    Ok(Records { mixtures, ..Records::default() })
}

fn checks(records: &Records) -> Vec<Check> {
    const ENUMERATED: &str = "counted by multistart; the Morse sum closes";
    const AGS: &str = "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)";
    let mut checks = Vec::new();
    for (p, temperature, classes, states, stable) in CENSUS {
        let found =
            records.mixtures.iter().find(|record| record.count == *p && record.temperature == *temperature);
        let census = found.map(|record| record.census);
        let mut push = |what: &str, computed: Option<f64>, published: f64| {
            let quantity = format!("{what}, p = {p}, T = {temperature}");
            checks.push(Check::new(&quantity, computed, published, 0.0, ENUMERATED));
        };
        push("classes", census.map(|census| census.classes as f64), *classes as f64);
        push("states", census.and_then(|census| Some(census.critical_points? as f64)), *states as f64);
        push("stable states", census.and_then(|census| Some(census.stable? as f64)), *stable as f64);
        push("Σ (−1)^index", census.and_then(|census| Some(census.morse_sum? as f64)), 1.0);
    }
    let threshold = records
        .mixtures
        .iter()
        .find(|record| record.count == 3)
        .and_then(|record| record.thresholds.iter().find(|threshold| threshold.n == 3));
    let temperature = threshold.map(|threshold| threshold.temperature);
    checks.push(Check::new("T₃, stability of the 3-mixture", temperature, 0.46, 0.005, AGS));
    checks
}

/// States of one branch have the same sizes of groups of equal |m|.
fn family(state: &Mixture) -> Vec<usize> {
    let mut sizes: Vec<usize> = Vec::new();
    let mut last = f64::NAN;
    let mut values: Vec<f64> = state.m.iter().map(|m| m.abs()).filter(|m| *m > 0.0).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    for value in values {
        if (value - last).abs() < 1e-7 {
            if let Some(size) = sizes.last_mut() {
                *size += 1;
            }
        } else {
            sizes.push(1);
        }
        last = value;
    }
    sizes
}

fn name(family: &[usize]) -> String {
    let letters = ["a", "b", "c"];
    let groups = family.iter().zip(letters);
    let parts: Vec<String> = groups.flat_map(|(size, letter)| vec![letter.to_string(); *size]).collect();
    let zeros = vec!["0".to_string(); 3 - parts.len().min(3)];
    format!("({})", [parts, zeros].concat().join(", "))
}

fn draw(records: &Records) -> Figure {
    let three: Vec<&MixturesRecord> = records.mixtures.iter().filter(|record| record.count == 3).collect();
    let above_zero = |record: &MixturesRecord| Some(-record.temperature * std::f64::consts::LN_2);
    let mixture = |record: &MixturesRecord| {
        record.states.iter().find(|state| state.n > 0 && family(state) == [3])?.free_energy
    };
    let mut tree =
        Plot::new("The states of three memories", Axis::new("temperature T"), Axis::new("f − f(0, 0, 0)"))
            .size(720, 440);
    tree.x = tree.x.range(0.0, 1.0);
    let origin = vec![(0.0, 0.0), (1.0, 0.0)];
    let tree = branches(tree, &three, 1.0, &above_zero)
        .with(Series::line("(0, 0, 0) unstable", origin).color(Color::BLACK).dash(Dash::Dotted));
    let mut detail =
        Plot::new("", Axis::new("temperature T"), Axis::new("10^{3} [f − f(a, a, a)]")).size(720, 300);
    detail.x = detail.x.range(0.3, 0.7);
    detail.y = detail.y.range(-3.2, 3.2);
    let mut near = branches(detail, &three, 1e3, &mixture);
    near.legend = LegendPlace::Hidden;
    Figure::new(vec![tree, near])
}

/// Free energies of all families above an origin, times a scale.
fn branches(
    mut plot: Plot,
    three: &[&MixturesRecord],
    scale: f64,
    origin: &dyn Fn(&MixturesRecord) -> Option<f64>,
) -> Plot {
    let mut families: Vec<Vec<usize>> =
        three.iter().flat_map(|record| &record.states).filter(|state| state.n > 0).map(family).collect();
    families.sort_by(|a, b| a.len().cmp(&b.len()).then(a.cmp(b)));
    families.dedup();
    for (k, wanted) in families.iter().enumerate() {
        let color = PALETTE[k % PALETTE.len()];
        for (stable, dash) in [(true, Dash::Solid), (false, Dash::Dashed)] {
            let point = |record: &&MixturesRecord| {
                let state = record.states.iter().find(|state| state.n > 0 && family(state) == *wanted)?;
                let above = scale * (state.free_energy? - origin(record)?);
                Some((record.temperature, if state.stable == stable { above } else { f64::NAN }))
            };
            let line: Vec<(f64, f64)> = three.iter().filter_map(point).collect();
            if line.iter().any(|point| point.1.is_finite()) {
                let kind = if stable { "stable" } else { "unstable" };
                let label = format!("{} {kind}", name(wanted));
                plot = plot.with(Series::line(&label, line).color(color).dash(dash).width(1.8));
            }
        }
    }
    plot
}
