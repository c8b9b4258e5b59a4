//! A finite number of memories and exactly solved models, from the command line: known values, keys, refusals.

use serde_json::Value;

use crate::{Scratch, mattis};

/// Arguments, a pointer into the JSON, the value and how far it may be off.
const VALUES: &[(&str, &str, f64, f64)] = &[
    ("solve --count 1 -T 0.3", "/points/0/states/0/m/0", 0.997_413_816_891_975, 1e-14),
    ("solve --count 3 -T 0.3", "/points/0/states/0/free_energy", -0.500_384_834_323_960_6, 1e-15),
    ("solve --count 3 -T 0.3", "/points/0/states/0/hessian/0", 0.982_781_073_756_726, 1e-14),
    ("mixtures --count 3 -T 0.45", "/states/1/m/0", 0.435_407_928_34, 1e-11),
    ("mixtures --count 3 -T 0.3", "/states/1/hessian/0", 0.499_593_339_124_283_66, 1e-14),
    ("mixtures --count 3 -T 0.3", "/thresholds/1/temperature", 0.459_794_239_877_785_43, 1e-15),
    ("mixtures --count 3 -T 0.3", "/critical_temperature", 1.0, 1e-15),
    // Continuous laws.
    ("solve --patterns gaussian --count 2 -T 0.1", "/points/0/states/0/m/0", 0.792_733_622_587_447, 1e-14),
    ("solve --patterns gaussian --count 2 -T 0.3", "/points/0/states/0/m/0", 0.751_627_376_321_225, 1e-14),
    ("solve --patterns gaussian --count 2 -T 0.5", "/points/0/states/0/m/0", 0.668_554_447_952_291, 1e-14),
    ("solve --patterns gaussian --count 2 -T 0.8", "/points/0/states/0/m/0", 0.442_601_410_300_935, 1e-14),
    ("solve --patterns gaussian --count 2 -T 0", "/points/0/states/0/m/0", 0.797_884_560_802_865, 1e-14),
    (
        "solve --patterns gaussian --count 2 -T 0",
        "/points/0/states/0/energy",
        -std::f64::consts::FRAC_1_PI,
        1e-14,
    ),
    ("mixtures --patterns uniform --count 2 -T 0.8", "/states/0/free_energy", -0.570_998_954_171_516, 1e-13),
    ("mixtures --patterns uniform --count 2 -T 0.8", "/states/1/free_energy", -0.567_192_675_537_556, 1e-13),
    // Biased memories.
    (
        "solve --patterns biased:mean=0.2 --count 3 -T 0.3",
        "/points/0/states/0/m/0",
        0.997_268_419_824_1,
        1e-12,
    ),
    ("solve --patterns biased:mean=0.2 --count 3 -T 0.3", "/points/0/states/0/m/1", 0.040_645_399_442, 1e-12),
    (
        "solve --patterns biased:mean=0.2 --count 3 -T 0.3",
        "/points/0/states/0/free_energy",
        -0.502_005_912_510_4,
        1e-12,
    ),
    (
        "solve --patterns biased:mean=0.2 --rule covariance --count 3 -T 0.3",
        "/points/0/states/0/m/0",
        0.953_634_952_204_4,
        1e-12,
    ),
    (
        "solve --patterns biased:mean=0.2 --rule covariance --count 3 -T 0.3",
        "/points/0/states/0/free_energy",
        -0.461_947_463_197_7,
        1e-12,
    ),
    ("mixtures --patterns biased:mean=0.5 --count 3 -T 0.3", "/states/0/m/0", 0.619_042_880_297_8, 1e-12),
    ("mixtures --patterns biased:mean=0.5 --count 3 -T 0.3", "/states/0/free_energy", -0.588_585, 1e-6),
    ("mixtures --patterns biased:mean=0.5 --count 3 -T 0.3", "/critical_temperature", 1.5, 1e-14),
    (
        "mixtures --patterns biased:mean=0.5 --rule covariance --count 3 -T 0.3",
        "/critical_temperature",
        0.75,
        1e-14,
    ),
    // Van Hemmen.
    ("solve --model van-hemmen -T 0.2", "/points/0/states/0/m/0", 0.499_954_560_857_616, 1e-14),
    ("solve --model van-hemmen -T 0.5", "/points/0/states/0/free_energy", -0.428_204_562_136_704, 1e-14),
    ("solve --model van-hemmen -T 0.8", "/points/0/states/0/m/1", 0.355_205_891_743_935, 1e-14),
    (
        "solve --model van-hemmen --patterns gaussian -T 0.2",
        "/points/0/states/0/m/0",
        0.549_639_992_131_173,
        1e-13,
    ),
    (
        "solve --model van-hemmen --patterns gaussian -T 0.5",
        "/points/0/states/0/m/0",
        0.472_739_383_739_494,
        1e-13,
    ),
    (
        "solve --model van-hemmen --patterns gaussian -T 0.8",
        "/points/0/states/0/m/0",
        0.312_966_458_586_521,
        1e-13,
    ),
    // Parallel updates and the self-coupling.
    (
        "solve --model little --count 3 -T 0.3",
        "/points/0/states/0/free_energy",
        -1.000_769_668_647_921_2,
        1e-14,
    ),
    (
        "solve --model little --self-coupling -0.1 --count 1 -T 0.5",
        "/points/0/states/0/m/0",
        0.932_039_519_478,
        1e-12,
    ),
    (
        "mixtures --model little --self-coupling 0.5 --count 1 -T 0.5",
        "/critical_temperature",
        1.353_482_114_226,
        1e-12,
    ),
    // Exactly solved models.
    (
        "solve --model onsager -T 2.269185314213022",
        "/points/0/states/0/free_energy",
        -2.109_651_144_608_207,
        1e-14,
    ),
    ("solve --model onsager -T 2", "/points/0/states/0/m/0", 0.911_319_377_877_496, 1e-14),
    ("solve --model onsager -T 2.25", "/points/0/states/0/m/0", 0.671_854_026_683_280, 1e-14),
    ("solve --model onsager -T 2.5", "/points/0/states/0/energy", -1.106_079_203_745_791, 1e-14),
    ("solve --model curie-weiss -T 0.99", "/points/0/states/0/m/0", 0.172_511_069_975_051_2, 1e-14),
    (
        "solve --model curie-weiss:neurons=100 -T 0.5",
        "/points/0/states/0/abs_m",
        0.955_101_835_141_733_7,
        1e-12,
    ),
    ("solve --model bethe -T 1.4563827626029402", "/points/0/states/0/m/0", 0.887_142_835_199_655, 1e-12),
    ("solve --model bethe:z=6 -T 1", "/points/0/critical_temperature", 4.932_606_924_752_863, 1e-14),
];

#[test]
fn known_values() {
    for (arguments, pointer, value, tolerance) in VALUES {
        let json = mattis(&format!("{arguments} --format json")).expect(0).json();
        let found = json.pointer(pointer).and_then(Value::as_f64);
        let off = found.map(|found| (found - value).abs());
        assert!(
            off.is_some_and(|off| off <= *tolerance),
            "{arguments} {pointer}: {found:?}, expected {value}"
        );
    }
}

#[test]
fn the_census_of_five_memories_closes() {
    let json = mattis("mixtures --count 5 -T 0.3 --format json").expect(0).json();
    let census = &json["census"];
    assert_eq!((&census["classes"], &census["critical_points"]), (&13.into(), &3043.into()));
    assert_eq!((&census["stable"], &census["morse_sum"]), (&122.into(), &1.into()));
    assert_eq!(census["complete"], "sum_ok");
    for key in ["m", "n", "symmetric", "free_energy", "energy", "index", "stable", "multiplicity", "hessian"]
    {
        assert!(json["states"][0].get(key).is_some(), "{key}");
    }
    let thresholds = json["thresholds"].as_array().unwrap();
    let at =
        |t: f64| thresholds.iter().any(|entry| (entry["temperature"].as_f64().unwrap() - t).abs() < 1e-12);
    assert!(
        at(0.459_794_239_877_785) && at(0.384_739_272_388_680) && at(0.178_113_870_062_717),
        "{thresholds:?}"
    );
    // Nothing closes where forms are indefinite or states fill a sphere.
    for arguments in ["mixtures --model van-hemmen", "mixtures --patterns gaussian"] {
        let census = mattis(&format!("{arguments} --format json")).expect(0).json()["census"].clone();
        assert!(census["morse_sum"].is_null() && census["complete"] == "unknown", "{census}");
    }
}

#[test]
fn a_point_has_a_count_or_a_load() {
    let finite = mattis("solve --count 2 -T 0.3 --format json").expect(0).json()["points"][0].clone();
    assert!(finite.get("alpha").is_none() && finite["count"] == 2);
    assert_eq!(finite["states"][0]["m"].as_array().unwrap().len(), 2);
    let extensive = mattis("solve --alpha 0.05 --format json").expect(0).json()["points"][0].clone();
    assert!(extensive.get("count").is_none() && extensive["alpha"] == 0.05);
}

#[test]
fn simulations_show_every_overlap() {
    let run = "--count 3 -T 0.3 --neurons 100,200 --samples 4 --sweeps 10 --burn-in 10 --update sequential,parallel";
    let json = mattis(&format!("simulate {run} --format json")).expect(0).json();
    for point in json["points"].as_array().unwrap() {
        assert_eq!((&point["p"], &point["alpha"]), (&3.into(), &Value::Null));
        let names: Vec<&str> =
            point["observables"].as_array().unwrap().iter().filter_map(|o| o["name"].as_str()).collect();
        for name in ["m", "m_max_other", "m_1", "m_2", "m_3", "q", "energy"] {
            assert!(names.contains(&name), "{names:?}");
        }
        assert_eq!(names.contains(&"d"), point["update"] == "parallel", "{names:?}");
    }
    let compared = mattis(&format!("compare {run} --resolution 1 --format json"));
    let rows = compared.json()["rows"].as_array().unwrap().len();
    assert_eq!(rows, 7);
}

#[test]
fn a_saved_landscape_is_drawn_again() {
    let scratch = Scratch::new();
    scratch.run("mixtures --count 2 -T 0.3,0.6 --out run --quiet").expect(0);
    for name in ["mixtures.csv", "record.json", "report.html", "states.png", "states.svg"] {
        assert!(!scratch.read(&format!("run/{name}")).is_empty(), "{name}");
    }
    let before = scratch.read("run/states.svg");
    std::fs::remove_file(scratch.path().join("run/states.svg")).unwrap();
    scratch.run("plot run --quiet").expect(0);
    assert_eq!(before, scratch.read("run/states.svg"));
    scratch.run("solve --model onsager -T 2 --out exact --quiet").expect(0);
    assert!(scratch.text("exact/states.csv").contains("ferromagnet"));
}

#[test]
fn rows_of_several_models_tell_themselves_apart() {
    let rows = |arguments: &str| {
        let csv = mattis(&format!("{arguments} --format csv")).expect(0).stdout;
        assert!(csv.starts_with("unit,patterns,rule,update,count,temperature,m,"), "{csv}");
        assert!(!csv.contains(",-0,") && !csv.contains(" -0 ") && !csv.contains(" -0,"), "{csv}");
        csv.lines().skip(1).map(String::from).collect::<Vec<_>>()
    };
    let both = rows("mixtures --count 2 --update sequential,parallel");
    assert_eq!(both.len(), 6);
    assert_eq!(both.iter().filter(|row| row.starts_with("ising,rademacher,hebb,parallel,2,0.3,")).count(), 3);
    let units = rows("mixtures --count 1 --unit ising,binary --patterns biased:mean=0.2");
    assert!(units.iter().any(|row| row.starts_with("ising,biased:mean=0.2,hebb,sequential,1,")));
    assert!(units.iter().any(|row| row.starts_with("binary")), "{units:?}");
    // What is asked for twice is computed once.
    assert_eq!(rows("mixtures --count 2,2 -T 0.3,0.3 --update parallel,parallel").len(), 3);
    let people = mattis("mixtures --model little --self-coupling 0.5 --count 1 -T 0.5").expect(0).stdout;
    assert!(people.contains("parallel, self-coupling value:j0=0.5, p = 1"), "{people}");
}

#[test]
fn nothing_to_draw_names_what_can_be_drawn() {
    let scratch = Scratch::new();
    scratch.run("solve --model onsager -T 2 --out exact --quiet").expect(0);
    let ran = scratch.run("plot exact").expect(1);
    assert!(ran.stderr.contains("several temperatures, mixtures"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn impossible_counts_and_models_are_refused() {
    let refused = [
        ("solve --count 0", "number of memories p = 0: expected a whole number ≥ 1"),
        ("solve --count 2.5", "expected a whole number ≥ 1"),
        ("solve --count 3 --alpha 0.1", "cannot be used with"),
        ("solve --model sk --count 3", "stores no memories"),
        ("solve --model van-hemmen --count 3", "p = 2 memories"),
        ("solve --model van-hemmen --alpha 0.1", "p = 2 memories"),
        ("solve --model quadratic-form:matrix=1,2", "a square matrix"),
        ("solve --rule quadratic-form:matrix=1,2/3,4", "a symmetric matrix"),
        ("solve --patterns biased:mean=1", "-1 < a < 1"),
        ("solve --unit binary:low=1", "a number above low"),
        ("solve --unit graded:gain=0", "g > 0"),
        ("solve --model onsager --unit binary", "solved as a whole"),
        ("solve --model onsager --count 3", "no load"),
        ("solve --model bethe:z=2", "z"),
        ("solve --model curie-weiss:neurons=-1", "neurons"),
        ("simulate --model onsager", "solve"),
        ("mixtures --alpha 0.1", "--count"),
        ("phase --count 3", "mixtures"),
        ("simulate --start cue:share=2", "share"),
        ("simulate --count 1 --start mixture:n=3", "number of memories"),
    ];
    for (arguments, message) in refused {
        let ran = mattis(arguments).expect(2);
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
    // A combination that an engine does not treat is a failure with one line.
    let failed = [
        ("solve --patterns gaussian --alpha 0.1", "finite number of memories"),
        ("phase --unit graded", "capacity"),
        ("solve --patterns uniform --count 5", "nearest"),
        ("solve --count 100000 -T 0.3", "nearest"),
    ];
    for (arguments, message) in failed {
        let ran = mattis(arguments).expect(1);
        assert!(
            ran.stderr.contains(message) && ran.stderr.lines().count() == 1,
            "{arguments}: {}",
            ran.stderr
        );
    }
}
