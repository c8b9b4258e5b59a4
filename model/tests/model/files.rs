//! What files and command lines may hold and may not: every part, nested keys, numbers, long integers.

use std::collections::HashSet;
use std::sync::Arc;

use mattis_model::address::{Address, Purpose};
use mattis_model::catalogue::nearest;
use mattis_model::record::{Exit, LinePoint, Protocol, Provenance, State, StateKind};
use mattis_model::{
    Catalogued, Choice, Control, CouplingLaw, Diagonal, External, Load, Model, PatternLaw, Schedule,
    SynapseLaw, Topology, Unit, UnitLaw, grid,
};
use proptest::prelude::*;

/// Unknown names and parameters of a part: one line that says the part, what was given and what is known.
fn refuses_what_it_does_not_know<T: Catalogued>() {
    let one_line = |given: &str| {
        let message = given.parse::<Choice<T>>().expect_err(given).to_string();
        assert!(!message.contains('\n') && message.len() < 400, "{message}");
        message
    };
    let message = one_line("no-such-thing-at-all");
    assert!(message.contains(T::WHAT) && message.contains("no-such-thing-at-all"), "{message}");
    for entry in T::entries() {
        assert!(message.contains(entry.name), "{message}");
        // The last letter forgotten is close enough for a suggestion.
        let typo = &entry.name[..entry.name.len() - 1];
        let message = one_line(typo);
        assert!(message.contains("did you mean"), "{message}");
        let message = one_line(&format!("{}:no-such-key=1", entry.name));
        assert!(message.contains("no-such-key") && message.contains(entry.name), "{message}");
        for parameter in entry.parameters {
            assert!(!parameter.doc.is_empty());
            assert!(one_line(&format!("{}:{}", entry.name, parameter.name)).contains("NAME:key=value"));
            for value in ["nan", "inf", "-inf", "1e999", "no-such-word", ""] {
                let message = one_line(&format!("{}:{}={value}", entry.name, parameter.name));
                assert!(message.contains(parameter.name), "{message}");
            }
            let twice = format!("{0}:{1}=1:{1}=1", entry.name, parameter.name);
            assert!(one_line(&twice).contains("given twice"));
        }
    }
}

#[test]
fn every_part_refuses_what_it_does_not_know() {
    refuses_what_it_does_not_know::<Arc<dyn UnitLaw>>();
    refuses_what_it_does_not_know::<Arc<dyn SynapseLaw>>();
    refuses_what_it_does_not_know::<PatternLaw>();
    refuses_what_it_does_not_know::<CouplingLaw>();
    refuses_what_it_does_not_know::<Topology>();
    refuses_what_it_does_not_know::<Diagonal>();
    refuses_what_it_does_not_know::<External>();
    refuses_what_it_does_not_know::<Schedule>();
}

/// Neutral parts of a model are the entries that its documentation names.
#[test]
fn the_default_model_is_hopfield() {
    let empty: Model = toml::from_str("").expect("every part has a default");
    assert_eq!(empty, Model::hopfield());
    assert_eq!(serde_json::from_str::<Model>("{}").expect("every part has a default"), Model::default());
    assert_eq!(
        [empty.unit.name(), empty.patterns.name(), empty.rule.name(), empty.synapse.name()],
        ["ising", "rademacher", "hebb", "identity"]
    );
    assert_eq!(
        [empty.connectivity.name(), empty.self_coupling.name(), empty.field.name(), empty.update.name()],
        ["full", "zero", "none", "sequential"]
    );
}

#[test]
fn wrong_files_are_refused() {
    for text in [
        "self_coupling = 0.1",
        "unit = \"ising\"\nunit = \"ising\"",
        "unit = { name = \"three-state\", crystal-field = nan }",
        "unit = { name = \"three-state\", crystal-field = inf }",
        "unit = { name = \"three-state\", field = 1 }",
        "unit = { crystal-field = 1 }",
        "unit = { name = 3 }",
        "unit = [\"ising\"]",
        "unit = true",
        "self-coupling = nan",
        "rule = { name = \"none\", strength = 0 }",
        "rule = { name = \"none\", disorder = \"p-spin\" }",
        "update = \"sometimes\"",
        "[unit]\nname = \"ising\"\nname = \"ising\"",
    ] {
        assert!(toml::from_str::<Model>(text).is_err(), "{text}");
    }
    for text in
        ["null", "{\"unit\": null}", "{\"extra\": 1}", "{\"field\": {\"name\": \"external\", \"h\": \"x\"}}"]
    {
        assert!(serde_json::from_str::<Model>(text).is_err(), "{text}");
    }
}

#[test]
fn long_integers_are_read_in_both_forms() {
    let protocol = |seed: &str| {
        format!(
            "{{\"neurons\":[10],\"samples\":1,\"sweeps\":1,\"burn_in\":0,\"seed\":{seed},\
             \"start\":\"pattern\",\"dynamics\":\"heat-bath\",\"order\":\"random\"}}"
        )
    };
    let read = |seed: &str| serde_json::from_str::<Protocol>(&protocol(seed)).map(|protocol| protocol.seed);
    assert_eq!(read("5").expect("a number"), 5);
    assert_eq!(read("\"5\"").expect("a text"), 5);
    assert_eq!(read("9007199254740993").expect("a number beyond 2^53"), (1 << 53) + 1);
    assert_eq!(read("\"18446744073709551615\"").expect("a text"), u64::MAX);
    for wrong in ["-1", "1.5", "\"\"", "\"x\"", "\"-1\"", "\"18446744073709551616\"", "null", "[1]"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    // One beyond the exact doubles is already a text.
    let written = serde_json::to_string(
        &serde_json::from_str::<Protocol>(&protocol("9007199254740993")).expect("read"),
    );
    assert!(written.expect("JSON").contains("\"seed\":\"9007199254740993\""));
    assert!(serde_json::from_str::<Protocol>(&protocol("1").replace("\"samples\"", "\"Samples\"")).is_err());
}

#[test]
fn records_round_trip_and_hold_no_nan() {
    let state = State {
        kind: StateKind::SpinGlass,
        n: None,
        m: vec![],
        q: 0.7,
        activity: 1.0,
        delta: 0.8,
        r: None,
        chi: 0.9,
        d: None,
        free_energy: None,
        energy: Some(-0.5),
        entropy: Some(0.1),
        replicon: None,
        m_next: None,
        hessian: None,
        mean: None,
        correlation: None,
        multiplicity: None,
        locally_stable: true,
        replica_stable: None,
        residual: 1e-16,
        exit: Exit::Converged,
    };
    let json = serde_json::to_string(&state).expect("JSON");
    assert!(json.contains("\"kind\":\"spin_glass\"") && json.contains("\"replicon\":null"), "{json}");
    assert_eq!(serde_json::from_str::<State>(&json).expect("its own JSON"), state);
    let point = LinePoint {
        alpha: Some(0.03),
        field: None,
        self_coupling: None,
        temperature: 5e-9,
        ln_temperature: Some(-19.0),
        m: None,
    };
    let json = serde_json::to_string(&point).expect("JSON");
    assert!(!json.contains("field"), "{json}");
    assert_eq!(serde_json::from_str::<LinePoint>(&json).expect("its own JSON"), point);
    let unknown =
        "{\"program\":\"mattis\",\"version\":\"0\",\"schema\":1,\"generator\":null,\"command\":[],\"x\":1}";
    assert!(serde_json::from_str::<Provenance>(unknown).is_err());
}

#[test]
fn ranges_are_told_in_one_line() {
    for (control, what) in [
        (Control::new(-0.1, 0.3), "load α = -0.1"),
        (Control::new(f64::INFINITY, 0.3), "load α = inf"),
        (Control::new(0.1, f64::NAN), "temperature T = NaN"),
        (Control::without_load(-1.0), "temperature T = -1"),
    ] {
        let message = control.validate().expect_err(what).to_string();
        assert!(message.contains(what) && !message.contains('\n'), "{message}");
    }
    assert!(Control::without_load(0.0).validate().is_ok());
    assert_eq!(Control::without_load(0.0).alpha_if_any(), None);
    assert_eq!(Control::new(Load::Extensive(0.2), 0.0).alpha_if_any(), Some(0.2));
}

#[test]
fn keys_of_near_addresses_are_all_distinct() {
    let purposes = [
        Purpose::Patterns,
        Purpose::Couplings,
        Purpose::Start,
        Purpose::Order,
        Purpose::Update,
        Purpose::Proposal,
    ];
    let mut streams = HashSet::new();
    // Components that would collide if they were added, or shared bytes.
    let numbers = [0, 1, 2, 255, 256, 1 << 32, u64::MAX];
    for purpose in purposes {
        for code in 0..numbers.len().pow(3) {
            let [seed, sample, sweep] = [1, 7, 49].map(|place| numbers[code / place % 7]);
            for replica in [0, 1, u32::MAX] {
                let address = Address { seed, purpose, sample, replica, sweep };
                assert!(streams.insert((address.key(), address.counter())), "{address:?}");
            }
        }
    }
}

#[test]
fn suggestions_are_close_or_absent() {
    let names = ["ising", "three-state"];
    assert_eq!(nearest("isin", &names).as_deref(), Some("ising"));
    assert_eq!(nearest("three_state", &names).as_deref(), Some("three-state"));
    assert_eq!(nearest("potts", &names), None);
    assert_eq!(nearest("x", &[]), None);
}

/// A unit of a user's own, in no catalogue, works wherever a registered one does.
#[test]
fn a_unit_of_ones_own() {
    #[derive(Debug)]
    struct Biased;
    impl UnitLaw for Biased {
        fn alphabet(&self) -> mattis_model::Alphabet<'_> {
            mattis_model::Alphabet::Levels(&[0.0, 1.0, 3.0])
        }
        fn weight(&self, s: f64) -> f64 {
            1.0 + s
        }
    }
    let unit: Unit = Choice::custom("biased", &[("width", 2.0)], Arc::new(Biased));
    assert_eq!(unit.to_string(), "biased:width=2");
    assert!(!unit.is_even() && !unit.is_binary_spin());
    // w = T ln(1 + 2e^{h/T} + 4e^{3h/T})
    let (h, t) = (0.3_f64, 0.7);
    let wanted = t * (1.0 + 2.0 * (h / t).exp() + 4.0 * (3.0 * h / t).exp()).ln();
    assert!((unit.w(h, 0.0, t) - wanted).abs() < 1e-15);
    assert_eq!(unit.draw(1.0, 0.0, 0.0, 0.9), 3.0);
    assert_eq!([0.0, 0.34, 0.67, 0.999_999].map(|u| unit.random_level(u)), [0, 1, 2, 2]);
}

proptest! {
    #[test]
    fn grids_have_their_ends_and_their_number(a in -1e3_f64..1e3, b in -1e3_f64..1e3, n in 2_usize..200) {
        let points = grid(&format!("{a}:{b}:{n}")).expect("a grid");
        prop_assert_eq!(points.len(), n);
        prop_assert_eq!((points[0], points[n - 1]), (a, b));
        let sign = if a < b { 1.0 } else { -1.0 };
        prop_assert!(points.windows(2).all(|pair| sign * (pair[1] - pair[0]) >= 0.0));
    }

    #[test]
    fn logarithmic_grids_have_one_ratio(a in 1e-6_f64..1e3, b in 1e-6_f64..1e3, n in 3_usize..50) {
        let points = grid(&format!("log:{a}:{b}:{n}")).expect("a grid");
        let ratio = (b / a).powf(1.0 / (n - 1) as f64);
        prop_assert!(points.windows(2).all(|pair| (pair[1] / pair[0] / ratio - 1.0).abs() < 1e-12));
    }

    #[test]
    fn lists_are_what_was_written(list in prop::collection::vec(-1e9_f64..1e9, 1..10)) {
        let text: Vec<String> = list.iter().map(ToString::to_string).collect();
        prop_assert_eq!(grid(&text.join(",")).expect("a list"), list);
    }

    #[test]
    fn text_with_the_right_marks_makes_no_parser_panic(text in "[a-z:=,.0-9e+-]{0,40}") {
        let _ = text.parse::<Unit>();
        let _ = text.parse::<Choice<Diagonal>>();
        let _ = text.parse::<Choice<External>>();
        let _ = text.parse::<Choice<CouplingLaw>>();
        let _ = grid(&text);
        let _ = serde_json::from_str::<Model>(&format!("{{\"unit\": \"{text}\"}}"));
    }

    #[test]
    fn couplings_and_fields_survive_their_text(x in prop::num::f64::NORMAL) {
        let diagonal: Choice<Diagonal> = format!("{x}").parse().expect("a number");
        prop_assert_eq!(*diagonal, Diagonal::Value(x));
        let field: Choice<External> = format!("external:h={x}").parse().expect("a field");
        prop_assert_eq!(field.value().value(), x);
    }

    #[test]
    fn doubles_survive_json(x in prop::num::f64::NORMAL) {
        let field: Choice<External> = format!("external:h={x}").parse().expect("a field");
        let json = serde_json::to_string(&field).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Choice<External>>(&json).expect("its own JSON"), field);
    }
}
