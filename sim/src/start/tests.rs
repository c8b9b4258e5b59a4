use super::*;

/// Levels nearest to the values of memories, the lower of two; on an interval what the value drives.
#[test]
fn values_have_nearest_levels() {
    for (value, binary, spin, three) in [
        (0.0, 0, 0, 1),
        (1.0, 1, 1, 2),
        (0.5, 0, 1, 1),
        (0.1 + 0.4, 0, 1, 1),
        (2.0 / 9.0, 0, 1, 1),
        (5.0 / 9.0, 1, 1, 2),
        (1.5, 1, 1, 2),
        (-0.6, 0, 0, 0),
    ] {
        let aim = Aim::Near(value);
        let found = (aim.level(&[0.0, 1.0]), aim.level(&[-1.0, 1.0]), aim.level(&[-1.0, 0.0, 1.0]));
        assert_eq!(found, (binary, spin, three), "{value}");
        assert_eq!(aim.value((-1.0, 1.0), f64::tanh), value.tanh());
    }
}

/// At an overlap m a memory of 0s and 1s keeps its activity f, and (1/N) Σ (ξ − f) s is m f (1 − f), at four
/// standard errors.
#[test]
fn overlaps_keep_the_activity() {
    let mut model = mattis_model::Model::hopfield();
    model.patterns = "sparse".parse().unwrap();
    model.rule = "covariance".parse().unwrap();
    let (neurons, source) = (40_000, Source { seed: 8, sample: 1 });
    let memories = Arc::new(RealMemories::draw(&model, neurons, 2, source).unwrap());
    for m in [0.0, 0.6, 1.0] {
        let aims = Start::Overlap { m }.aims(neurons, &Stored::Values(Arc::clone(&memories)), source, 0);
        let s = aims.iter().map(|aim| f64::from(aim.level(&[0.0, 1.0])));
        let (mut activity, mut overlap) = (0.0, 0.0);
        for (site, s) in s.enumerate() {
            activity += s / neurons as f64;
            overlap += memories.component(0, site) * s / neurons as f64;
        }
        let error = 0.3 / (neurons as f64).sqrt();
        assert!((activity - 0.1).abs() < 4.0 * error, "{m}: {activity}");
        assert!((overlap - 0.09 * m).abs() < 4.0 * error, "{m}: {overlap}");
    }
}

#[test]
fn starts_print_as_they_parse() {
    for text in [
        "pattern",
        "mixture:n=3",
        "mixture:n=2",
        "random",
        "overlap:m=0.3",
        "overlap:m=-1",
        "cue:share=0.6",
        "cue:share=1",
    ] {
        assert_eq!(text.parse::<Start>().unwrap().to_string(), text);
    }
    for text in [
        "mixture:n=1",
        "mixture:n=-3",
        "cue",
        "cue:share=1.01",
        "cue:m=0.5",
        "overlap:m=1.5",
        "overlap:m=nan",
        "patern",
        "overlap",
        "random:n=1",
    ] {
        let message = text.parse::<Start>().unwrap_err().to_string();
        assert!(
            !message.contains('\n') && message.contains("expected") || message.contains("is not"),
            "{message}"
        );
    }
    assert!(Start::Pattern.validate(0).is_err());
    assert!(Start::Mixture { n: 5 }.validate(3).is_err());
    assert!(Start::Cue { share: 0.5 }.validate(1).is_err());
    assert!(Start::Random.validate(0).is_ok());
}
