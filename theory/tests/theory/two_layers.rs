//! Two layers between Boolean and Gaussian: cited values, a second method, identities, derivatives.

use mattis_model::record::StateKind;
use mattis_model::{Control, Model, TwoLayers};
use mattis_theory::closure::{Phase, Point, zero_temperature};
use mattis_theory::solve::newton::Vector;
use mattis_theory::two_layers::{TwoLayerTheory, capacity_at_zero_temperature};
use mattis_theory::{Axis, Event, Guess, predict};

use crate::free_energy::derivative;
use crate::support::{Findings, entries, number, quantity};

fn theory(visible: f64, hidden: f64, weights: f64) -> TwoLayerTheory {
    TwoLayerTheory::new(&TwoLayers { visible, hidden, weights }).expect("a machine")
}

fn load(hidden: f64, weights: f64, temperature: f64) -> Option<f64> {
    let end = theory(0.0, hidden, weights).capacity(temperature).expect("a temperature");
    end.map(|end| end.alpha)
}

/// α_c by an independent solution, each to all its digits.
#[test]
fn ends_of_retrieval() {
    let mut findings = Findings::default();
    let mut check = |hidden: f64, weights: f64, temperature: f64, wanted: f64, unit: f64| {
        let what = format!("α_c({temperature}) at Ω_τ = {hidden}, Ω_ξ = {weights}");
        findings.close(&what, load(hidden, weights, temperature), wanted, 0.5000001 * unit);
    };
    for (temperature, wanted) in
        [(0.02, 0.138184), (0.05, 0.137794), (0.1, 0.135049), (0.2, 0.122559), (0.5, 0.058816)]
    {
        check(1.0, 0.0, temperature, wanted, 1e-6);
    }
    check(0.75, 0.0, 0.2, 0.074741, 1e-6);
    check(0.5, 0.0, 0.2, 0.034733, 1e-6);
    check(1.0, 0.25, 0.2, 0.017721, 1e-6);
    check(1.0, 0.5, 0.2, 0.0017915, 1e-7);
    // T = 0, whatever Ω_τ > 0: the maximum over one parameter with 30 digits.
    for hidden in [1.0, 0.5] {
        check(hidden, 0.0, 0.0, 0.137905566494932, 1e-14);
        check(hidden, 0.1, 0.0, 0.0666289599872784, 1e-14);
        check(hidden, 0.25, 0.0, 0.0190342311149435, 1e-14);
        check(hidden, 0.5, 0.0, 0.00179257829473565, 1e-15);
        check(hidden, 0.75, 0.0, 6.3836716244428e-5, 1e-16);
    }
    for (temperature, wanted) in
        [(0.1, 0.0662), (0.05, 0.0856), (0.02, 0.1021), (0.01, 0.1112), (0.005, 0.1182)]
    {
        check(0.5, 0.0, temperature, wanted, 1e-4);
    }
    findings.settle(24);
}

#[test]
fn neither_gaussian_weights_nor_boolean_hidden_units_retrieve() {
    for temperature in [0.0, 0.1, 0.4, 0.9] {
        assert_eq!(load(1.0, 1.0, temperature), None);
        assert_eq!(load(0.5, 1.0, temperature), None);
        assert_eq!(load(0.0, 0.0, temperature), None);
        assert_eq!(load(0.25, 0.0, temperature.max(0.25)), None, "T_c = Ω_τ");
    }
    for weights in [0.9, 0.99] {
        assert!(capacity_at_zero_temperature(weights).expect("a capacity").alpha < 2e-6);
    }
    for alpha in [1e-4, 0.01] {
        for temperature in [0.05, 0.3] {
            let states = theory(0.0, 1.0, 1.0).states(Control::new(alpha, temperature)).expect("states");
            assert!(!states.is_empty() && states.iter().all(|state| state.m.is_empty()), "{states:?}");
        }
    }
}

/// α_c(0) − α_c(T) ∝ √T of hidden units with a Boolean part.
#[test]
fn the_limit_of_zero_temperature() {
    let end = capacity_at_zero_temperature(0.0).expect("a capacity").alpha;
    let power = |hidden: f64, t: f64| {
        let fall = |t: f64| (end - load(hidden, 0.0, t).expect("a capacity")).abs();
        (fall(4.0 * t) / fall(t)).log2() / 2.0
    };
    assert!((power(0.5, 1e-5) - 0.5).abs() < 0.01);
    let state = |hidden: f64, t: f64| {
        theory(0.0, hidden, 0.0).solve(Control::new(0.05, t), Guess::Retrieval).expect("retrieval")
    };
    let (cold, ground) = (state(0.5, 1e-12), state(0.5, 0.0));
    for key in ["m", "q", "delta", "chi", "free_energy"] {
        let (a, b) = (quantity(&cold, key).expect("a number"), quantity(&ground, key).expect("a number"));
        assert!((a - b).abs() < 2e-6, "{key}: {a} at T → 0, {b} at T = 0");
    }
}

#[test]
fn the_glass_line() {
    let mut findings = Findings::default();
    let mut check = |visible: f64, hidden: f64, alpha: f64, wanted: f64, unit: f64| {
        let found = theory(visible, hidden, 0.3).freezing_temperature(alpha).ok();
        findings.close(&format!("T_g at Ω {visible} {hidden}, α = {alpha}"), found, wanted, 0.5000001 * unit);
    };
    let column = [(0.0, 0.3162, 1e-4), (0.25, 0.69845, 1e-5), (0.5, 0.98069, 1e-5), (0.75, 1.19845, 1e-5)];
    for (hidden, wanted, unit) in column {
        check(0.0, hidden, 0.1, wanted, unit);
    }
    check(0.0, 1.0, 0.1, 1.31623, 1e-5);
    check(0.5, 1.0, 0.5, 2.57233, 1e-5);
    for alpha in [0.01_f64, 0.3, 2.0] {
        check(0.0, 1.0, alpha, 1.0 + alpha.sqrt(), 1e-14);
        check(0.0, 0.0, alpha, alpha.sqrt(), 1e-14);
    }
    // The layers change places: T_g(Ω_σ, Ω_τ, α) = α T_g(Ω_τ, Ω_σ, 1/α)…
    for (visible, hidden, alpha) in [(0.2, 0.9, 0.4), (1.0, 0.0, 0.1), (0.7, 0.7, 3.0)] {
        let (here, there) = (theory(visible, hidden, 0.0), theory(hidden, visible, 0.0));
        let other = there.freezing_temperature(1.0 / alpha).expect("T_g") * alpha;
        let t = here.freezing_temperature(alpha).expect("T_g");
        findings.close(&format!("layers exchanged, α = {alpha}"), Some(t), other, 1e-13 * t);
        // …and there the response of the paramagnet is critical.
        let at = Point { alpha, temperature: t };
        let chi = here.closure().paramagnet(at).map(|y| y[1]);
        let critical = chi.map(|chi| here.closure().reaction_slope(chi, alpha) * chi * chi);
        findings.close("R′χ² at T_g", critical, 1.0, 1e-9);
    }
    findings.settle(18);
}

#[test]
fn spin_glass_below_the_line_and_not_above() {
    for (visible, hidden, alpha) in [(0.0, 1.0, 0.1), (0.0, 0.5, 0.1), (0.0, 0.0, 0.4), (0.5, 0.5, 0.3)] {
        let theory = theory(visible, hidden, 0.0);
        let t = theory.freezing_temperature(alpha).expect("T_g");
        let glass = |t: f64| theory.solve(Control::new(alpha, t), Guess::SpinGlass);
        let (near, far) = (glass(0.998 * t).expect("a glass"), glass(0.99 * t).expect("a glass"));
        // q vanishes linearly, and so does the replicon.
        let ratio = far.q / near.q;
        assert!((4.0..6.5).contains(&ratio), "{visible} {hidden}: q ratio {ratio}");
        assert!(glass(1.002 * t).is_err());
        assert!(near.replicon.expect("finite").abs() < 0.02);
    }
}

/// With Gaussian hidden and Boolean visible units and weights the visible layer is the Hopfield model with its
/// diagonal α; f counts from the priors.
#[test]
fn gaussian_hidden_units_make_the_hopfield_model() {
    let mut findings = Findings::default();
    let (two, one) = (theory(0.0, 1.0, 0.0), Model::hopfield());
    let points = [
        (0.05, 0.5, Guess::Retrieval),
        (0.1, 0.2, Guess::Retrieval),
        (0.1, 0.0, Guess::Retrieval),
        (0.005, 0.2, Guess::Mixture(3)),
        (0.2, 0.6, Guess::SpinGlass),
        (0.1, 1.5, Guess::Paramagnet),
    ];
    for (alpha, temperature, guess) in points {
        let control = Control::new(alpha, temperature);
        let found = two.solve(control, guess).expect("a state");
        let hopfield = predict(&one, control, guess).expect("a state");
        assert_eq!(found.kind, hopfield.kind);
        let what = |key: &str| format!("{guess:?} at {alpha}, {temperature}: {key}");
        for key in ["m", "q", "chi", "delta", "replicon"] {
            if let Some(wanted) = quantity(&hopfield, key) {
                findings.close(&what(key), quantity(&found, key), wanted, 1e-11 * (1.0 + wanted.abs()));
            }
        }
        let ln2 = std::f64::consts::LN_2;
        let f = hopfield.free_energy.expect("f") + temperature * ln2 - 0.5 * alpha;
        findings.close(&what("f"), found.free_energy, f, 1e-12);
        if let (Some(s), true) = (hopfield.entropy, temperature > 0.0) {
            findings.close(&what("S"), found.entropy, s - ln2, 1e-11);
        }
    }
    let cited = two.solve(Control::new(0.05, 0.5), Guess::Retrieval).expect("a state");
    findings.close("cited m", Some(cited.m[0]), 0.904106075, 1e-9);
    findings.close("cited q", Some(cited.q), 0.833357964, 1e-9);
    findings.close("cited p", cited.r.map(|r| r / 0.5), 3.749556694, 1e-9);
    let end = capacity_at_zero_temperature(0.0).map(|end| end.alpha);
    let exact = zero_temperature::capacity(1).expect("a capacity").alpha;
    findings.close("α_c(0)", end, exact, 1e-13);
    findings.settle(39);
}

#[test]
fn second_method() {
    let mut findings = Findings::default();
    for entry in entries(include_str!("../reference/two_layers.json")) {
        let machine: TwoLayers = serde_json::from_value(entry["machine"].clone()).expect("a machine");
        let theory = TwoLayerTheory::new(&machine).expect("a machine");
        let temperature = number(&entry, "T").expect("T");
        let state = entry["state"].as_str().expect("a text");
        let solved = number(&entry, "alpha").map(|alpha| {
            let guess = if state == "retrieval" { Guess::Retrieval } else { Guess::SpinGlass };
            theory.solve(Control::new(alpha, temperature), guess).expect("a state")
        });
        for (key, wanted) in entry["found"].as_object().expect("a table") {
            let wanted = wanted.as_f64().expect("a number");
            let found = match &solved {
                None => theory.capacity(temperature).expect("T").map(|end| end.alpha),
                Some(_) if key == "m" && wanted == 0.0 => Some(0.0),
                Some(state) => quantity(state, key),
            };
            // The conditions of the points are up to 100; the other method stops at residuals of 1e-11.
            findings.close(&format!("{state} {machine} {key}"), found, wanted, 1e-9 * (1.0 + wanted.abs()));
        }
    }
    findings.settle(50);
}

/// Machines with points inside the domain that solve nothing.
const SOMEWHERE: [([f64; 3], [f64; 4], Point); 4] = [
    ([0.0, 0.5, 0.3], [0.7, 0.4, 0.6, 0.2], Point { alpha: 0.1, temperature: 0.4 }),
    ([0.3, 0.7, 0.0], [0.4, 0.5, 0.7, 0.3], Point { alpha: 0.2, temperature: 1.1 }),
    ([0.2, 0.25, 0.6], [0.5, 0.9, 0.3, 0.1], Point { alpha: 0.05, temperature: 0.3 }),
    ([1.0, 0.5, 0.0], [0.3, 0.4, 0.5, 0.2], Point { alpha: 0.1, temperature: 1.4 }),
];

#[test]
fn slopes() {
    let mut findings = Findings::default();
    for ([visible, hidden, weights], y, at) in SOMEWHERE {
        let theory = theory(visible, hidden, weights);
        let closure = theory.closure();
        for phase in [Phase::Condensed(1), Phase::Condensed(3), Phase::SpinGlass] {
            let mut y = Vector::from_vec(y.to_vec());
            y[0] *= f64::from(u8::from(phase.condensed() > 0));
            let (_, jacobian) = closure.linearize(phase, &y, at).expect("inside");
            let gradient = closure.free_energy_gradient(phase, &y, at).expect("inside");
            for j in 0..6 {
                let moved = |h: f64| {
                    let (mut y, mut at) = (y.clone(), at);
                    match j {
                        4 => at.alpha += h,
                        5 => at.temperature += h,
                        j => y[j] += h,
                    }
                    (y, at)
                };
                let step = if j < 4 { 0.02 * y[j].max(0.1) } else { 0.01 * at.alpha.min(at.temperature) };
                let slope = |f: &dyn Fn(&Vector, Point) -> Option<f64>| {
                    derivative(step, &|h: f64| {
                        let (y, at) = moved(h);
                        f(&y, at).unwrap_or(f64::NAN)
                    })
                };
                let what = format!("Ω {visible} {hidden} {weights} {phase:?} by {j}");
                let f = slope(&|y, at| closure.free_energy(phase, y, at));
                findings.close(&what, Some(f), gradient[j], 1e-7 * (1.0 + gradient[j].abs()));
                // An overlap that is pinned to zero is no argument.
                if j == 0 && phase.condensed() == 0 {
                    continue;
                }
                for i in 0..4 {
                    let found = slope(&|y, at| Some(closure.residual(phase, y, at)?[i]));
                    let wanted = jacobian[(i, j)];
                    findings.close(
                        &format!("{what}: F{i}"),
                        Some(found),
                        wanted,
                        1e-7 * (1.0 + wanted.abs()),
                    );
                }
            }
        }
    }
    findings.settle(300);
}

#[test]
fn the_free_energy_is_stationary() {
    let mut findings = Findings::default();
    for ([visible, hidden, weights], alpha, temperature, guess) in [
        ([0.0, 0.75, 0.0], 0.04, 0.3, Guess::Retrieval),
        ([0.0, 0.75, 0.25], 0.006, 0.3, Guess::Retrieval),
        ([0.1, 0.75, 0.1], 0.005, 0.35, Guess::Retrieval),
        ([0.0, 0.75, 0.0], 0.002, 0.2, Guess::Mixture(3)),
        ([0.5, 0.5, 0.0], 0.5, 1.6, Guess::SpinGlass),
        ([0.0, 0.5, 0.0], 0.05, 0.0, Guess::Retrieval),
    ] {
        let theory = theory(visible, hidden, weights);
        let state = theory.solve(Control::new(alpha, temperature), guess).expect("a state");
        let m = state.m.first().copied().unwrap_or(0.0);
        let phase = match state.kind {
            StateKind::SpinGlass => Phase::SpinGlass,
            _ => Phase::Condensed(state.m.len()),
        };
        let y = Vector::from_vec(vec![m, state.chi, state.q, state.delta]);
        let gradient = theory.closure().free_energy_gradient(phase, &y, Point { alpha, temperature });
        let gradient = gradient.expect("inside");
        for (j, slope) in gradient.iter().take(4).enumerate() {
            findings.close(
                &format!("{guess:?} Ω {visible} {hidden} {weights} ∂f/∂{j}"),
                Some(*slope),
                0.0,
                1e-12,
            );
        }
    }
    findings.settle(24);
}

#[test]
fn lines_run_from_zero_temperature_to_zero_load() {
    for (hidden, weights) in [(1.0, 0.0), (0.75, 0.0), (0.5, 0.0), (0.25, 0.0), (1.0, 0.25)] {
        let line = theory(0.0, hidden, weights).retrieval_line().expect("a line");
        let (first, last) = (line.first().expect("points"), line.last().expect("points"));
        let ground = capacity_at_zero_temperature(weights).expect("a capacity");
        assert_eq!((first.temperature, first.alpha), (0.0, Some(ground.alpha)));
        assert!(last.alpha.expect("a load") < 1e-6 && (last.temperature - hidden).abs() < 0.02 * hidden);
        for pair in line.windows(2) {
            assert!(pair[1].temperature > pair[0].temperature);
            let [a, b] = [&pair[0], &pair[1]].map(|point| point.alpha.expect("a load"));
            assert!((a - b).abs() < 0.02, "a gap: {pair:?}");
        }
        let middle = &line[line.len() / 2];
        let direct = load(hidden, weights, middle.temperature).expect("a capacity");
        assert!((direct - middle.alpha.expect("a load")).abs() < 1e-10);
    }
    assert!(theory(0.0, 0.0, 0.0).retrieval_line().expect("nothing").is_empty());
    assert!(theory(0.0, 0.5, 1.0).retrieval_line().expect("nothing").is_empty());
}

/// The states end where the capacity says, with a Gaussian part in every place.
#[test]
fn states_end_at_the_capacity() {
    for ([visible, hidden, weights], temperature) in
        [([0.0, 0.5, 0.0], 0.3), ([0.1, 0.75, 0.0], 0.4), ([0.2, 0.9, 0.15], 0.5)]
    {
        let theory = theory(visible, hidden, weights);
        let end = theory.capacity(temperature).expect("T").expect("a capacity").alpha;
        let state = |alpha: f64| theory.solve(Control::new(alpha, temperature), Guess::Retrieval);
        assert!(state(0.999 * end).is_ok() && state(1.001 * end).is_err(), "Ω_σ = {visible}: {end}");
        let start = theory.start(Control::new(0.5 * end, temperature), Guess::Retrieval).expect("a state");
        let branch = theory.follow(start, Axis::Load).until(Event::Fold).run().expect("a branch");
        let fold = branch.fold().expect("a fold").control.alpha();
        assert!((fold - end).abs() < 1e-11, "{fold} and {end}");
    }
}

/// N = ∞ is the limit, reached as N^(−1/2) unless the hidden units are Gaussian.
#[test]
fn finite_sizes_shift_the_signal() {
    let mut findings = Findings::default();
    let (control, guess) = (Control::new(0.02, 0.25), Guess::Retrieval);
    let machine = TwoLayers { hidden: 0.5, ..TwoLayers::HOPFIELD };
    let of_size = |machine: &TwoLayers, n: usize| {
        let theory = TwoLayerTheory::of_size(machine, n).expect("a machine");
        theory.solve(control, guess).expect("a state")
    };
    let infinite = theory(0.0, 0.5, 0.0).solve(control, guess).expect("a state").m[0];
    let shift = |n: usize| of_size(&machine, n).m[0] - infinite;
    assert!(shift(10_000) > 1e-3);
    findings.close("ratio of shifts", Some(shift(100_000_000) / shift(400_000_000)), 2.0, 2e-3);
    // The first order in closed form: the equations move by ∂F/∂h √((1 − Ω_τ)T/N), which is ∂F/∂m / Ω_τ but for −m.
    let state = theory(0.0, 0.5, 0.0).solve(control, guess).expect("a state");
    let theory = theory(0.0, 0.5, 0.0);
    let y = Vector::from_vec(vec![state.m[0], state.chi, state.q, state.delta]);
    let at = Point { alpha: 0.02, temperature: 0.25 };
    let (_, jacobian) = theory.closure().linearize(Phase::Condensed(1), &y, at).expect("inside");
    let jacobian = jacobian.columns(0, 4).into_owned();
    let mut by_field = jacobian.column(0).into_owned();
    by_field[0] += 1.0;
    let slope = -jacobian.lu().solve(&(by_field / 0.5)).expect("regular")[0];
    let n = 1e12_f64;
    let expected = slope * (0.5 * 0.25 / n).sqrt();
    findings.close("first order", Some(shift(n as usize)), expected, 1e-4 * expected);
    let gaussian = of_size(&TwoLayers::HOPFIELD, 100).m;
    let limit = TwoLayerTheory::new(&TwoLayers::HOPFIELD).expect("a machine").solve(control, guess);
    assert_eq!(gaussian, limit.expect("a state").m);
    assert!(TwoLayerTheory::of_size(&machine, 0).is_err());
    findings.settle(2);
}

#[test]
fn refusals_say_what_was_expected() {
    let text = |machine: TwoLayers| match TwoLayerTheory::new(&machine) {
        Ok(_) => panic!("{machine} is no machine"),
        Err(error) => error.to_string(),
    };
    let wrong = TwoLayers { hidden: 1.2, ..TwoLayers::HOPFIELD };
    assert_eq!(text(wrong), "Ω of the hidden units = 1.2: expected a number from 0, Boolean, to 1, Gaussian");
    let warm = theory(0.5, 1.0, 0.0);
    let error = warm.solve(Control::new(0.1, 0.0), Guess::Retrieval).expect_err("T = 0");
    assert!(error.to_string().contains("nothing bounds their Gaussian part"), "{error}");
    assert!(warm.capacity(0.0).is_err() && warm.retrieval_line().is_err());
    assert!(theory(0.0, 1.0, 0.0).freezing_temperature(-0.1).is_err());
    assert!(theory(0.0, 1.0, 0.0).capacity(f64::NAN).is_err());
    assert!(theory(0.0, 0.5, 0.0).solve(Control::new(0.05, 1e-310), Guess::Retrieval).is_err());
    assert!(theory(0.0, 0.5, 0.0).solve(Control::new(0.05, 1e-100), Guess::Retrieval).is_ok());
    let error = theory(0.0, 0.5, 0.0).solve(Control::new(0.2, 0.1), Guess::Retrieval).expect_err("too many");
    assert!(error.to_string().starts_with("no stable retrieval state at α = 0.2, T = 0.1"), "{error}");
}
