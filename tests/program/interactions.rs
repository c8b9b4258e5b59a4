//! Couplings that hidden units induce, from the command line: formulas, files, threads, refusals, the book.

use std::path::Path;

use serde_json::Value;

use crate::npz::{npy, npz};
use crate::{Ran, Scratch, mattis};

/// W of four visible and two hidden units, c, b.
const W: [[f64; 2]; 4] = [[0.8, -0.3], [-0.5, 0.6], [1.1, 0.25], [0.2, -0.9]];
const C: [f64; 2] = [0.4, -0.7];
const B: [f64; 4] = [0.1, -0.2, 0.3, 0.05];

fn bytes(scratch: &Scratch, name: &str, bytes: &[u8]) {
    std::fs::write(scratch.path().join(name), bytes).expect("a file");
}

/// A place with the machine in `m.npz`, and without biases in `c.npy` and, in Fortran order, `f.npy`.
fn place() -> Scratch {
    let scratch = Scratch::new();
    let rows = W.as_flattened();
    let columns: Vec<f64> = (0..2).flat_map(|column| W.iter().map(move |row| row[column])).collect();
    let parts =
        [("W", npy(false, "(4, 2)", rows)), ("b", npy(false, "(4,)", &B)), ("c", npy(false, "(1, 2)", &C))];
    bytes(&scratch, "m.npz", &npz(&parts));
    bytes(&scratch, "c.npy", &npy(false, "(4, 2)", rows));
    bytes(&scratch, "f.npy", &npy(true, "(4, 2)", &columns));
    scratch
}

fn sites(mask: usize) -> Vec<usize> {
    (0..4).filter(|site| (mask >> site) & 1 == 1).collect()
}

/// The couplings of a run with `--list`, by the bits of their sites.
fn listed(found: &Value) -> Vec<(usize, f64)> {
    let all = found["couplings"].as_array().expect("couplings").iter();
    all.map(|coupling| {
        let sites = coupling["sites"].as_array().expect("sites").iter();
        let mask = sites.map(|site| 1 << site.as_u64().expect("a site")).sum();
        (mask, coupling["value"].as_f64().expect("a number"))
    })
    .collect()
}

/// All 15 couplings of the machine against a formula of the sites.
fn compare(found: &Value, formula: impl Fn(&[usize]) -> f64) {
    let found = listed(found);
    assert_eq!(found.len(), 15);
    for (mask, value) in found {
        let expected = formula(&sites(mask));
        assert!((value - expected).abs() < 1e-13 * expected.abs().max(1.0), "{mask:#b}: {value}, {expected}");
    }
}

fn softplus(q: f64) -> f64 {
    q.exp().ln_1p()
}

/// b·v + F of step units at 0/1 or ±1 values.
fn log_weight(v: &[f64]) -> f64 {
    let field = |column: usize| v.iter().zip(W).map(|(v, row)| v * row[column]).sum::<f64>();
    let hidden: f64 = (0..2).map(|column| softplus(C[column] + field(column)) - softplus(C[column])).sum();
    hidden + v.iter().zip(B).map(|(v, b)| v * b).sum::<f64>()
}

/// The values of a state, from its bits.
fn state(bits: usize, low: f64) -> [f64; 4] {
    std::array::from_fn(|site| if (bits >> site) & 1 == 1 { 1.0 } else { low })
}

fn bias(sites: &[usize]) -> f64 {
    if let [site] = sites { B[*site] } else { 0.0 }
}

const ALL: &str = "--order 4 --list --format json";

#[test]
fn poisson_units_are_products_and_linear_ones_pairs() {
    let scratch = place();
    let found = scratch.run(&format!("interactions --weights m.npz --unit poisson {ALL}")).expect(0).json();
    compare(&found, |sites| {
        let product = |column: usize| sites.iter().map(|i| W[*i][column].exp_m1()).product::<f64>();
        bias(sites) + C[0].exp() * product(0) + C[1].exp() * product(1)
    });
    let found = scratch.run(&format!("interactions --weights m.npz --unit linear {ALL}")).expect(0).json();
    compare(&found, |sites| match *sites {
        [i] => B[i] + (0..2).map(|h| 0.5 * W[i][h] * W[i][h] + C[h] * W[i][h]).sum::<f64>(),
        [i, j] => (0..2).map(|h| W[i][h] * W[j][h]).sum(),
        _ => 0.0,
    });
    let third = &found["orders"][2];
    assert_eq!((&third["order"], &third["count"]), (&3.into(), &4.into()));
    assert!(third["max_abs"].as_f64().is_some_and(|x| x < 1e-12), "{third}");
}

#[test]
fn step_units_by_their_closed_form_and_by_an_average_over_spins() {
    let scratch = place();
    let run = scratch.run(&format!("interactions --weights m.npz --unit step --encoding 01,pm1 {ALL}"));
    let found = run.expect(0).json();
    // ln (1 + e^{c+w+w'})(1 + e^c)/((1 + e^{c+w})(1 + e^{c+w'})).
    let pair = |i: usize, j: usize, h: usize| {
        softplus(C[h] + W[i][h] + W[j][h]) + softplus(C[h])
            - softplus(C[h] + W[i][h])
            - softplus(C[h] + W[j][h])
    };
    for (mask, value) in listed(&found[0]) {
        if let [i, j] = sites(mask)[..] {
            assert!((value - pair(i, j, 0) - pair(i, j, 1)).abs() < 1e-14, "{i} {j}");
        }
    }
    compare(&found[1], |sites| {
        let signed = |bits: usize| {
            let s = state(bits, -1.0);
            log_weight(&s) * sites.iter().map(|i| s[*i]).product::<f64>()
        };
        (0..16).map(signed).sum::<f64>() / 16.0
    });
    for (record, low) in [(&found[0], 0.0), (&found[1], -1.0)] {
        let z: f64 = (0..16).map(|bits| log_weight(&state(bits, low)).exp()).sum();
        assert!(record["log_z"].as_f64().is_some_and(|x| (x - z.ln()).abs() < 1e-13), "{record}");
    }
}

#[test]
fn weights_are_read_as_they_were_saved() {
    let scratch = place();
    let stdout = |weights: &str| {
        scratch.run(&format!("interactions --weights {weights} --unit relu {ALL}")).expect(0).stdout
    };
    let rows = stdout("c.npy");
    assert_eq!(stdout("f.npy"), rows);
    assert_ne!(stdout("m.npz"), rows, "biases count");
    // The machine of a run again, with the bytes of the first time.
    scratch.run("interactions --weights m.npz --unit relu --out run").expect(0);
    assert_eq!(stdout("run"), stdout("m.npz"));
    for file in
        ["machine.json", "record.json", "interactions.csv", "interactions.svg", "report.html", "study.toml"]
    {
        assert!(scratch.path().join("run").join(file).exists(), "{file}");
    }
    scratch.run("plot run").expect(0);
    // A machine of random weights, too: the first of those that were drawn.
    let random = "interactions --unit step --visible 5 --samples 3 --list --format json";
    let drawn = scratch.run(&format!("{random} --out random")).expect(0).json();
    let again =
        scratch.run("interactions --weights random --unit step --list --format json").expect(0).json();
    assert_eq!(drawn["couplings"], again["couplings"]);
}

#[test]
fn records_have_their_keys() {
    let one = mattis("interactions --unit relu --visible 4 --samples 3 --format json").expect(0).json();
    for key in ["unit", "encoding", "orders", "couplings", "log_z", "visible", "hidden", "sigma", "samples"] {
        assert!(one.get(key).is_some(), "{key}");
    }
    assert_eq!((&one["encoding"], &one["unit"]), (&"01".into(), &"threshold-linear".into()));
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
        keys.sort();
        keys.join(" ")
    };
    assert_eq!(
        keys(&one["orders"][0]),
        "count largest max_abs mean mean_abs order rms theory_mean theory_rms theory_typical z_mean z_rms"
    );
    assert_eq!(keys(&one["couplings"][0]), "sites value");
    let both = mattis("interactions --unit relu --encoding 01,pm1 --visible 4 --samples 3 --format json");
    let both = both.expect(0).json();
    assert_eq!((&both[0], &both[1]["encoding"]), (&one, &"pm1".into()));
    // Of given weights no ensemble is known, and beyond 24 sites nothing is enumerated.
    let given = place().run("interactions --weights m.npz --unit relu --format json").expect(0).json();
    assert!(given["orders"][0]["theory_rms"].is_null() && given["sigma"].is_null(), "{given}");
    let large = mattis("interactions --unit relu --visible 30 --order 2 --format json").expect(0).json();
    assert!(large["log_z"].is_null() && large["orders"][1]["theory_rms"].is_number(), "{large}");
}

/// Exact averages by closed forms, and of step units by an independent quadrature.
#[test]
fn random_weights_have_exact_moments() {
    let orders = |arguments: &str| {
        let run = format!("interactions --visible 5 --format json {arguments}");
        mattis(&run).expect(0).json()["orders"].as_array().expect("orders").clone()
    };
    let close = |value: &Value, expected: f64, tolerance: f64| {
        let value = value.as_f64().expect("a number");
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value}, {expected}");
    };
    let sigma = 0.8_f64;
    for (k, order) in (1..).zip(orders("--unit poisson --sigma 0.8")) {
        let (mean, square) = ((sigma * sigma / 2.0).exp(), (2.0 * sigma * sigma).exp());
        close(&order["theory_mean"], (mean - 1.0).powi(k), 1e-13);
        close(&order["theory_rms"], (square - 2.0 * mean + 1.0).powi(k).sqrt(), 1e-13);
    }
    for (k, order) in (1..).zip(orders("--unit poisson --sigma 0.8 --encoding pm1")) {
        // E sinh² and E cosh² of a normal weight; five sites.
        let (sinh, cosh) = (0.5 * (2.0 * 0.64_f64).exp_m1(), 0.5 * ((2.0 * 0.64_f64).exp() + 1.0));
        close(&order["theory_rms"], (sinh.powi(k) * cosh.powi(5 - k)).sqrt(), 1e-12);
    }
    for (order, rms) in orders("--unit step --sigma 4").iter().zip([
        2.503_040_707,
        1.334_617_017,
        0.855_959_615,
        0.859_317_985,
    ]) {
        close(&order["theory_rms"], rms, 1e-9);
    }
    // Sampled averages are compared with the exact ones, and come near.
    for order in orders("--unit linear --samples 400").iter().take(2) {
        for z in ["z_mean", "z_rms"] {
            assert!(order[z].as_f64().is_some_and(|z| z.abs() < 4.0), "{order}");
        }
    }
}

/// The same bytes for any number of threads, of small machines and of scans.
#[test]
fn threads_change_nothing() {
    for arguments in ["--unit step,poisson --visible 9 --samples 5", "--unit relu --visible 40 --hidden 3"] {
        let stdout = |threads: u32| {
            mattis(&format!("interactions {arguments} --format json --threads {threads}")).expect(0).stdout
        };
        assert_eq!(stdout(1), stdout(2), "{arguments}");
    }
}

#[test]
fn what_is_shown() {
    let scratch = place();
    let run = |options: &str| {
        scratch
            .run(&format!("interactions --weights m.npz --unit relu --format csv {options}"))
            .expect(0)
            .stdout
    };
    let kinds =
        |csv: &str, kind: &str| csv.lines().filter(|line| line.split(',').nth(3) == Some(kind)).count();
    let all = run("--list");
    assert_eq!((kinds(&all, "order"), kinds(&all, "coupling"), kinds(&all, "around")), (4, 15, 0));
    let few = run("--top 3 --order 2 --around 1");
    assert_eq!((kinds(&few, "order"), kinds(&few, "coupling"), kinds(&few, "around")), (2, 3, 3));
    assert_eq!(kinds(&run("--around 0,2"), "around"), 2);
    // The pairs of a site are those of the list.
    let value = |csv: &str, sites: &str| {
        let line = csv.lines().find(|line| line.split(',').nth(5) == Some(sites)).expect("the coupling");
        line.split(',').nth(6).and_then(|value| value.parse::<f64>().ok()).expect("a number")
    };
    for (around, pair) in [("1 0", "0 1"), ("1 2", "1 2"), ("1 3", "1 3")] {
        assert!((value(&few, around) - value(&all, pair)).abs() < 1e-14, "{pair}");
    }
    let table = scratch.run("interactions --weights m.npz --unit relu --around 1 --top 0").expect(0).stdout;
    assert!(table.contains("1 with"), "{table}");
    // The largest first.
    let found = scratch.run("interactions --weights m.npz --unit relu --format json").expect(0).json();
    let sizes: Vec<f64> = listed(&found).into_iter().map(|(_, value)| value.abs()).collect();
    assert!(sizes.len() == 10 && sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
}

#[test]
fn refusals_are_one_line() {
    let scratch = place();
    scratch.write("weights.txt", "1 2");
    scratch.write("broken.npz", "PK");
    bytes(&scratch, "flat.npy", &npy(false, "(8,)", W.as_flattened()));
    bytes(&scratch, "none.npz", &npz(&[("V", npy(false, "(1, 1)", &[1.0]))]));
    bytes(&scratch, "nan.npy", &npy(false, "(1, 1)", &[f64::NAN]));
    let parts = [("W", npy(false, "(4, 2)", W.as_flattened())), ("b", npy(false, "(3,)", &B[..3]))];
    bytes(&scratch, "short.npz", &npz(&parts));
    for (arguments, code, part) in [
        ("--weights missing.npz", 1, "missing.npz: cannot be read"),
        ("--weights weights.txt", 1, "expected the directory of a run, or a file that ends in .npz"),
        ("--weights broken.npz", 1, "expected an .npz archive"),
        ("--weights none.npz", 1, "no array W among V"),
        ("--weights flat.npy", 1, "expected two dimensions"),
        ("--weights .", 1, "expected a run with a machine"),
        ("--weights short.npz", 2, "short.npz: number of visible biases = 3: expected 4"),
        ("--weights nan.npy", 2, "expected a finite number"),
        ("--weights m.npz --unit exponential-density", 2, "where its measure is finite"),
        ("--weights m.npz --around 4", 2, "site = 4: expected a number below N = 4"),
        ("--weights m.npz --around 0,1,2", 2, "expected 1 or 2"),
        ("--unit step --visible 30 --order 4", 2, "expected at most 3 with 30 visible units"),
        ("--unit step --visible 30 --encoding pm1", 2, "expected 01 with 30 visible units"),
        ("--unit step --sigma NaN", 2, "sigma = NaN: expected a finite number"),
        ("--unit step --sigma=-1", 2, "expected 0, or a number from"),
        // e^{qW} beyond the largest number is neither infinite nor 0.
        ("--unit poisson --mean 50 --visible 16 --samples 1 --order 8", 1, "beyond the largest number"),
    ] {
        let ran = scratch.run(&format!("interactions {arguments}")).expect(code);
        assert!(ran.stderr.contains(part), "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments}");
    }
    let ran = mattis("interactions --weights m.npz --sigma 2").expect(2);
    assert!(ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
    // A unit for hidden layers in a network, which names this command.
    let ran = mattis("solve --unit poisson --alpha 0.02 -T 0.3").expect(1);
    assert!(ran.stderr.contains("`mattis interactions`"), "{}", ran.stderr);
}

/// Moments that are too large are unknown and not 0, and no order of them is said to be larger.
#[test]
fn moments_beyond_the_largest_number_are_unknown() {
    let arguments = "interactions --unit poisson --sigma 20 --visible 4 --order 2 --samples 1 --seed 1";
    let found = mattis(&format!("{arguments} --format json")).expect(0).json();
    assert!(found["orders"][1]["theory_rms"].is_null(), "{found}");
    let table = mattis(arguments).expect(0).stdout;
    assert!(table.contains("rms n/a") && !table.contains("rms no,"), "{table}");
}

/// A page of the book as it was run: what stands behind `$` gives the lines that follow.
#[test]
fn quoted_outputs_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("book/src/interactions.md")).expect("a page");
    let mut checked = 0;
    for block in page.split("```text\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        let (first, quoted) = block.split_once('\n').expect("a command and its output");
        let arguments = first.strip_prefix("$ mattis ").expect("a command");
        let ran = run_at_root(root, arguments).expect(0);
        let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert_eq!(trimmed(quoted).trim(), trimmed(&ran.stdout).trim(), "{arguments}");
        checked += 1;
    }
    assert!(checked >= 2, "outputs in the book");
}

/// A coupling of the book by the alternating sum: step units, the weights from the directory of the run.
#[test]
fn couplings_of_the_book_by_the_alternating_sum() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = Scratch::new();
    let out = scratch.path().join("out");
    let arguments =
        "interactions --weights book/weights.npz --unit step --order 3 --around 7,30 --format json";
    let found = run_at_root(root, &format!("{arguments} --out {}", out.display())).expect(0).json();
    let machine: Value =
        serde_json::from_slice(&std::fs::read(out.join("machine.json")).expect("a machine")).expect("JSON");
    let number = |value: &Value| value.as_f64().expect("a number");
    let energy = |sites: &[usize]| -> f64 {
        let hidden = machine["hidden_bias"].as_array().expect("biases").iter().enumerate();
        hidden
            .map(|(h, c)| {
                let field: f64 = sites.iter().map(|i| number(&machine["weights"][*i][h])).sum();
                softplus(number(c) + field)
            })
            .sum::<f64>()
            + sites.iter().map(|i| number(&machine["visible_bias"][*i])).sum::<f64>()
    };
    let sum = |sites: &[usize]| -> f64 {
        let subset = |mask: usize| {
            let chosen: Vec<usize> =
                (0..sites.len()).filter(|i| (mask >> i) & 1 == 1).map(|i| sites[i]).collect();
            if (sites.len() - chosen.len()).is_multiple_of(2) { energy(&chosen) } else { -energy(&chosen) }
        };
        (0..1 << sites.len()).map(subset).sum()
    };
    for coupling in found["couplings"].as_array().expect("couplings") {
        let sites: Vec<usize> = coupling["sites"]
            .as_array()
            .expect("sites")
            .iter()
            .map(|i| i.as_u64().unwrap_or(99) as usize)
            .collect();
        assert!((number(&coupling["value"]) - sum(&sites)).abs() < 1e-13, "{coupling}");
    }
    let around = found["around"]["values"].as_array().expect("values");
    assert!(around[7].is_null() && around[30].is_null() && around.len() == 40);
    for (site, value) in around.iter().enumerate().filter(|(_, value)| !value.is_null()) {
        assert!((number(value) - sum(&[7, 30, site])).abs() < 1e-13, "{site}");
    }
    assert_eq!(found["orders"][2]["count"], 9880);
}

/// Runs the program where `book/` is.
fn run_at_root(root: &Path, arguments: &str) -> Ran {
    let mut command = Scratch::new().command(arguments);
    Ran::new(command.current_dir(root).output().expect("the program starts"))
}
