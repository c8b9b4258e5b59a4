//! Draws made-up records with every recipe, to be looked at: `cargo run -p mattis-figures --example records DIR`.

use std::path::PathBuf;

use mattis_figures::FigureError;
use mattis_figures::recipes::{overlap_curve, phase_diagram, theory_pieces, z_scores};
use mattis_model::Model;
use mattis_model::record::{
    ComparisonRecord, ComparisonRow, Estimate, Exit, Line, LinePoint, MeasuredPoint, PhaseRecord, Protocol,
    SimulationRecord, SolvePoint, SolveRecord, SpecialPoint, State, StateKind, Verdict,
};

fn main() -> Result<(), FigureError> {
    let directory = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
    phase_diagram(&phases(), None).write(&directory, "records-phase")?;
    phase_diagram(&phases(), Some(&comparison())).write(&directory, "records-phase-compared")?;
    z_scores(&comparison()).write(&directory, "records-z")?;
    let pieces = theory_pieces(&solved(), "m", 0.3);
    overlap_curve(0.3, &pieces, Some(&simulated())).write(&directory, "records-overlap")?;
    Ok(())
}

fn grid(count: u32, top: f64) -> impl Iterator<Item = f64> {
    (0..=count).map(move |k| top * f64::from(k) / f64::from(count))
}

fn line(name: &str, top: f64, temperature: impl Fn(f64) -> f64) -> Line {
    let point = |alpha| LinePoint {
        alpha: Some(alpha),
        field: None,
        self_coupling: None,
        temperature: temperature(alpha),
        ln_temperature: None,
        m: None,
    };
    Line { name: name.to_owned(), points: grid(200, top).map(point).collect() }
}

fn phases() -> PhaseRecord {
    let special =
        |name: &str, alpha, temperature| SpecialPoint { name: name.to_owned(), alpha, temperature, m: None };
    PhaseRecord {
        model: Model::hopfield(),
        lines: vec![
            line("retrieval_spinodal", 0.1379, |a| {
                (1.0 - 1.95 * a.sqrt()).max(0.0) * (1.0 - a / 0.1379).powf(0.4)
            }),
            line("first_order", 0.0513, |a| (1.0 - 2.6 * a.sqrt()) * (1.0 - a / 0.0513).powf(0.5)),
            line("spin_glass", 0.3, |a| 1.0 + a.sqrt()),
            line("retrieval_at", 0.138, |a| 0.07 * (a / 0.138).powi(2)),
            line("mixture_3", 0.03, |a| 0.46 * (1.0 - a / 0.03).sqrt()),
            line("mixture_5", 0.02, |a| 0.38 * (1.0 - a / 0.02).sqrt()),
            line("mixture_7", 0.015, |a| 0.34 * (1.0 - a / 0.015).sqrt()),
        ],
        special: vec![
            special("alpha_c", 0.137_905_6, 0.0),
            special("alpha_1", 0.051_3, 0.0),
            special("alpha_max", 0.138_2, 0.0236),
            special("at_meets_spinodal", 0.138_1, 0.07),
        ],
    }
}

fn comparison() -> ComparisonRecord {
    let rows = (0..18_u32).map(|k| {
        let z = 1.4 * (f64::from(k) * 1.3).sin() + if k == 7 { 4.5 } else { 0.0 };
        let verdict = match k {
            7 => Verdict::Disagree,
            3 | 11 => Verdict::Inconclusive,
            _ => Verdict::Agree,
        };
        ComparisonRow {
            alpha: Some(0.02 + 0.03 * f64::from(k / 6)),
            temperature: 0.1 + 0.2 * f64::from(k % 3),
            update: (if k % 6 < 3 { "sequential" } else { "parallel" }).to_owned(),
            p: 100,
            observable: (if k % 2 == 0 { "m" } else { "q" }).to_owned(),
            theory: 0.99,
            simulation: Some(0.99),
            error: Some(1e-4),
            z: (k != 11).then_some(z),
            resolution: Some(1e-3),
            verdict,
            neurons: vec![1000, 2000],
            extrapolated: true,
            escaped: 0,
        }
    });
    let rows = rows.collect();
    ComparisonRecord {
        model: Model::hopfield(),
        rows,
        chi_squared: None,
        degrees: 0,
        p_value: None,
        agree: false,
    }
}

fn solved() -> SolveRecord {
    let state = |m: f64, kind, stable| State {
        kind,
        n: None,
        m: vec![m],
        q: m * m,
        activity: 1.0,
        delta: 0.1,
        r: None,
        chi: 0.1,
        d: None,
        free_energy: None,
        energy: None,
        entropy: None,
        replicon: None,
        m_next: None,
        hessian: None,
        mean: None,
        correlation: None,
        multiplicity: None,
        locally_stable: stable,
        replica_stable: None,
        residual: 0.0,
        exit: Exit::Converged,
    };
    let points = grid(100, 0.14).map(|alpha| {
        let gap = (1.0 - alpha / 0.12).max(0.0).sqrt();
        let mut states = vec![state(0.0, StateKind::SpinGlass, true)];
        if alpha <= 0.12 {
            states.insert(0, state(0.85 + 0.14 * gap, StateKind::Retrieval, true));
            states.push(state(0.85 - 0.6 * gap, StateKind::Retrieval, false));
        }
        SolvePoint { alpha: Some(alpha), count: None, temperature: 0.3, states }
    });
    SolveRecord { model: Model::hopfield(), points: points.collect() }
}

fn simulated() -> SimulationRecord {
    let sizes = [500_usize, 1000, 2000, 4000];
    let points = sizes.iter().flat_map(|&neurons| {
        (1..=6).map(move |k| {
            let alpha = 0.02 * f64::from(k);
            let wobble = (f64::from(k) * 2.1 + neurons as f64).sin() * 4.0 / neurons as f64;
            let m = 0.85 + 0.14 * (1.0 - alpha / 0.12).max(0.0).sqrt() - 8.0 / neurons as f64 + wobble;
            let estimate = Estimate {
                name: "m".to_owned(),
                value: Some(m),
                error: Some(6.0 / neurons as f64),
                thermal_error: None,
                sample_error: None,
                tau: None,
                n_eff: None,
            };
            MeasuredPoint {
                alpha: Some(alpha),
                alpha_requested: None,
                temperature: 0.3,
                update: "sequential".to_owned(),
                neurons,
                p: 10,
                samples: 16,
                escaped: 0,
                observables: vec![estimate],
            }
        })
    });
    let simulation = Protocol {
        neurons: sizes.to_vec(),
        samples: 16,
        sweeps: 1000,
        burn_in: 100,
        seed: 1,
        start: "pattern".to_owned(),
        dynamics: "heat-bath".to_owned(),
        order: "random".to_owned(),
    };
    SimulationRecord { model: Model::hopfield(), simulation, points: points.collect() }
}
