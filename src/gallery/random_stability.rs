//! How many random memories are fixed points, Campagne (2025).

use mattis_figures::{Annotation, Color, Dash, Figure, Series, recipes};
use mattis_model::Model;
use mattis_model::record::{StabilityPoint, StabilityRecord};
use mattis_sim::stability::StabilityScan;
use mattis_sim::{Session, SimError};
use mattis_theory::{TheoryError, one_update};

use super::{Check, Counted, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "campagne-fig11",
    shows: "Fraction of the stored memories that one parallel update at T = 0 changes, for random memories in 10 000 neurons. Dashed: \
            an estimate. Dotted: up to 298 memories the whole set is stable with a probability of \
            99 %. Below: the fraction of bits with its exact probability.",
    source: "Campagne, Elements on J. Hopfield networks and G. Hinton's Boltzmann machines (2025), figure 11",
    request: |_| None,
    experiments: Some(count),
    solve: |_| Ok::<_, TheoryError>(Records::default()),
    checks,
    draw,
};

const NEURONS: usize = 10_000;
/// The probability that anything of a set is unstable.
const EPSILON: f64 = 0.01;

/// Points with what the theory says beside them.
pub(crate) fn with_theory(mut points: Vec<StabilityPoint>) -> Vec<StabilityPoint> {
    for point in &mut points {
        point.theory_bits = Some(one_update::unstable_bit(point.neurons, point.p));
        point.theory_bits_limit = Some(one_update::unstable_bit_limit(point.alpha));
        point.theory_patterns = Some(one_update::unstable_memory_estimate(point.neurons, point.p));
    }
    points
}

fn count(effort: Effort, seed: u64) -> Result<Counted, SimError> {
    let (step, samples) = match effort {
        Effort::Quick => (25, 24),
        Effort::Normal => (20, 32),
        Effort::Full => (10, 64),
    };
    let counts = (step..=1000).step_by(step).collect();
    let scan = StabilityScan { neurons: NEURONS, counts, samples, seed };
    let points = with_theory(scan.run(&Session::default())?.unwrap_or_default());
    let model = Model::hopfield().with_update("parallel".parse()?);
    Ok(Counted { stability: Some(StabilityRecord { model, points }), ..Counted::default() })
}

fn points(records: &Records) -> &[StabilityPoint] {
    records.stability.as_ref().map_or(&[], |record| &record.points)
}

/// The number of memories at which half of the sets have an unstable one, between two points of the scan.
fn first_instability(points: &[StabilityPoint]) -> Option<f64> {
    let share = |point: &StabilityPoint| point.unstable_sets as f64 / point.samples as f64;
    let pair = points.windows(2).find(|pair| share(&pair[0]) < 0.5 && share(&pair[1]) >= 0.5)?;
    let (low, high) = (share(&pair[0]), share(&pair[1]));
    let part = (0.5 - low) / (high - low);
    Some(pair[0].p as f64 + part * (pair[1].p - pair[0].p) as f64)
}

fn checks(records: &Records) -> Vec<Check> {
    const PAPER: &str = "Campagne (2025), section 3.1";
    const NOTE: &str = "Campagne (2025), footnote 19";
    let load = one_update::load_of_unstable_bits(EPSILON);
    let exact = one_update::largest_stable_set(NEURONS, EPSILON) as f64;
    let mut checks = vec![
        Check::new("load at which 1 % of the bits are unstable", load, 0.18, 0.005, PAPER),
        Check::new(
            "largest set that is stable with 99 %, equation 36",
            one_update::largest_stable_set_asymptotic(NEURONS, EPSILON),
            283.0,
            0.5,
            NOTE,
        ),
        Check::new("the same, exact", Some(exact), 298.0, 0.5, NOTE),
        Check::new(
            "memories at the first instability, half of the sets",
            first_instability(points(records)),
            400.0,
            40.0,
            "Campagne (2025), figure 11: after about 400",
        ),
    ];
    if let Some(point) = points(records).last() {
        // Five standard errors.
        let error = point.unstable_bits_error.map_or(0.0, |error| 5.0 * error);
        let theory = one_update::unstable_bit(NEURONS, point.p);
        let quantity = format!("unstable bits of {} memories, simulated", point.p);
        checks.push(Check::new(&quantity, Some(point.unstable_bits), theory, error, "the exact probability"));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let mut panels = recipes::stability(points(records));
    let stable = one_update::largest_stable_set(NEURONS, EPSILON) as f64;
    if let Some(memories) = panels.first_mut() {
        "Random memories in 10 000 neurons".clone_into(&mut memories.title);
        memories.series.push(Series::vertical("", stable).color(Color::BLACK).dash(Dash::Dotted));
        memories.annotations.push(Annotation::point(stable, 0.5, "all stable with 99 %"));
    }
    Figure::new(panels)
}
