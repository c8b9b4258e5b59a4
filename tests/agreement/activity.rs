//! Units that fire or not, with memories of low activity.
//!
//! T = 0.015: at T = 0 a unit whose own reaction exceeds the distance to its threshold stays as it was, and what a
//! run ends in depends on its start.

use mattis_model::{Control, Model};

use crate::experiment::{Ensemble, Plan, deviations, enter_retrieval, model, retrieval};
use crate::statistics::{AtSize, Deviation, Table};

/// Units with this threshold and memories of which the fraction f is active.
fn network(f: f64, threshold: f64, connectivity: &str) -> Model {
    let (unit, patterns) = (format!("binary:threshold={threshold}"), format!("sparse:active-fraction={f}"));
    let parts = [
        ("unit", unit.as_str()),
        ("patterns", patterns.as_str()),
        ("rule", "covariance:normalised=true"),
        ("connectivity", connectivity),
    ];
    model("hopfield", &parts)
}

const F: f64 = 0.1;

/// x − m√(F/(1 − F)): the share of units that are active and should not be, over 1 − F; what memories lack of their
/// mean activity drops out.
fn false_alarms(run: &[Ensemble], predicted: &Model) -> Deviation {
    let all = deviations(run, "mean", retrieval(predicted, "mean"));
    let right = deviations(run, "m", retrieval(predicted, "m"));
    let factor = (F / (1.0 - F)).sqrt();
    let sizes: Vec<AtSize> = all
        .into_iter()
        .zip(right)
        .map(|(x, m)| {
            let values = x.values.iter().zip(m.values).map(|(x, m)| x - factor * m).collect();
            AtSize { values, ..x }
        })
        .collect();
    Deviation::extrapolated(&sizes)
}

/// With inhibition of strength 3. Without it, at the threshold 0.558336 of the largest capacity and α = 0.2, runs fall
/// silent up to N = 4000. The reaction of the network is too weak here to be missed.
fn low_activity(table: &mut Table, (load, threshold): (f64, f64), sizes: &[(usize, usize)], seed: u64) {
    let of = |strength: f64| {
        let field = format!("inhibition:strength={strength}");
        network(F, threshold, "full").with_field(field.parse().expect("a field"))
    };
    let model = of(3.0);
    let plan = Plan { control: Control::new(load, 0.015), sizes, burn_in: 20, sweeps: 15, seed };
    let run = plan.run(table, &model);
    let label = format!("0/1, α = {load}");
    enter_retrieval(table, &label, &run, &model, &["m", "q", "activity", "mean"]);
    table.agrees(format!("{label} false alarms"), false_alarms(&run, &model));
    table.rejects(format!("{label} false alarms, k = 1.5"), false_alarms(&run, &of(1.5)));
}

#[test]
fn low_activity_in_seconds() {
    let mut table = Table::default();
    low_activity(&mut table, (0.2, 0.2), &[(1000, 32), (2000, 16), (3000, 12)], 701);
    table.judge();
}
