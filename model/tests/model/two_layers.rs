//! The specification of two layers: files, defaults and refusals.

use mattis_model::TwoLayers;

#[test]
fn a_file_says_what_differs_from_the_hopfield_model() {
    let read = |text: &str| toml::from_str::<TwoLayers>(text);
    assert_eq!(read("").expect("defaults"), TwoLayers::HOPFIELD);
    let mixed = TwoLayers { visible: 0.5, hidden: 0.25, weights: 0.75 };
    assert_eq!(read("visible = 0.5\nhidden = 0.25\nweights = 0.75").expect("three numbers"), mixed);
    let text = toml::to_string(&mixed).expect("plain data");
    assert_eq!(read(&text).expect("what was written"), mixed);
    assert!(read("layers = 3").is_err());
}

#[test]
fn laws_beyond_boolean_and_gaussian_are_refused() {
    assert_eq!(TwoLayers::HOPFIELD.validate(), Ok(()));
    for omega in [-0.1, 1.5, f64::NAN] {
        for part in 0..3 {
            let mut omegas = [0.5; 3];
            omegas[part] = omega;
            let [visible, hidden, weights] = omegas;
            let error = TwoLayers { visible, hidden, weights }.validate().expect_err("out of range");
            let name = ["visible", "hidden", "weights"][part];
            assert!(error.to_string().starts_with(&format!("Ω of the {name}")), "{error}");
        }
    }
}
