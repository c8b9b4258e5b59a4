//! Files that are damaged, changed, or of other runs.

use serde_json::Value;

use super::*;
use crate::checkpoint::{Packed, Plain};

/// The refusal of what is kept.
fn refused(scratch: &Scratch, simulation: &Simulation) -> String {
    let path = scratch.checkpoint();
    let session = Session { checkpoint: Some(&path), ..Session::default() };
    let error = simulation.run_with(&session).unwrap_err();
    assert!(matches!(error, SimError::Checkpoint { .. }));
    let message = error.to_string();
    assert!(!message.contains('\n') && message.contains(".part"), "{message}");
    message
}

#[test]
fn damage_is_seen_wherever_it_is() {
    let scratch = Scratch::new("damage");
    let simulation = small();
    let expected = whole(&simulation);
    let (file, text) = kept(&scratch, &simulation, 7);
    let header = text.iter().position(|byte| *byte == b'\n').unwrap();
    let end = text.len();
    for cut in (0..header)
        .step_by(97)
        .chain([header, header + 1])
        .chain((header..end).step_by(13))
        .chain(end - 30..end)
    {
        fs::write(&file, &text[..cut]).unwrap();
        let message = refused(&scratch, &simulation);
        assert!(message.contains("is damaged") && message.contains("begins anew"), "cut at {cut}: {message}");
    }
    for at in (header..end).step_by(7).chain(end - 30..end) {
        let mut wrong = text.clone();
        wrong[at] ^= 1;
        fs::write(&file, wrong).unwrap();
        let message = refused(&scratch, &simulation);
        let known = ["is damaged", "another specification"].iter().any(|word| message.contains(word));
        assert!(known, "changed at {at}: {message}");
    }
    let mut long = text.clone();
    long.extend(b"{}\n");
    fs::write(&file, long).unwrap();
    assert!(refused(&scratch, &simulation).contains("three lines"));
    fs::write(&file, [0xff; 40]).unwrap();
    assert!(refused(&scratch, &simulation).contains("not text"));
    // Of another sample.
    let other = scratch.0.join("checkpoint.jsonl.0-1.part");
    fs::remove_file(&file).unwrap();
    fs::write(&other, &text).unwrap();
    assert!(refused(&scratch, &simulation).contains("another sample"));
    fs::remove_file(&other).unwrap();
    // What was there goes on, and so does nothing at all.
    fs::write(&file, &text).unwrap();
    assert_eq!(session(&simulation, &scratch.checkpoint(), usize::MAX).0, Some(expected.clone()));
    scratch.clear();
    assert_eq!(session(&simulation, &scratch.checkpoint(), usize::MAX).0, Some(expected));
}

/// The header of the checkpoint decides; without one, that of the sample.
#[test]
fn samples_of_other_runs_are_refused() {
    let scratch = Scratch::new("others");
    let simulation = small();
    let (file, text) = kept(&scratch, &simulation, 3);
    let checkpoint = scratch.checkpoint();
    let session = Session { checkpoint: Some(&checkpoint), ..Session::default() };
    let message = simulation.clone().seed(4).run_with(&session).unwrap_err().to_string();
    assert!(message.contains("checkpoint.jsonl: belongs to another specification (its seed"), "{message}");
    fs::remove_file(&checkpoint).unwrap();
    assert!(refused(&scratch, &simulation.clone().seed(4)).contains("its seed differs"));
    assert!(refused(&scratch, &simulation.clone().sweeps(13)).contains("its sweeps differs"));
    let text = String::from_utf8(text).unwrap();
    let (header, rest) = text.split_once('\n').unwrap();
    for (key, other) in [("schema", "0"), ("version", "\"0.0.1\""), ("generator", "\"dice\"")] {
        let mut old: serde_json::Value = serde_json::from_str(header).unwrap();
        old[key] = serde_json::from_str(other).unwrap();
        fs::write(&file, format!("{old}\n{rest}")).unwrap();
        let message = refused(&scratch, &simulation);
        assert!(message.contains(&format!("another version (its {key} is {other}")), "{message}");
    }
    // More samples of the same run go on.
    fs::write(&file, &text).unwrap();
    let more = simulation.clone().samples(3);
    let results = more.run_samples_with(&session).unwrap();
    let lines: Vec<String> = results.iter().map(|result| serde_json::to_string(result).unwrap()).collect();
    assert_eq!(lines, whole(&more));
    assert!(scratch.others().is_empty());
    // A sample whose line is there is not in work.
    fs::write(&file, &text).unwrap();
    assert!(more.run_samples_with(&session).unwrap().len() == 3 && scratch.others().is_empty());
}

/// The sum of a file, computed here.
fn summed(text: &str) -> String {
    let start = 14_695_981_039_346_656_037_u64;
    let sum = text.bytes().fold(start, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(1_099_511_628_211));
    format!("{text}{{\"sum\":\"{sum:016x}\"}}\n")
}

/// A sample in work with one thing changed, and a sum that is right: its lines if it goes on, else why not.
fn changed(
    scratch: &Scratch,
    simulation: &Simulation,
    change: impl Fn(&mut Value),
) -> Result<Vec<String>, String> {
    let (file, text) = kept(scratch, simulation, 8);
    let text = String::from_utf8(text).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let mut sample: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    change(&mut sample);
    fs::write(&file, summed(&format!("{header}\n{sample}\n"))).unwrap();
    let path = scratch.checkpoint();
    let session = Session { checkpoint: Some(&path), ..Session::default() };
    match simulation.run_samples_with(&session) {
        Ok(results) => Ok(results.iter().map(|result| serde_json::to_string(result).unwrap()).collect()),
        Err(error) => Err(error.to_string()),
    }
}

fn packed<T: Plain>(values: &[T]) -> Value {
    serde_json::to_value(Packed::of(values)).unwrap()
}

/// What is kept is what counts, to the last bit.
#[test]
fn other_numbers_give_other_results() {
    let scratch = Scratch::new("control");
    let begin_with = |value: &mut Value, digits: &str| {
        let text = value.as_str().unwrap();
        assert!(!text.starts_with(digits));
        *value = format!("{digits}{}", &text[digits.len()..]).into();
    };
    let spins = run(["ising", "rademacher", "hebb", "full", "none", "parallel"], Control::new(0.05, 0.4));
    let graded = run(["graded", "rademacher", "hebb", "full", "none", "sequential"], Control::new(0.4, 0.3));
    let flow =
        run(["graded:gain=4", "rademacher", "hebb", "full", "none", "continuous"], Control::new(0.4, 0.0));
    for simulation in [&spins, &graded, &flow] {
        assert_eq!(changed(&scratch, simulation, |_| ()), Ok(whole(simulation)));
    }
    let differs = |simulation: &Simulation, change: &dyn Fn(&mut Value)| {
        let lines = changed(&scratch, simulation, change).unwrap();
        assert_ne!(lines, whole(simulation));
    };
    let up_or_down = |value: &mut Value| {
        let down = value.as_str().unwrap().starts_with("AAAA");
        begin_with(value, if down { "AQEB" } else { "AAAA" });
    };
    differs(&spins, &|sample| up_or_down(&mut sample["replicas"][1]["states"]));
    differs(&spins, &|sample| up_or_down(&mut sample["replicas"][1]["past"][0]));
    differs(&spins, &|sample| sample["replicas"][1]["late"][0][0] = packed(&[-1000.0]));
    differs(&spins, &|sample| sample["replicas"][0]["runaway"] = true.into());
    // The last bits of one value, and the length of a step.
    differs(&graded, &|sample| begin_with(&mut sample["replicas"][0]["states"], "AAA"));
    differs(&flow, &|sample| sample["replicas"][0]["advice"] = 0.01_f64.to_bits().into());
}

/// What does not fit is refused, whatever its sum.
#[test]
fn what_does_not_fit_is_refused() {
    let scratch = Scratch::new("unfit");
    let parts = |unit, update| [unit, "rademacher", "hebb", "full", "none", update];
    let spins = run(parts("ising", "parallel"), Control::new(0.05, 0.4));
    let levels = run(parts("three-state", "parallel"), Control::new(0.05, 0.2));
    let graded = run(parts("graded", "sequential"), Control::new(0.4, 0.3));
    let steps = run(parts("graded:gain=4", "parallel"), Control::new(0.4, 0.0));
    let flow = run(parts("graded:gain=4", "continuous"), Control::new(0.4, 0.0));
    let rates = ["threshold-linear:gain=2", "sparse", "covariance", "full", "none", "parallel"];
    let rates = run(rates, Control::new(0.3, 0.0));
    let potts = Model::potts(3).unwrap().with_update("parallel".parse().unwrap());
    let potts = Simulation::new(&potts).at(Control::new(0.1, 1.0)).sizes([90]).samples(1);
    let potts = potts.sweeps(12).burn_in(5);
    let message = |simulation: &Simulation, change: &dyn Fn(&mut Value)| {
        let message = changed(&scratch, simulation, change).unwrap_err();
        assert!(message.contains(".part: is damaged (line 2: "), "{message}");
        assert!(!message.contains('\n'), "{message}");
        message
    };
    let other = |simulation: &Simulation, what: &str, change: &dyn Fn(&mut Value)| {
        let message = message(simulation, change);
        assert!(message.contains(what), "{message}");
    };
    let unfit = |simulation: &Simulation, key: &str, change: &dyn Fn(&mut Value)| {
        let message = message(simulation, change);
        assert!(message.contains(&format!("(line 2: `{key}` does not fit this sample)")), "{message}");
    };
    let advice = |sample: &mut Value| sample["replicas"][0]["advice"] = (-1.0_f64).to_bits().into();
    for simulation in [&spins, &levels, &graded, &steps, &flow, &rates, &potts] {
        unfit(simulation, "advice", &advice);
        unfit(simulation, "states", &|sample| sample["replicas"][0]["states"] = "".into());
        other(simulation, "base 64", &|sample| sample["replicas"][0]["states"] = "!".into());
        unfit(simulation, "mutual", &|sample| sample["mutual"] = "".into());
        unfit(simulation, "mutual", &|sample| sample["sweeps"] = 7.into());
        unfit(simulation, "sweeps", &|sample| sample["sweeps"] = 17.into());
        unfit(simulation, "series", &|sample| sample["replicas"][0]["series"] = vec![""; 3].into());
        unfit(simulation, "late", &|sample| sample["replicas"][0]["late"][0][0] = "".into());
        unfit(simulation, "late", &|sample| sample["replicas"][0]["late"][0][1] = 1.into());
        unfit(simulation, "late", &|sample| sample["replicas"][1]["late"][1][1] = usize::MAX.into());
        unfit(simulation, "series", &|sample| sample["replicas"][1]["series"][0] = "".into());
        other(simulation, "unknown field", &|sample| sample["more"] = 1.into());
        unfit(simulation, "replicas", &|sample| _ = sample["replicas"].as_array_mut().unwrap().pop());
    }
    let without =
        |key| move |sample: &mut Value| _ = sample["replicas"][0].as_object_mut().unwrap().remove(key);
    unfit(&flow, "advice", &without("advice"));
    // What a model does not show has no entries: these have no mean.
    for simulation in [&spins, &levels, &graded, &potts] {
        unfit(simulation, "series", &|sample| sample["replicas"][1]["series"][4] = packed(&[0.5; 3]));
    }
    // States that no unit has.
    let mut wrong: Vec<(&Simulation, Value)> = vec![(&spins, packed(&[2_u8; 90]))];
    wrong.extend([3, 255].into_iter().flat_map(|s| [&levels, &potts].map(|run| (run, packed(&[s; 90])))));
    wrong.extend([1.5, -2.0, f64::NAN, f64::INFINITY].map(|s| (&steps, packed(&[s; 90]))));
    wrong.extend([-1.0, f64::NEG_INFINITY].map(|s| (&rates, packed(&[s; 90]))));
    for (simulation, states) in wrong {
        unfit(simulation, "past", &without("past"));
        unfit(simulation, "states", &|sample| sample["replicas"][1]["states"] = states.clone());
        unfit(simulation, "past", &|sample| sample["replicas"][1]["past"][1] = states.clone());
    }
}
