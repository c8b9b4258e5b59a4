//! Lattices that are solved exactly, against independent numbers and limits.
//!
//! The tables are in forty-digit arithmetic from the defining sums and integrals, with derivatives by
//! differences; each takes T as the double that is written.

use mattis_model::solved::ExactKind;

use crate::exact_models::{first, near, solve};
use crate::support::Findings;

/// T, f, u, S, C, m; ln Z by quadrature of the elliptic integrand, u and C by differences of it.
#[rustfmt::skip]
const SQUARE: [[f64; 6]; 11] = [
    [0.5, -2.000000056305367, -1.9999990988116572, 1.9149874202209295e-6, 2.8852552716246463e-5,
     0.9999997746272086],
    [1.0, -2.0003482837007103, -1.9971602041122511, 0.0031880795884591537, 0.023379564686542134,
     0.9992757519570612],
    [1.5, -2.0084431854243077, -1.9511165730783768, 0.038217741563953744, 0.1972745401769916,
     0.9864996026214945],
    [2.0, -2.0515856253898352, -1.745564575312554, 0.1530105250386406, 0.7248714486015739,
     0.911319377877496],
    [2.25, -2.1039987259546113, -1.4631027325870891, 0.28484266371889877, 2.0530770253887187,
     0.6718540266832795],
    [2.269, -2.1095943898524667, -1.4151110871267878, 0.30607461556883153, 4.348725776572849,
     0.3768892264219394],
    [2.27, -2.109901458786374, -1.410864432989398, 0.30794582634228007, 3.616401938544284, 0.0],
    [2.5, -2.1984095519373703, -1.106079203745791, 0.4369321392766318, 0.8616983568307637, 0.0],
    [3.0, -2.447648195573164, -0.8173095925024202, 0.5434462010235813, 0.4013795758959259, 0.0],
    [10.0, -7.0323124228583245, -0.20337739109735564, 0.6828935031760969, 0.021022315788654312,
     0.0],
    [1000.0, -693.1481805607787, -0.0020000033333376, 0.6931461805574453, 2.0000100000213336e-6,
     0.0],
];

#[test]
fn square_lattice() {
    let mut findings = Findings::default();
    for [t, f, u, s, c, m] in SQUARE {
        let point = solve("onsager", t);
        let state = &point.states[0];
        let at = |what: &str| format!("{what} at T = {t}");
        near(&mut findings, &at("f"), Some(state.free_energy), f, 4e-16);
        near(&mut findings, &at("u"), Some(state.energy), u, 2e-15);
        near(&mut findings, &at("S"), Some(state.entropy), s, 5e-14);
        near(&mut findings, &at("C"), state.heat_capacity, c, 1e-12);
        near(&mut findings, &at("m"), state.m.first().copied(), m, 1e-15);
        let critical = point.critical_temperature.expect("infinite");
        assert_eq!(state.kind == ExactKind::Ferromagnet, t < critical);
        assert_eq!(point.states.len(), 1);
    }
    // Fifteen digits at decimal temperatures: the rounding of T counts, as m ∝ (T_c − T)^{1/8}.
    for (t, m) in [
        (1.0, 0.999275751957062),
        (1.5, 0.986499602621494),
        (2.0, 0.911319377877496),
        (2.2, 0.784755131383922),
        (2.25, 0.671854026683280),
        (2.26, 0.613370806862933),
    ] {
        findings.close(
            &format!("m({t})"),
            first("ising-2d", t).m.first().copied(),
            m,
            1e-15 + 2.2e-16 * m / (8.0 * (2.269 - t)),
        );
    }
    for (t, u) in [
        (1.5, -1.951116573078377),
        (2.0, -1.745564575312554),
        (2.5, -1.106079203745791),
        (3.0, -0.817309592502420),
    ] {
        findings.close(&format!("u({t})"), Some(first("onsager", t).energy), u, 1e-15);
    }
    findings.settle(65);
}

#[test]
fn the_critical_point_of_the_square_lattice() {
    let critical = solve("onsager", 1.0).critical_temperature.expect("infinite");
    let mut findings = Findings::default();
    near(&mut findings, "T_c", Some(critical), 2.269185314213022, 2e-16);
    near(&mut findings, "1/T_c", Some(1.0 / critical), 0.4406867935097715, 3e-16);
    let at = first("onsager", critical);
    near(&mut findings, "f", Some(at.free_energy), -2.1096511446082076, 4e-16);
    near(&mut findings, "u", Some(at.energy), -std::f64::consts::SQRT_2, 2e-16);
    assert_eq!((at.m[0], at.heat_capacity, at.correlation_length), (0.0, None, None));
    // Both sides run into it: C diverges like −ln|1 − T/T_c|, m like its eighth root, f and u are continuous.
    for t in [critical * (1.0 - 1e-9), critical * (1.0 + 1e-9)] {
        let state = first("onsager", t);
        findings.close(
            "f beside T_c",
            Some(state.free_energy),
            at.free_energy + at.entropy * (critical - t),
            1e-15,
        );
        findings.close("u beside T_c", Some(state.energy), at.energy, 3e-8);
        // C = (8/π) K² [−ln|1 − T/T_c| + ln(√2/K) − 1 − π/4] = −0.4945 ln|1 − T/T_c| − 0.3063.
        let k = 1.0 / critical;
        let amplitude = 8.0 / std::f64::consts::PI * k * k;
        let log = amplitude
            * (-(1e-9f64).ln() + (std::f64::consts::SQRT_2 / k).ln() - 1.0 - std::f64::consts::FRAC_PI_4);
        findings.close("C beside T_c", state.heat_capacity, log, 1e-6);
    }
    // m⁸ → 8√2 (2J/T_c) (1 − T/T_c)·…: slope of 1 − s⁻⁴ with s = sinh 2K.
    let m = first("onsager", critical * (1.0 - 1e-9)).m[0];
    near(&mut findings, "m near T_c", Some(m.powi(8)), 4.0 * 2f64.sqrt() * 2.0 / critical * 1e-9, 1e-6);
    findings.settle(11);
}

/// Model, T, f, u, S, C, m, χ, ξ; from the eigenvalues, derivatives by differences.
#[rustfmt::skip]
const CHAIN: [(&str, f64, [f64; 7]); 6] = [
    ("ising-chain", 0.5, [-1.009074963958905, -0.9640275800758169, 0.09009476776617598,
     0.2826032994126579, 0.0, 109.19630006628846, 27.296022136966563]),
    ("ising-chain:h=0.3", 1.0, [-1.3210521990614383, -1.1944078860919238, 0.1266443129695145,
     0.5137189542655458, 0.9138194217679405, 0.5173821692482412, 1.5137986265555776]),
    ("ising-chain:h=0.01", 0.25, [-1.0100003377868982, -1.0099942440418623, 2.4374980144336035e-5,
     0.0003936732565472487, 0.9999648533607786, 0.007032705640156873, 12.499560198229641]),
    ("ising-chain:neurons=7", 1.0, [-1.1467219589930355, -0.8329434299711967, 0.31377852902183867,
     0.5117304745837421, 0.0, 5.4769615522131305, 3.6718609325109512]),
    ("ising-chain:neurons=12:h=0.2", 0.4, [-1.200010772664467, -1.1998751553516998,
     0.0003390432819187861, 0.0036411911833189444, 0.9999041406030186, 0.0016405671750455162,
     0.9999017681934617]),
    ("ising-chain:neurons=5:h=-1", 3.0, [-2.542120669377945, -1.040967026212739, 0.5003845477217352,
     0.42164736006807857, -0.5502167332294992, 0.39944174716777087, 0.7498780263210814]),
];

#[test]
fn chain() {
    let mut findings = Findings::default();
    for (model, t, [f, u, s, c, m, chi, xi]) in CHAIN {
        let state = first(model, t);
        let at = |what: &str| format!("{what} of {model} at T = {t}");
        near(&mut findings, &at("f"), Some(state.free_energy), f, 5e-16);
        near(&mut findings, &at("u"), Some(state.energy), u, 5e-15);
        near(&mut findings, &at("S"), Some(state.entropy), s, 1e-12);
        near(&mut findings, &at("C"), state.heat_capacity, c, 1e-12);
        near(&mut findings, &at("m"), state.m.first().copied(), m, 1e-14);
        near(&mut findings, &at("chi"), state.chi, chi, 1e-12);
        near(&mut findings, &at("xi"), state.correlation_length, xi, 1e-12);
    }
    // Cold: χ of a finite ring is N/T, of the infinite one beyond doubles; a field freezes it.
    near(&mut findings, "χ, cold ring", first("ising-chain:neurons=50", 0.001).chi, 5e4, 1e-15);
    near(&mut findings, "χ, cool ring", first("ising-chain:neurons=50", 0.06).chi, 50.0 / 0.06, 1e-9);
    assert_eq!(first("ising-chain", 0.001).chi, None);
    assert_eq!(first("ising-chain:h=0.5", 0.001).m, [1.0]);
    for (model, m, entropy) in [
        ("ising-chain", 1.0, 0.0),
        ("ising-chain:h=-0.3", -1.0, 0.0),
        ("ising-chain:neurons=10", 0.0, std::f64::consts::LN_2 / 10.0),
    ] {
        let state = first(model, 0.0);
        assert_eq!((state.m[0], state.entropy, state.energy), (m, entropy, state.free_energy), "{model}");
        findings.close(
            model,
            Some(first(model, 1e-3).free_energy),
            state.free_energy - 1e-3 * entropy,
            1e-15,
        );
    }
    // T → ∞: f → −T ln 2, u → −1/T, C → 1/T².
    let hot = first("ising-chain", 1e4);
    near(&mut findings, "u, hot", Some(hot.energy), -1e-4 + 1e-12 / 3.0, 1e-12);
    near(&mut findings, "C, hot", hot.heat_capacity, 1e-8 - 1e-16, 1e-12);
    findings.settle(48);
}

/// z, T, f, u, S, C, m, χ; Bethe's free energy, derivatives by differences.
#[rustfmt::skip]
const TREE: [[f64; 8]; 9] = [
    [3.0, 0.18204784532536747, -1.5000000000000009, -1.499999999999971, 1.64939160181615e-13,
     5.276104472125042e-12, 0.9999999999999903, 1.0672863047293965e-13],
    [3.0, 0.9102392266268374, -1.5015136536355396, -1.4892857142857143, 0.013433764434806471,
     0.08562563928621916, 0.9959100033104786, 0.013452395371446244],
    [3.0, 1.4563827626029398, -1.540721870119275, -1.288892612702382, 0.17291419802772712,
     0.8288173756241852, 0.8871428351996554, 0.6089055064474926],
    [3.0, 1.729454530590991, -1.6144705773807846, -0.9407690965318193, 0.3895456451339876,
     1.8385394641430155, 0.5575379640299168, 7.0926736719169865],
    [3.0, 1.818657974800421, -1.6537462790003161, -0.7543146862206537, 0.49455785818021436,
     2.3639973529940432, 0.08595636277517281, 496.578698562828],
    [4.0, 2.3083120654223412, -2.108973331196107, -1.530225228124635, 0.2507235099365047,
     0.9739353377546307, 0.8371860758042765, 0.44242621343780425],
    [4.0, 2.8825046916961488, -2.338179897495633, -0.6728167805654213, 0.577748623177527,
     2.1275914680975685, 0.07437423371076796, 248.78965899137773],
    [6.0, 2.4663034623764317, -3.0210333468860573, -2.8910187390149584, 0.05271638703609568,
     0.23745180846144456, 0.9809855432731508, 0.019239048027390595],
    [6.0, 4.92767431782811, -3.717944469426613, -0.6093292961549469, 0.6308483419906288,
     1.8887950869628356, 0.06611768793542436, 124.56066567028904],
];

#[test]
fn bethe_lattice() {
    let mut findings = Findings::default();
    for [z, t, f, u, s, c, m, chi] in TREE {
        let point = solve(&format!("bethe:z={z}"), t);
        let state = &point.states[0];
        let at = |what: &str| format!("{what} of z = {z} at T = {t}");
        // Terms of f cancel in T z ln 2, those of S in e^{−2J/T}.
        findings.close(&at("f"), Some(state.free_energy), f, 2e-16 * (f.abs() + t * z));
        near(&mut findings, &at("u"), Some(state.energy), u, 5e-15);
        findings.close(&at("S"), Some(state.entropy), s, 1e-13 * s + 1e-15 * (-2.0 / t).exp());
        // Close to T_c the distance from it, 1 − (z − 1) tanh K, has lost three digits.
        let lost = 2e-16 / (1.0 - t / point.critical_temperature.expect("infinite"));
        near(&mut findings, &at("C"), state.heat_capacity, c, 2e-13 + 4.0 * lost);
        near(&mut findings, &at("m"), state.m.first().copied(), m, 2e-15 + lost);
        near(&mut findings, &at("chi"), state.chi, chi, 2e-13 + 4.0 * lost);
        assert!(state.locally_stable && !point.states[1].locally_stable);
        assert!(point.states[1].free_energy > state.free_energy);
    }
    for (z, tc) in [(3, 1.820478453253675), (4, 2.885390081777927), (6, 4.932606924752863)] {
        let critical = solve(&format!("bethe:z={z}"), 1.0).critical_temperature;
        findings.close("T_c", critical, tc, 1e-15 * tc);
        let at = solve(&format!("bethe:z={z}"), critical.expect("infinite"));
        assert_eq!((at.states.len(), at.states[0].chi, at.states[0].m[0]), (1, None, 0.0));
    }
    let cold = solve("bethe:z=3:j=2", 0.0);
    assert_eq!((cold.states[0].m[0], cold.states[0].free_energy), (1.0, -3.0));
    findings.close("S", Some(first("bethe:z=3:j=2", 0.002).entropy), 0.0, 0.0);
    let (paramagnet, warm) = (&cold.states[1], solve("bethe:z=3:j=2", 0.002));
    findings.close("S, cold paramagnet", Some(warm.states[1].entropy), paramagnet.entropy, 1e-15);
    // The paramagnet: u = −(zJ/2) tanh K, χ = β(1 + t)/(1 − (z − 1)t).
    let (t, hot) = ((1.0f64 / 3.0).tanh(), first("bethe:z=3", 3.0));
    near(&mut findings, "u", Some(hot.energy), -1.5 * t, 1e-15);
    near(&mut findings, "χ", hot.chi, (1.0 + t) / (1.0 - 2.0 * t) / 3.0, 1e-15);
    // z = 2 would be the chain; many weak neighbours are the Curie–Weiss model.
    let many = first("bethe:z=1000:j=0.001", 0.5).m[0];
    findings.close("z → ∞", Some(many), 0.9575040240772688, 1e-3);
    findings.settle(60);
}
