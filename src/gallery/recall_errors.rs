//! Errors in recall, familiarity and generalisation, Hopfield (1982).

use mattis_figures::{Axis, Color, Dash, ErrorPoint, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::Model;
use mattis_model::record::{Experiment, ExperimentPoint};
use mattis_sim::experiment::{Trials, familiarity, generalisation, recall_errors};
use mattis_sim::{SimError, Start};
use mattis_theory::{TheoryError, first_update_error};

use super::{Check, Counted, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "hopfield1982-errors",
    shows: "0/1 neurons with thresholds 0, as in Hopfield's experiment. Above: how many of 100 bits differ from the memory \
            that the network started at, once it is stable, for 5, 10 and 15 memories. Middle: share of units that the \
            first sweep changes, for stimuli with a given overlap with a memory and for unknown ones (familiarity). \
            Below: which of two memories a mixed cue is taken for (generalisation).",
    source: "Hopfield, PNAS 79, 2554 (1982)",
    request: |_| None,
    experiments: Some(count),
    solve: |_| Ok::<_, TheoryError>(Records::default()),
    checks,
    draw,
};

const NEURONS: usize = 100;
const MEMORIES: [usize; 3] = [5, 10, 15];
/// Overlaps of stimuli with a memory.
const OVERLAPS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// Shares of the first memory in a cue.
const SHARES: [f64; 9] = [0.3, 0.4, 0.45, 0.475, 0.5, 0.525, 0.55, 0.6, 0.7];

fn neurons() -> Result<Model, SimError> {
    Ok(Model::hopfield().with_unit("binary".parse()?))
}

/// The same network in the language of spins.
fn spins() -> Result<Model, SimError> {
    Ok(Model::hopfield().with_field("postsynaptic".parse()?))
}

fn histogram(values: impl Iterator<Item = usize>) -> Vec<u64> {
    let mut counts = vec![0; NEURONS + 1];
    for value in values {
        counts[value.min(NEURONS)] += 1;
    }
    counts
}

fn count(effort: Effort, seed: u64) -> Result<Counted, SimError> {
    let trials = match effort {
        Effort::Quick => 400,
        Effort::Normal => 4000,
        Effort::Full => 40_000,
    };
    let mut experiments = Vec::new();
    for model in [neurons()?, spins()?] {
        let point = |memories: usize| {
            let trials = Trials { neurons: NEURONS, memories, trials, seed };
            let errors = recall_errors(&model, &trials)?;
            let counts = histogram(errors.into_iter());
            Ok(ExperimentPoint { neurons: NEURONS, p: memories, parameter: None, counts })
        };
        let points = MEMORIES.iter().map(|memories| point(*memories)).collect::<Result<_, SimError>>()?;
        experiments.push(Experiment {
            name: "recall_errors".into(),
            model: model.clone(),
            outcomes: Vec::new(),
            points,
        });
    }
    let model = neurons()?;
    let small = Trials { neurons: NEURONS, memories: MEMORIES[0], trials: trials / 4, seed };
    let glance = |(parameter, stimulus): (Option<f64>, Start)| {
        let shares = familiarity(&model, &small, 0.0, stimulus)?;
        let counts = histogram(shares.into_iter().map(|share| (share * NEURONS as f64).round() as usize));
        Ok(ExperimentPoint { neurons: NEURONS, p: small.memories, parameter, counts })
    };
    let stimuli = OVERLAPS.iter().map(|m| (Some(*m), Start::Overlap { m: *m }));
    let points = stimuli.chain([(None, Start::Random)]).map(glance).collect::<Result<_, SimError>>()?;
    experiments.push(Experiment {
        name: "familiarity".into(),
        model: model.clone(),
        outcomes: Vec::new(),
        points,
    });
    let resolve = |share: &f64| {
        let found = generalisation(&model, &small, 0.0, *share, 40)?;
        let counts = [found.first, found.second, found.other].map(|count| count.hits as u64).to_vec();
        Ok(ExperimentPoint { neurons: NEURONS, p: small.memories, parameter: Some(*share), counts })
    };
    experiments.push(Experiment {
        name: "generalisation".into(),
        points: SHARES.iter().map(resolve).collect::<Result<_, SimError>>()?,
        model,
        outcomes: ["first", "second", "other"].map(String::from).into(),
    });
    Ok(Counted { experiments, stability: None })
}

fn named<'a>(records: &'a Records, name: &str) -> Vec<&'a Experiment> {
    records.experiments.iter().filter(|experiment| experiment.name == name).collect()
}

fn point<'a>(experiment: Option<&&'a Experiment>, memories: usize) -> Option<&'a ExperimentPoint> {
    experiment?.points.iter().find(|point| point.p == memories)
}

fn checks(records: &Records) -> Vec<Check> {
    const HOPFIELD: &str = "Hopfield, PNAS 79, 2554 (1982)";
    const SAME: &str = "S = 2V − 1: the same network";
    let error = first_update_error(NEURONS, 10);
    let none = (-error * NEURONS as f64).exp();
    let recalled = named(records, "recall_errors");
    let perfect = point(recalled.first(), 10).and_then(|point| point.share(0..1)).map(|(share, _)| share);
    let mut checks = vec![
        Check::new("probability of a wrong bit, N = 100, n = 10", Some(error), 0.0091, 2e-4, HOPFIELD),
        Check::new("share without error, independent bits", Some(none), 0.40, 5e-3, HOPFIELD),
        Check::new("share without error, simulated", perfect, 0.6, 0.1, HOPFIELD),
    ];
    for memories in MEMORIES {
        let mean = |k: usize| point(recalled.get(k), memories)?.mean().map(|(mean, _)| mean);
        let difference = mean(0).zip(mean(1)).map(|(neurons, spins)| neurons - spins);
        let quantity = format!("mean errors of 0/1 neurons less those of spins, n = {memories}");
        checks.push(Check::new(&quantity, difference, 0.0, 1e-12, SAME));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle];
    let mut errors =
        Plot::new("Recall with 100 neurons", Axis::new("wrong bits"), Axis::new("share of memories").log())
            .size(720, 320);
    if let Some(experiment) = named(records, "recall_errors").first() {
        for (k, point) in experiment.points.iter().enumerate() {
            let share = |bits: usize| {
                let (share, error) = point.share(bits..bits + 1)?;
                (share > 0.0).then_some(ErrorPoint { x: bits as f64, y: share, error: Some(error) })
            };
            let series = Series::points_with_errors(
                &format!("{} memories", point.p),
                (0..=NEURONS).filter_map(share).collect(),
            );
            errors = errors.with(
                series.marker(Marker::filled(shapes[k % shapes.len()])).color(PALETTE[k % PALETTE.len()]),
            );
        }
    }
    errors.x = errors.x.range(-2.0, NEURONS as f64 + 2.0);
    let mut familiar =
        Plot::new("", Axis::new("overlap of the stimulus"), Axis::new("changed in a sweep")).size(720, 260);
    if let Some(experiment) = named(records, "familiarity").first() {
        let changed = |point: &ExperimentPoint| {
            let (mean, error) = point.mean()?;
            Some((mean / NEURONS as f64, error / NEURONS as f64))
        };
        let known = experiment.points.iter().filter_map(|point| {
            let (y, error) = changed(point)?;
            Some(ErrorPoint { x: point.parameter?, y, error: Some(error) })
        });
        familiar = familiar.with(
            Series::points_with_errors("stimulus like a memory", known.collect())
                .marker(Marker::filled(MarkerShape::Circle))
                .color(PALETTE[0]),
        );
        let unknown = experiment.points.iter().find(|point| point.parameter.is_none()).and_then(changed);
        if let Some((y, _)) = unknown {
            let line = Series::horizontal("unknown stimulus", y);
            familiar = familiar.with(line.color(Color::BLACK).dash(Dash::Dashed));
        }
    }
    familiar.y = familiar.y.range(0.0, 0.6);
    let mut cues =
        Plot::new("", Axis::new("share of the first memory in the cue"), Axis::new("share of trials"))
            .size(720, 260);
    if let Some(experiment) = named(records, "generalisation").first() {
        for (k, outcome) in experiment.outcomes.iter().enumerate() {
            let taken = experiment.points.iter().filter_map(|point| {
                let (share, error) = point.share(k..k + 1)?;
                Some(ErrorPoint { x: point.parameter?, y: share, error: (error > 0.0).then_some(error) })
            });
            cues = cues.with(
                Series::points_with_errors(outcome, taken.collect())
                    .marker(Marker::filled(shapes[k % shapes.len()]))
                    .color(PALETTE[k % PALETTE.len()]),
            );
        }
    }
    cues.y = cues.y.range(-0.03, 1.06);
    Figure::new(vec![errors, familiar, cues])
}
