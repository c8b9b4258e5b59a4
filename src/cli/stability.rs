//! `mattis capacity --method stability`.

use indicatif::ProgressStyle;
use mattis_model::record::{CapacityMethod, StabilityPoint, StabilityRecord};
use mattis_model::{Model, Schedule, Unsupported};
use mattis_sim::stability::StabilityScan;
use mattis_sim::{Progress, Session, SimError};

use super::context::{Context, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use crate::gallery::{Effort, with_theory};
use crate::output::csv;
use crate::output::number::{plain, significant, with_error};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{Count, Many, Size, Study};

/// Whether a study asks for this.
pub(super) fn is_meant(study: &Study) -> bool {
    study.capacity.method == Some(CapacityMethod::Stability)
}

/// Refuses what has no meaning beside the method.
fn check(study: &Study) -> Result<Model, Failure> {
    let refuse = |what: &str, expected: &str| {
        Err(Failure::Refused(format!("{what} with method stability: expected {expected}")))
    };
    if study.capacity.active_fraction.is_some() || study.capacity.sparseness.is_some() {
        return refuse("active-fraction, sparseness", "none, memories are ±1 with equal probability");
    }
    if study.capacity.optimise.is_some() {
        return refuse("optimise", "none, ±1 units have nothing to choose");
    }
    if study.control.temperature.as_ref().is_some_and(|grid| grid.values != [0.0]) {
        return refuse("temperature", "0, which is the method's");
    }
    let neutral = Model::hopfield();
    for model in study.models()? {
        let given = study.model.update.is_some() && !matches!(model.update.value(), Schedule::Parallel);
        if given {
            return refuse(
                "update",
                "parallel: a memory that a parallel update leaves alone is a fixed point of any",
            );
        }
        if (Model { update: neutral.update.clone(), ..model.clone() }) != neutral {
            return Err(SimError::from(Unsupported::new(
                format!("unit {}, memories {}, rule {}", model.unit, model.patterns, model.rule),
                "capacity --method stability",
                "it counts signs of Hebb fields of random ±1 memories, fully connected, without self-coupling or field",
                "--model hopfield, or simulate with -T 0",
            ))
            .into());
        }
    }
    Ok(neutral.with_update("parallel".parse()?))
}

pub(super) fn run(context: &mut Context, mut study: Study) -> Result<Ending, Failure> {
    let model = check(&study)?;
    let sizes: Vec<usize> = study
        .simulation
        .neurons
        .as_ref()
        .map_or(vec![10_000], |many| many.0.iter().map(|size| size.0).collect());
    let samples = study.simulation.samples.unwrap_or(match context.common.effort() {
        Effort::Quick => 2,
        Effort::Normal => 8,
        Effort::Full => 64,
    });
    let seed = study.simulation.seed.unwrap_or(1);
    let counts = |neurons: usize| -> Vec<usize> {
        match (&study.control.count, &study.control.alpha) {
            (Some(counts), _) => counts.0.iter().map(|count| count.0).collect(),
            (None, Some(loads)) => {
                loads.values.iter().map(|load| ((load * neurons as f64).round() as usize).max(1)).collect()
            }
            // The loads 0.005 to 0.1 of 10 000 neurons and 20 numbers of memories.
            (None, None) => (1..=20).map(|k| (k * neurons).div_ceil(200)).collect(),
        }
    };
    let scans: Vec<StabilityScan> = sizes
        .iter()
        .map(|&neurons| StabilityScan { neurons, counts: counts(neurons), samples, seed })
        .collect();
    let each: Vec<_> = scans.iter().map(|scan| serde_json::json!([scan.neurons, scan.counts])).collect();
    let specification = serde_json::json!({"model": model, "method": "stability", "scans": each, "samples": samples, "seed": seed});
    let mut directory = context.open(None, "capacity", specification, true)?;
    let mut points = Vec::new();
    for scan in &scans {
        match context.scan(scan)? {
            Some(found) => points.extend(with_theory(found)),
            None => return Ok(Context::stopped_ending(None)),
        }
    }
    let record = StabilityRecord { model, points };
    context.emit(
        || format!("{}\n{}\n", table(&record.points), notes(&record.points).join("\n")),
        || one_or_array(std::slice::from_ref(&record)),
        || csv::to_csv(&record),
    )?;
    if let Some(directory) = &mut directory {
        let sections = vec![Section {
            title: "Stored memories after one update".into(),
            text: notes(&record.points),
            table: Some(table(&record.points)),
            ..Section::default()
        }];
        let verdict = format!("{} numbers of memories, {samples} sets of each.", record.points.len());
        let saved = Records { stability: Some(record), ..Records::default() };
        let drawings = save::records(directory, &saved, "")?;
        let sections = sections.into_iter().chain(save::figure_sections(&drawings)?).collect();
        let report = Report { title: "Stability of the memories".into(), verdict, sections };
        study.simulation.neurons = Some(Many(sizes.into_iter().map(Size).collect()));
        if let ([scan], None) = (&scans[..], &study.control.alpha) {
            study.control.count = Some(Many(scan.counts.iter().copied().map(Count).collect()));
        }
        study.simulation.samples = Some(samples);
        study.simulation.seed = Some(seed);
        save::close(directory, &study, &report, true, "capacity")?;
    }
    Ok(Ending::Done)
}

impl Context {
    /// Runs a scan, with progress; `None` if it was stopped.
    fn scan(&self, scan: &StabilityScan) -> Result<Option<Vec<StabilityPoint>>, Failure> {
        let bar = self.bar();
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len} sets, {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(format!("N = {}", scan.neurons));
        let progress = |progress: Progress| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
        };
        let found = scan.run(&Session { progress: Some(&progress), ..Self::session() });
        bar.finish_and_clear();
        Ok(found?)
    }
}

/// How to read the table.
fn notes(points: &[StabilityPoint]) -> Vec<String> {
    let mut notes = vec![
        "A memory is unstable if one parallel update at T = 0 changes any of its bits; a field of 0 changes nothing. Exact is the \
         probability at this N and p, a binomial tail; the limit is ½ erfc(√(N/2p)). The estimate for memories \
         takes bits as independent once the overlaps of a memory with all others are given."
            .to_owned(),
    ];
    notes.push(match points.first() {
        Some(point) if point.samples > 1 => format!(
            "Errors are standard errors over {} independent sets of memories; the numbers of memories of one table share their sets.",
            point.samples
        ),
        _ => "One set of memories has no error: --samples K gives one.".into(),
    });
    notes
}

fn table(points: &[StabilityPoint]) -> Table {
    let mut table =
        Table::new(["N", "p", "unstable memories", "estimate", "unstable bits", "exact", "limit"]);
    let measured = |value: f64, error: Option<f64>| match error {
        None => plain(Some(value), if value == 0.0 { 0 } else { 6 }),
        error => with_error(Some(value), error),
    };
    for point in points {
        table.push([
            point.neurons.to_string(),
            point.p.to_string(),
            measured(point.unstable_patterns, point.unstable_patterns_error),
            significant(point.theory_patterns, 4),
            measured(point.unstable_bits, point.unstable_bits_error),
            significant(point.theory_bits, 4),
            significant(point.theory_bits_limit, 4),
        ]);
    }
    table
}
