//! A finite number of memories, from the public way in.

use mattis_model::record::MeasuredPoint;

use super::*;

fn model(parts: [&str; 5]) -> Model {
    let [unit, patterns, rule, field, update] = parts;
    Model {
        unit: unit.parse().unwrap(),
        patterns: patterns.parse().unwrap(),
        rule: rule.parse().unwrap(),
        field: field.parse().unwrap(),
        update: update.parse().unwrap(),
        ..Model::default()
    }
}

const VAN_HEMMEN: &str = "quadratic-form:matrix=0,1/1,0";

fn at(model: &Model, count: usize, temperature: f64) -> Simulation {
    Simulation::new(model)
        .at(Control::finite(count, temperature))
        .sizes([400])
        .samples(3)
        .sweeps(20)
        .burn_in(10)
}

fn value(point: &MeasuredPoint, name: &str) -> f64 {
    point.observable(name).unwrap_or_else(|| panic!("no {name}")).value.expect("a value")
}

fn names(point: &MeasuredPoint) -> Vec<&str> {
    point.observables.iter().map(|estimate| estimate.name.as_str()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    for (parts, count) in [
        (["ising", "gaussian", "hebb", "postsynaptic:u=0.1", "sequential"], 3),
        (["binary:threshold=0.1", "biased:mean=0.2", "covariance", "none", "parallel"], 2),
        (["graded", "laplace", VAN_HEMMEN, "none", "sequential"], 2),
        (["graded", "rademacher", "hebb", "external:h=0.05", "parallel"], 3),
        (["three-state", "random-axis", "hebb", "none", "sequential"], 4),
    ] {
        let model = model(parts);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let simulation = at(&model, count, 0.3).sizes([50, 81]).samples(4).trace(true);
            let outcome = pool.install(|| simulation.run_with(&Session::default()).unwrap());
            (serde_json::to_string(&outcome.record).unwrap(), outcome.traces)
        };
        let one = on(1);
        assert!(one == on(2) && one == on(5), "{parts:?}");
    }
}

/// The number of memories is all that counts: p = 3 and α = 3/N draw and do the same.
#[test]
fn a_finite_number_is_the_same_network() {
    for update in ["sequential", "parallel"] {
        let model = model(["ising", "rademacher", "hebb", "none", update]);
        let finite = at(&model, 3, 0.5).run().unwrap().points.remove(0);
        let extensive = Simulation { controls: vec![Control::new(0.0075, 0.5)], ..at(&model, 3, 0.5) };
        let extensive = extensive.run().unwrap().points.remove(0);
        assert_eq!((finite.alpha, finite.alpha_requested, finite.p), (None, None, 3));
        assert_eq!(
            (extensive.alpha, extensive.alpha_requested, extensive.p),
            (Some(0.0075), Some(0.0075), 3)
        );
        for estimate in &extensive.observables {
            assert_eq!(Some(estimate), finite.observable(&estimate.name));
        }
        let common = ["m", "m_max_other", "m_1", "m_2", "m_3", "q", "energy", "activity"];
        let parallel = [
            "m",
            "m_max_other",
            "m_1",
            "m_2",
            "m_3",
            "m_even",
            "m_odd",
            "q",
            "energy",
            "activity",
            "d",
            "d2",
        ];
        assert_eq!(names(&finite), if update == "parallel" { &parallel[..] } else { &common[..] });
        assert_eq!(finite.observable("m").unwrap().value, finite.observable("m_1").unwrap().value);
    }
}

#[test]
fn many_memories_are_not_listed_one_by_one() {
    let names_of = |count| {
        let record = at(&Model::hopfield(), count, 0.2).sizes([600]).run().unwrap();
        names(&record.points[0]).len()
    };
    assert_eq!((names_of(16), names_of(17)), (5 + 16, 5));
}

/// Van Hemmen's couplings send ξ to η and η to ξ: at T = 0 a 2-cycle from either memory.
#[test]
fn van_hemmen_alternates() {
    let model = model(["ising", "rademacher", VAN_HEMMEN, "none", "parallel"]);
    for sweeps in [20, 21] {
        for burn_in in [10, 11] {
            let outcome = at(&model, 2, 0.0)
                .start(Start::Pattern)
                .sweeps(sweeps)
                .burn_in(burn_in)
                .trace(true)
                .run_with(&Session::default());
            let outcome = outcome.unwrap();
            let point = &outcome.record.points[0];
            assert_eq!(point.escaped, 0);
            assert!((value(point, "m_even") - 1.0).abs() < 0.02 && value(point, "m_odd").abs() < 0.2);
            assert!((value(point, "d2") - 1.0).abs() < 1e-12 && value(point, "d") < 0.2);
            let half = 0.5 * (value(point, "m_even") + value(point, "m_odd"));
            assert!((value(point, "m_1") - half).abs() < 1e-12 && (value(point, "m_2") - 0.5).abs() < 0.1);
            let columns = &outcome.traces[0].columns;
            assert!(columns.iter().all(|column| column.values.len() == sweeps + burn_in));
        }
    }
    // The same couplings, one unit at a time, come to rest in the state of both memories.
    let sequential = Model { update: "sequential".parse().unwrap(), ..model };
    let record = at(&sequential, 2, 0.2).sizes([2000]).start(Start::Mixture { n: 2 }).run().unwrap();
    assert!((value(&record.points[0], "m") - 0.499_954_56).abs() < 0.03);
}

/// Frozen networks have d = d₂ = 1 from the sweep after which nothing changes.
#[test]
fn a_fixed_point_repeats_itself() {
    let record = at(&Model::little(), 2, 0.0).run().unwrap();
    for name in ["d", "d2", "m_even", "m_odd", "activity"] {
        assert_eq!(value(&record.points[0], name), 1.0, "{name}");
    }
}

/// Overlaps at N = 4000 where theory has them in closed form; finite sizes move them by O(1/N).
#[test]
fn overlaps_are_those_of_mean_field_theory() {
    for (parts, self_coupling, count, temperature, expected) in [
        (["ising", "rademacher", "hebb", "none", "sequential"], "zero", 3, 0.5, 0.957_504_024),
        (["ising", "rademacher", "hebb", "none", "parallel"], "0.5", 1, 0.8, 0.929_332_573),
        (["ising", "biased:mean=0.2", "hebb", "none", "sequential"], "zero", 3, 0.3, 0.997_268_420),
        (["ising", "biased:mean=0.2", "covariance", "none", "sequential"], "zero", 3, 0.3, 0.953_634_952),
        (["ising", "gaussian", "hebb", "none", "sequential"], "zero", 1, 0.5, 0.668_554_448),
        // s = tanh(2h) at T = 0 obeys the equation of a spin at T = 1/2.
        (["graded:gain=2", "rademacher", "hebb", "none", "sequential"], "zero", 3, 0.0, 0.957_504_024),
        (["graded:gain=2", "rademacher", "hebb", "none", "parallel"], "zero", 3, 0.0, 0.957_504_024),
    ] {
        let model = Model { self_coupling: self_coupling.parse().unwrap(), ..model(parts) };
        let record =
            at(&model, count, temperature).sizes([4000]).samples(6).sweeps(60).burn_in(30).run().unwrap();
        let point = &record.points[0];
        let m = point.observable("m").unwrap();
        let error = m.error.unwrap_or(0.0);
        let z = (m.value.unwrap() - expected) / error.hypot(1.0 / 4000.0);
        assert!(z.abs() < 4.0 && error < 0.01 && point.escaped == 0, "{parts:?}: {m:?}, expected {expected}");
        if parts[4] == "parallel" && self_coupling == "zero" {
            assert!((value(point, "d") - value(point, "q")).abs() < 1e-9, "both are ⟨s⟩² at rest");
        }
    }
}

#[test]
fn starts_on_real_memories_and_graded_units() {
    let start = |parts, count, start: Start| {
        let model = model(parts);
        let simulation = at(&model, count, 0.0).sizes([2000]).start(start).sweeps(1).burn_in(0);
        simulation.run_samples().unwrap().remove(0)
    };
    // sign ξ: E|ξ| = √(2/π) for normal components.
    let gaussian = ["ising", "gaussian", "hebb", "none", "parallel"];
    let d = start(gaussian, 1, Start::Pattern);
    assert!((d.mean("m").unwrap() - 0.797_884_56).abs() < 0.05 && d.mean("d").unwrap() == 1.0);
    let hebb = |unit| [unit, "rademacher", "hebb", "none", "parallel"];
    for unit in ["ising", "graded:gain=50"] {
        let cue = start(hebb(unit), 3, Start::Cue { share: 0.8 });
        assert!(cue.mean("m").unwrap() > 0.95 && cue.mean("d").unwrap() < 0.87, "{unit}: {cue:?}");
        let other = start(hebb(unit), 3, Start::Cue { share: 0.2 });
        assert!(other.mean("m_2").unwrap() > 0.95 && other.escaped, "{unit}: {other:?}");
    }
}

#[test]
fn what_is_not_treated_is_one_clear_line() {
    let [ising, rademacher, hebb] = ["ising", "rademacher", "hebb"];
    let kept = |parts| Model { self_coupling: "kept".parse().unwrap(), ..model(parts) };
    let plain = model([ising, rademacher, hebb, "none", "sequential"]);
    let graded = model(["graded", rademacher, hebb, "none", "sequential"]);
    for (simulation, expected) in [
        (at(&kept([ising, "gaussian", hebb, "none", "sequential"]), 2, 0.3), "differs from unit to unit"),
        (at(&kept([ising, "biased", "covariance", "none", "parallel"]), 2, 0.3), "differs from unit to unit"),
        (at(&kept([ising, rademacher, VAN_HEMMEN, "none", "parallel"]), 2, 0.3), "a number"),
        (at(&graded, 2, 0.3).dynamics(Dynamics::Metropolis), "heat-bath"),
        (at(&graded, 2, 1e-13), "T = 0, which is exact"),
        (at(&plain, 0, 0.3), "number of memories p = 0"),
        (at(&plain, 2, 0.3).start(Start::Mixture { n: 3 }), "number of memories, 2"),
        (at(&plain, 1, 0.3).start(Start::Cue { share: 0.5 }), "at least 2 memories"),
        (at(&plain, 2, 0.3).start(Start::Cue { share: 1.5 }), "a number from 0 to 1"),
        (at(&model([ising, rademacher, VAN_HEMMEN, "none", "parallel"]), 3, 0.3), "the size of the matrix"),
        (at(&plain, usize::MAX, 0.3), "would need"),
    ] {
        let message = simulation.run().unwrap_err().to_string();
        assert!(message.contains(expected) && !message.contains('\n'), "{message}");
    }
    assert!(
        at(&plain, 4, 0.1).start(Start::Mixture { n: 4 }).run().is_ok(),
        "even mixtures may be looked at"
    );
    assert!(at(&kept([ising, "biased", hebb, "none", "parallel"]), 2, 0.3).run().is_ok());
    assert!(at(&kept(["graded", "random-axis", hebb, "none", "sequential"]), 2, 0.3).run().is_ok());
}
