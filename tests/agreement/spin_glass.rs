//! The Sherrington–Kirkpatrick model where replica symmetry holds: above T = 1, and in a field above the line
//! of de Almeida and Thouless (T_AT = 0.535 at h = 0.5).

use mattis_model::{Control, Model};

use crate::experiment::{Plan, deviations, enter_own_theory};
use crate::statistics::{Deviation, Table};

fn in_field(h: f64) -> Model {
    let model = Model::sherrington_kirkpatrick();
    if h == 0.0 { model } else { model.with_field(format!("external:h={h}").parse().expect("a field")) }
}

fn points(table: &mut Table, cases: &[(f64, f64)], sizes: &[(usize, usize)], sweeps: usize, seed: u64) {
    for (seed, (temperature, h)) in (seed..).zip(cases) {
        let model = in_field(*h);
        let control = Control::without_load(*temperature);
        let plan = Plan { control, sizes, burn_in: 100, sweeps, seed };
        let label = format!("SK T = {temperature}, h = {h}");
        let run = enter_own_theory(table, &label, &model, &plan);
        if *h > 0.0 {
            // Units that feel the field alone: no couplings.
            let free = (h / temperature).tanh();
            let sizes = deviations(&run, "q", |_| free * free);
            table.rejects(format!("{label} q, no couplings"), Deviation::extrapolated(&sizes));
            let sizes = deviations(&run, "energy", |_| -h * free);
            table.rejects(format!("{label} energy, no couplings"), Deviation::extrapolated(&sizes));
        }
    }
}

#[test]
#[ignore = "minutes: dense couplings, N to 1024"]
fn sherrington_kirkpatrick() {
    let mut table = Table::default();
    let sizes = &[(256, 96), (512, 64), (1024, 32)];
    points(&mut table, &[(1.5, 0.0), (0.9, 0.5), (1.5, 0.5)], sizes, 400, 401);
    table.judge();
}

#[test]
fn sherrington_kirkpatrick_in_seconds() {
    let mut table = Table::default();
    let sizes = &[(128, 96), (256, 64), (512, 32)];
    points(&mut table, &[(1.5, 0.0), (1.2, 0.5)], sizes, 200, 411);
    table.judge();
}
