//! Couplings as people read them.

use std::fmt::Write as _;

use mattis_model::Encoding;
use mattis_model::record::InteractionsRecord;

use crate::output::number::{UNKNOWN, plain, short, significant};
use crate::output::{Section, Table};

/// The values of a visible unit.
fn values(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::ZeroOne => "v = 0, 1",
        Encoding::PlusMinus => "v = ±1",
    }
}

fn title(record: &InteractionsRecord) -> String {
    let mut title = format!(
        "{}, {}, N = {}, M = {}",
        record.unit.brief(),
        values(record.encoding),
        record.visible,
        record.hidden
    );
    if let Some(sigma) = record.sigma {
        let _ = write!(title, ", σ = {}", short(Some(sigma)));
        for (name, value) in [("mean", record.mean), ("c", record.bias)] {
            if value.is_some_and(|value| value != 0.0) {
                let _ = write!(title, ", {name} = {}", short(value));
            }
        }
        let machines = if record.samples == 1 { "machine" } else { "machines" };
        let _ = write!(title, ", {} {machines}", record.samples);
    }
    title
}

fn sites(sites: &[usize]) -> String {
    sites.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn orders(record: &InteractionsRecord) -> Table {
    let random = record.sigma.is_some();
    let one = record.samples == 1;
    let mut heads = vec!["order", "couplings", "mean J", "mean |J|", "rms J", "max |J|"];
    heads.extend(one.then_some("at sites"));
    if random {
        heads.extend(["E J", "√E J²", "z mean", "z rms"]);
    }
    let mut table = Table::new(heads);
    let number = |value: Option<f64>| value.map_or_else(|| UNKNOWN.into(), |x| significant(Some(x), 5));
    for order in &record.orders {
        let mut row = vec![order.order.to_string(), order.count.to_string()];
        row.extend([order.mean, order.mean_abs, order.rms, order.max_abs].map(|x| number(Some(x))));
        row.extend(one.then(|| sites(&order.largest)));
        if random {
            row.extend([number(order.theory_mean), number(order.theory_rms)]);
            row.extend(
                [order.z_mean, order.z_rms].map(|z| z.map_or_else(|| UNKNOWN.into(), |z| plain(Some(z), 2))),
            );
        }
        table.push(row);
    }
    table
}

fn couplings(record: &InteractionsRecord) -> Table {
    let mut table = Table::new(["sites", "J"]);
    for coupling in &record.couplings {
        table.push([sites(&coupling.sites), significant(Some(coupling.value), 12)]);
    }
    table
}

/// Most couplings of the sites asked for that are printed; JSON and CSV have all.
const AROUND: usize = 10;

/// The largest couplings of the sites asked for with one more.
fn around(record: &InteractionsRecord) -> Option<Table> {
    let around = record.around.as_ref()?;
    let names: Vec<String> = around.sites.iter().map(ToString::to_string).collect();
    let mut table = Table::new([format!("{} with", names.join(" ")), "J".into()]);
    let values = around.values.iter().enumerate();
    let mut found: Vec<(usize, f64)> = values.filter_map(|(site, value)| Some((site, (*value)?))).collect();
    found.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    for (site, value) in found.into_iter().take(AROUND) {
        table.push([site.to_string(), significant(Some(value), 12)]);
    }
    Some(table)
}

/// What stands under the table.
fn notes(record: &InteractionsRecord) -> Vec<String> {
    let mut notes = record.notes.clone();
    if let Some(log_z) = record.log_z {
        notes.insert(0, format!("ln Z = {} (normalised hidden prior).", plain(Some(log_z), 12)));
    }
    notes
}

pub(super) fn people(records: &[InteractionsRecord], claims: Option<&Table>) -> String {
    let mut out = String::new();
    for record in records {
        let _ = writeln!(out, "{}\n{}", title(record), orders(record));
        if !record.couplings.is_empty() {
            let _ = writeln!(out, "{}", couplings(record));
        }
        if let Some(table) = around(record) {
            let _ = writeln!(out, "{table}");
        }
        for note in notes(record) {
            let _ = writeln!(out, "{note}");
        }
        out.push('\n');
    }
    if let Some(table) = claims {
        let _ = writeln!(out, "{table}");
    }
    out
}

pub(super) fn sections(record: &InteractionsRecord) -> Vec<Section> {
    let statistics = Section {
        title: title(record),
        text: notes(record),
        table: Some(orders(record)),
        ..Section::default()
    };
    let largest = Section { title: "Couplings".into(), table: Some(couplings(record)), ..Section::default() };
    let mut sections = vec![statistics, largest];
    sections.extend(around(record).map(|table| Section {
        title: "Couplings of the sites asked for".into(),
        table: Some(table),
        ..Section::default()
    }));
    sections
}
