//! A comparison as people read it.

use std::fmt;

use mattis_model::order::quantity;
use mattis_model::record::{ComparisonRecord, Verdict};

use super::Comparison;
use crate::output::{Table, number};

/// One line per row: theory, simulation with its error, z, resolution, verdict.
pub fn rows_table(record: &ComparisonRecord) -> Table {
    let mut table =
        Table::new(["update", "α", "p", "T", "N", "", "theory", "simulation", "z", "resolution", "verdict"]);
    for row in &record.rows {
        let symbol = quantity(&row.observable).map_or(row.observable.as_str(), |quantity| quantity.symbol);
        let sizes: Vec<String> = row.neurons.iter().map(ToString::to_string).collect();
        let sizes = if row.extrapolated { format!("{} → ∞", sizes.join(", ")) } else { sizes.join(", ") };
        table.push([
            row.update.clone(),
            number::short(row.alpha),
            row.p.to_string(),
            number::short(Some(row.temperature)),
            sizes,
            symbol.to_string(),
            number::plain(Some(row.theory), 6),
            number::with_error(row.simulation, row.error),
            row.z.map_or_else(|| number::UNKNOWN.into(), |z| format!("{z:+.1}")),
            row.resolution.map_or_else(|| number::UNKNOWN.into(), |resolution| format!("{resolution:.1e}")),
            match row.verdict {
                Verdict::Agree => "agree".into(),
                Verdict::Disagree => "DISAGREE".into(),
                Verdict::Inconclusive => "inconclusive".into(),
            },
        ]);
    }
    table
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", rows_table(&self.record))?;
        writeln!(f)?;
        writeln!(
            f,
            "{}: {} rows, family-wise p = {} (Bonferroni, valid under correlation), χ² = {} for reference.",
            match self.verdict() {
                Verdict::Agree => "Theory and simulation agree",
                Verdict::Disagree => "Theory and simulation DISAGREE",
                Verdict::Inconclusive => "Inconclusive",
            },
            self.rows.len(),
            number::probability(self.p_value),
            self.chi_squared.map_or_else(|| number::UNKNOWN.into(), |chi| format!("{chi:.1}")),
        )?;
        writeln!(
            f,
            "z = (simulation − theory)/error; resolution = 5 errors, the smallest difference that would have been seen, must be ≤ {}.",
            self.options.resolution
        )?;
        let escaped: usize = self.escaped_runs();
        if escaped > 0 {
            writeln!(f, "{escaped} runs left the state they started in and are not in the averages.")?;
        }
        Ok(())
    }
}

impl Comparison {
    /// Runs that escaped, counted once per point.
    pub fn escaped_runs(&self) -> usize {
        let first = self.rows.first().map(|row| row.observable.clone()).unwrap_or_default();
        self.rows.iter().filter(|row| row.observable == first).map(|row| row.escaped).sum()
    }
}
