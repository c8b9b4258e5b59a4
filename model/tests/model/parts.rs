//! Parts by name: defaults, round trips, messages, grids, ranges, addresses.

use std::collections::HashSet;
use std::sync::Arc;

use mattis_model::address::{Address, Purpose};
use mattis_model::record::Protocol;
use mattis_model::{
    Catalogued, Choice, Control, CouplingLaw, Diagonal, External, Load, Model, PatternLaw, Schedule,
    SynapseLaw, Topology, Unit, UnitLaw, grid,
};
use proptest::prelude::*;

fn every_entry_round_trips<T: Catalogued>() {
    for entry in T::entries() {
        let by_name: Choice<T> = entry.name.parse().expect("defaults of an entry are valid");
        assert_eq!(by_name.name(), entry.name);
        assert!(!entry.formula.is_empty() && !entry.source.is_empty());
        for alias in entry.aliases {
            assert_eq!(alias.parse::<Choice<T>>().expect("an alias"), by_name);
        }
        let text = by_name.to_string();
        assert_eq!(text.parse::<Choice<T>>().expect("its own text"), by_name);
        let json = serde_json::to_string(&by_name).expect("JSON");
        assert_eq!(serde_json::from_str::<Choice<T>>(&json).expect("its own JSON"), by_name);
    }
    assert_eq!(Choice::<T>::neutral().name(), T::entries()[0].name);
}

#[test]
fn every_part_round_trips() {
    every_entry_round_trips::<Arc<dyn UnitLaw>>();
    every_entry_round_trips::<Arc<dyn SynapseLaw>>();
    every_entry_round_trips::<PatternLaw>();
    every_entry_round_trips::<CouplingLaw>();
    every_entry_round_trips::<Topology>();
    every_entry_round_trips::<Diagonal>();
    every_entry_round_trips::<External>();
    every_entry_round_trips::<Schedule>();
}

/// E[f(x)] for standard normal x by the midpoint rule, good to 1e-6 for functions with a few jumps.
fn normal_average(f: impl Fn(f64) -> f64) -> f64 {
    let count = 400_000;
    let width = 20.0 / f64::from(count);
    let point = |i: i32| -10.0 + (f64::from(i) + 0.5) * width;
    let density = |x: f64| (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    (0..count).map(|i| width * density(point(i)) * f(point(i))).sum()
}

#[test]
fn synapses_state_their_moments() {
    for entry in <Arc<dyn SynapseLaw>>::entries() {
        let synapse: Choice<Arc<dyn SynapseLaw>> = entry.name.parse().expect("defaults are valid");
        let (signal, power) =
            (normal_average(|x| x * synapse.apply(x)), normal_average(|x| synapse.apply(x).powi(2)));
        assert!((signal - synapse.signal()).abs() < 1e-4, "{synapse}: a₁ = {signal}");
        assert!((power - synapse.power()).abs() < 1e-4, "{synapse}: a₂ = {power}");
    }
}

#[test]
fn models_round_trip_through_toml_and_json() {
    let mut models: Vec<Model> =
        Model::entries().iter().map(|named| Model::named(named.name).expect("a named model")).collect();
    for entry in <Arc<dyn UnitLaw>>::entries() {
        models.push(Model::little().with_unit(entry.name.parse().expect("a unit")));
    }
    models.push(Model::hopfield().with_unit("three-state:crystal-field=0.2".parse().expect("a unit")));
    models.push(Model::little().with_self_coupling("0.25".parse().expect("a number")));
    models.push(Model::sherrington_kirkpatrick().with_field("external:h=0.1".parse().expect("a field")));
    for model in models {
        let toml = toml::to_string(&model).expect("TOML");
        assert_eq!(toml::from_str::<Model>(&toml).expect("its own TOML"), model);
        let json = serde_json::to_string(&model).expect("JSON");
        assert_eq!(serde_json::from_str::<Model>(&json).expect("its own JSON"), model);
    }
}

#[test]
fn parts_are_written_as_text_or_table() {
    let text: Model =
        toml::from_str("unit = \"three-state:crystal-field=0.2\"\nself-coupling = 0.5").expect("text");
    let table: Model = toml::from_str(
        "unit = { name = \"ternary\", crystal-field = 0.2 }\nself-coupling = { name = \"value\", j0 = 0.5 }",
    )
    .expect("tables");
    assert_eq!(text, table);
    assert_eq!(*text.self_coupling, Diagonal::Value(0.5));
    assert_eq!(*"0".parse::<Choice<Diagonal>>().expect("zero"), Diagonal::Zero);
}

#[test]
fn wrong_parts_get_one_line_with_a_suggestion() {
    let cases = [
        ("isng", "did you mean `ising`?"),
        ("three-state:crystal=0.2", "has no parameter `crystal`: expected crystal-field"),
        ("three-state:crystal-field=nan", "expected a finite number"),
        ("three-state:crystal-field=inf", "expected a finite number"),
        ("three-state:crystal-field=big", "expected a finite number"),
        ("three-state:crystal-field", "NAME:key=value"),
        ("three-state:crystal-field=1:crystal-field=2", "given twice"),
        ("ising:gain=1", "expected none"),
        ("", "expected one of ising"),
    ];
    for (given, expected) in cases {
        let message = given.parse::<Unit>().expect_err(given).to_string();
        assert!(message.contains(expected), "{given}: {message}");
        assert!(!message.contains('\n'), "{message}");
    }
    let message = "none:strength=-1".parse::<Choice<CouplingLaw>>().expect_err("negative J").to_string();
    assert!(message.contains("J > 0"), "{message}");
    assert!(Model::named("hopfeild").expect_err("a typo").to_string().contains("did you mean `hopfield`?"));
    assert!(toml::from_str::<Model>("units = \"ising\"").is_err(), "unknown keys are errors");
}

#[test]
fn grids_are_points_lists_and_ranges() {
    assert_eq!(grid("0.01:0.13:13").expect("a grid")[2], 0.03);
    assert_eq!(grid("0.3").expect("a number"), [0.3]);
    assert_eq!(grid("0.1, 0.2,-1").expect("a list"), [0.1, 0.2, -1.0]);
    assert_eq!(grid("2:5:1").expect("one point"), [2.0]);
    let log = grid("log:1e-4:1:5").expect("a logarithmic grid");
    assert_eq!((log[0], log[4]), (1e-4, 1.0));
    assert!((log[2] - 1e-2).abs() < 1e-16);
    for wrong in
        ["", "a", "1:2", "1:2:3:4", "1:2:0", "1:2:x", "log:0:1:3", "log:1", "nan", "1,inf", "1:2:99999999"]
    {
        assert!(grid(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn controls_have_ranges() {
    for (alpha, temperature) in [(-0.1, 0.3), (0.0, 0.3), (f64::NAN, 0.3), (0.1, -1.0), (0.1, f64::INFINITY)]
    {
        assert!(Control::new(alpha, temperature).validate().is_err(), "{alpha}, {temperature}");
    }
    assert!(Control::new(0.1, 0.0).validate().is_ok());
    assert!(Model::hopfield().check_load(Load::Empty).is_err());
    assert!(Model::sherrington_kirkpatrick().check_load(Load::Extensive(0.1)).is_err());
    assert_eq!(format!("{:.3}", Load::Extensive(0.13792)), "0.138");
}

#[test]
fn addresses_differ_in_every_component() {
    let base = Address { seed: 1, purpose: Purpose::Update, sample: 2, replica: 3, sweep: 4 };
    let others = [
        base,
        Address { seed: 2, ..base },
        Address { purpose: Purpose::Order, ..base },
        Address { sample: 3, ..base },
        Address { replica: 2, ..base },
        Address { sweep: 5, ..base },
    ];
    let streams: HashSet<_> = others.iter().map(|address| (address.key(), address.counter())).collect();
    assert_eq!(streams.len(), others.len());
}

#[test]
fn large_seeds_are_strings() {
    let protocol = |seed| Protocol {
        neurons: vec![100],
        samples: 1,
        sweeps: 1,
        burn_in: 0,
        seed,
        start: "pattern".into(),
        dynamics: "heat-bath".into(),
        order: "random".into(),
    };
    for (seed, written) in [
        (7, "\"seed\":7"),
        (1 << 53, "\"seed\":9007199254740992"),
        (u64::MAX, "\"seed\":\"18446744073709551615\""),
    ] {
        let json = serde_json::to_string(&protocol(seed)).expect("JSON");
        assert!(json.contains(written), "{json}");
        assert_eq!(serde_json::from_str::<Protocol>(&json).expect("its own JSON").seed, seed);
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in ".{0,60}") {
        let _ = text.parse::<Unit>();
        let _ = text.parse::<Choice<Diagonal>>();
        let _ = text.parse::<Choice<CouplingLaw>>();
        let _ = grid(&text);
        let _ = toml::from_str::<Model>(&text);
    }

    #[test]
    fn crystal_fields_survive_their_text(d in -1e6_f64..1e6) {
        let unit: Unit = format!("three-state:crystal-field={d}").parse().expect("a unit");
        prop_assert_eq!(unit.to_string().parse::<Unit>().expect("its text"), unit);
    }
}
