//! Every option does something, and the same thing everywhere.

use crate::{Scratch, TINY, mattis};

#[test]
fn help_teaches_on_every_command() {
    let commands =
        ["", "solve", "phase", "mixtures", "interactions", "simulate", "compare", "figure", "plot", "list"];
    for command in commands {
        let help = mattis(&format!("{command} --help")).expect(0).stdout;
        for option in ["--study", "--out", "--format", "--seed", "--threads", "--quiet", "--quick", "--full"]
        {
            assert!(help.contains(option), "{command} {option}");
        }
        assert!(!help.contains("--kappa"), "an option of a later version");
    }
    assert!(mattis("simulate --help").expect(0).stdout.contains("Examples:"));
    assert!(mattis("--version").expect(0).stdout.starts_with("mattis "));
}

#[test]
fn completions_exist() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(mattis(&format!("completions {shell}")).expect(0).stdout.contains("mattis"));
    }
}

/// What a machine has decides how fast a number comes, never which number.
#[test]
fn vector_instructions_change_nothing() {
    let commands = [
        "simulate --neurons 333 --samples 2 --sweeps 20 --burn-in 0 --alpha 0.05 -T 0.4 --update sequential,parallel --format csv",
        "simulate --neurons 333 --samples 2 --sweeps 20 --burn-in 0 --alpha 0.2 -T 0.3 --connectivity extreme:inputs=20 --format csv",
        "solve --alpha 0.02:0.1:3 -T 0.2:0.4:2 --format csv",
        "interactions --visible 7 --hidden 5 --unit step --format csv",
    ];
    let scratch = Scratch::new();
    for command in commands {
        let reference = mattis(command).expect(0).stdout;
        for kind in ["portable", "avx2", "avx512"] {
            let mut limited = scratch.command(command);
            let output = limited.env("MATTIS_SIMD", kind).output().expect("the program runs");
            assert_eq!(String::from_utf8_lossy(&output.stdout), reference, "{kind}: {command}");
        }
    }
    let mut wrong = scratch.command(commands[0]);
    let output = wrong.env("MATTIS_SIMD", "sse").output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    let line = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(line.trim_end(), "mattis: MATTIS_SIMD = sse: expected portable, avx2 or avx512");
}

/// Each of these changes what is computed.
#[test]
fn every_part_of_the_model_and_protocol_matters() {
    let base = "simulate --neurons 200 --samples 2 --sweeps 20 --burn-in 0 --alpha 0.02 -T 0.5 --format csv";
    let reference = mattis(base).expect(0).stdout;
    assert_eq!(mattis(base).expect(0).stdout, reference);
    assert_eq!(mattis(&format!("{base} --threads 1")).expect(0).stdout, reference);
    for change in [
        "--seed 2",
        "--start random",
        "--start overlap:m=0.9",
        "--start mixture:n=3",
        "--dynamics metropolis",
        "--order sweep",
        "--update parallel",
        "--unit three-state",
        "--unit three-state:crystal-field=0.2",
        "--field external:h=0.3",
        "--model little",
        "--rule none:strength=1 --start random",
    ] {
        let base =
            if change.contains("--rule") { base.replace("--alpha 0.02", "") } else { base.to_string() };
        assert_ne!(mattis(&format!("{base} {change}")).expect(0).stdout, reference, "{change}");
    }
    // The neutral default, said aloud, changes nothing.
    let neutral = "--model hopfield --unit spin --patterns rademacher --rule hebb --synapse linear \
                   --connectivity full --self-coupling 0 --field none --update glauber --order random \
                   --dynamics heat-bath --start pattern --seed 1";
    assert_eq!(mattis(&format!("{base} {neutral}")).expect(0).stdout, reference);
}

#[test]
fn self_coupling_changes_parallel_updates() {
    let solve = |extra: &str| {
        mattis(&format!("solve --model little --alpha 0.05 -T 0.5 --format csv {extra}")).expect(0).stdout
    };
    assert_ne!(solve("--self-coupling kept"), solve(""));
    assert_ne!(solve("--self-coupling -0.1"), solve(""));
    assert_eq!(solve("--self-coupling zero"), solve(""));
}

#[test]
fn grids_and_lists_are_points() {
    let points = |control: &str| {
        let ran = mattis(&format!("solve {control} --format json")).expect(0);
        ran.json()["points"].as_array().unwrap().len()
    };
    assert_eq!(points("--alpha 0.01:0.03:3 -T 0.1,0.2"), 6);
    assert_eq!(points("--alpha log:0.001:0.1:4"), 4);
    assert_eq!(points("--model sk -T 0.2:1.2:6"), 6);
    assert_eq!(points("-T 0"), 1);
}

#[test]
fn flags_override_the_study() {
    let scratch = Scratch::new();
    scratch.write(
        "s.toml",
        "[model]\nname = \"little\"\n[control]\nalpha = \"0.01:0.03:3\"\ntemperature = 0.2\n[simulation]\nneurons = [100]\nsamples = 2\nsweeps = 3\nburn-in = 1\nseed = 7\n[theory]\n",
    );
    let json = scratch.run("solve --study s.toml --format json").expect(0).json();
    assert_eq!(json["points"].as_array().unwrap().len(), 3);
    assert_eq!(json["model"]["update"]["name"], "parallel");
    let json =
        scratch.run("solve --study s.toml --alpha 0.04 --update sequential --format json").expect(0).json();
    assert_eq!(json["points"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&json["points"][0]["temperature"], &json["model"]["update"]["name"]),
        (&0.2.into(), &"sequential".into())
    );
    let json = scratch.run("simulate --study s.toml --samples 3 --format json").expect(0).json();
    assert_eq!((&json["simulation"]["seed"], &json["simulation"]["samples"]), (&7.into(), &3.into()));
    let json = scratch.run("simulate --study s.toml --seed 8 --format json").expect(0).json();
    assert_eq!(json["simulation"]["seed"], 8);
}

#[test]
fn values_carry_their_errors() {
    let table = mattis(&format!("simulate {TINY}")).expect(0).stdout;
    assert!(table.contains('('), "{table}");
    let single = mattis("simulate --neurons 60 --samples 1 --sweeps 1 --burn-in 0 --alpha 0.05 -T 0.3")
        .expect(0)
        .stdout;
    assert!(single.contains("n/a"), "{single}");
}
