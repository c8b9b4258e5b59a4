//! Measured distributions of activity as laws of memories.

use std::path::Path;

use mattis_model::Patterns;

use crate::study::Many;

/// Most values of a law: samples beyond that are binned.
const MOST: usize = 64;

/// Laws as they are written on a command line; `histogram:path=FILE` is read from the file.
///
/// # Errors
/// If a law is unknown or malformed, or a file cannot be read as one or two columns of numbers.
pub(crate) fn patterns(text: &str) -> Result<Many<Patterns>, String> {
    let law = |part: &str| match part.trim().strip_prefix("histogram:path=") {
        Some(path) => read(Path::new(path)),
        None => part.trim().parse().map_err(|error: mattis_model::SpecError| error.to_string()),
    };
    text.split(',').map(law).collect::<Result<_, _>>().map(Many)
}

/// A law from a CSV file: two columns value, weight, or one column of samples; a head is allowed.
///
/// # Errors
/// If the file cannot be read, has a line that is neither, or gives no law.
pub(crate) fn read(path: &Path) -> Result<Patterns, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Option<Vec<f64>> = line
            .split([',', ';', '\t'])
            .map(|cell| cell.trim().parse().ok().filter(|x: &f64| x.is_finite()))
            .collect();
        match cells {
            Some(cells) if cells.len() <= 2 && rows.first().is_none_or(|row| row.len() == cells.len()) => {
                rows.push(cells);
            }
            None if rows.is_empty() && number == 0 => {}
            _ => {
                let expected = "one number, or value and weight, as on the lines before";
                return Err(format!("{name}, line {}: `{}`: expected {expected}", number + 1, line.trim()));
            }
        }
    }
    let law = match rows.first().map(Vec::len) {
        Some(2) => rows.iter().map(|row| (row[0], row[1])).collect(),
        Some(1) => binned(rows.iter().map(|row| row[0]).collect()),
        _ => return Err(format!("{name}: no numbers, expected columns value,weight or one of samples")),
    };
    let join = |get: fn(&(f64, f64)) -> f64| {
        law.iter().map(|entry| get(entry).to_string()).collect::<Vec<_>>().join("/")
    };
    let text = format!("histogram:values={}:weights={}", join(|entry| entry.0), join(|entry| entry.1));
    text.parse().map_err(|error| format!("{name}: {error}"))
}

/// Samples as values and shares: each different value, or the means of bins of equal width above zero.
fn binned(mut samples: Vec<f64>) -> Vec<(f64, f64)> {
    samples.sort_by(f64::total_cmp);
    let mut values: Vec<(f64, f64)> = Vec::new();
    for sample in &samples {
        match values.last_mut() {
            Some((value, weight)) if value == sample => *weight += 1.0,
            _ => values.push((*sample, 1.0)),
        }
    }
    if values.len() <= MOST {
        return values;
    }
    // What is exactly zero is silent and stays apart.
    let (silent, active): (Vec<_>, Vec<_>) = values.into_iter().partition(|(value, _)| *value == 0.0);
    let (Some(first), Some(last)) = (active.first(), active.last()) else { return silent };
    let (low, width) = (first.0, (last.0 - first.0) / (MOST - 1) as f64);
    let mut bins = vec![(0.0, 0.0); MOST - 1];
    for (value, weight) in &active {
        let bin = (((value - low) / width) as usize).min(MOST - 2);
        bins[bin].0 += value * weight;
        bins[bin].1 += weight;
    }
    let means = bins.into_iter().filter(|bin| bin.1 > 0.0).map(|(sum, weight)| (sum / weight, weight));
    silent.into_iter().chain(means).collect()
}
