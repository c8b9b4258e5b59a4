//! Branches and their events against the boundaries that are followed in two parameters.

use std::sync::OnceLock;

use mattis_model::Model;
use mattis_model::record::PhaseRecord;
use mattis_theory::{Axis, Branch, BranchPoint, Event, Guess, PhaseRequest, ReplicaSymmetric, phase_diagram};

use crate::support::{Findings, control};

/// The boundaries of the Hopfield model where this file needs them.
fn hopfield() -> &'static PhaseRecord {
    static RECORD: OnceLock<PhaseRecord> = OnceLock::new();
    RECORD.get_or_init(|| {
        let request = PhaseRequest { alphas: Some(vec![0.03, 0.1]), temperatures: Some(vec![0.05, 0.25]) };
        phase_diagram(&Model::hopfield(), &request).expect("a diagram")
    })
}

/// The point of a line at a load or temperature: (α, T, m).
fn on_line(
    record: &PhaseRecord,
    name: &str,
    alpha: Option<f64>,
    temperature: Option<f64>,
) -> (f64, f64, f64) {
    let line = record.lines.iter().find(|line| line.name == name).expect("the line");
    let here = line.points.iter().find(|point| {
        alpha.is_none_or(|alpha| point.alpha == Some(alpha))
            && temperature.is_none_or(|t| point.temperature == t)
    });
    let point = here.unwrap_or_else(|| panic!("{name} has no point at {alpha:?}, {temperature:?}"));
    (point.alpha.expect("α"), point.temperature, point.m.expect("m"))
}

fn follow(model: &Model, start: (f64, f64, Guess), axis: Axis, event: Event, down: bool) -> Branch {
    let theory = ReplicaSymmetric::new(model).expect("a theory");
    let point = theory.start(control(Some(start.0), start.1), start.2).expect("a start");
    let request = theory.follow(point, axis).until(event);
    let request = if down { request.downwards() } else { request };
    request.run().expect("a branch")
}

fn compare(findings: &mut Findings, what: &str, found: Option<&BranchPoint>, wanted: (f64, f64, f64)) {
    let of = |f: &dyn Fn(&BranchPoint) -> f64| found.map(f);
    findings.close(&format!("{what}: α"), of(&|point| point.control.alpha()), wanted.0, 1e-13);
    let relative = 1e-11 * wanted.1;
    findings.close(&format!("{what}: T"), of(&|point| point.control.temperature), wanted.1, relative);
    // At a fold the overlap carries only half of the digits of the control.
    findings.close(&format!("{what}: m"), of(&|point| point.state.m[0]), wanted.2, 1e-7);
}

#[test]
fn folds_along_both_axes() {
    let mut findings = Findings::default();
    let (model, record) = (Model::hopfield(), hopfield());
    for t in [0.05, 0.25] {
        let branch = follow(&model, (0.02, t, Guess::Retrieval), Axis::Load, Event::Fold, false);
        compare(&mut findings, "load", branch.fold(), on_line(record, "retrieval_spinodal", None, Some(t)));
    }
    for alpha in [0.03, 0.1] {
        let start = (alpha, 0.1, Guess::Retrieval);
        let branch = follow(&model, start, Axis::Temperature, Event::Fold, false);
        compare(
            &mut findings,
            "temperature",
            branch.fold(),
            on_line(record, "retrieval_spinodal", Some(alpha), None),
        );
    }
    for t in [0.05, 0.25] {
        let branch = follow(&model, (0.002, t, Guess::Mixture(3)), Axis::Load, Event::Fold, false);
        compare(&mut findings, "mixture", branch.fold(), on_line(record, "mixture_3", None, Some(t)));
    }
    findings.settle(18);
}

#[test]
fn equal_free_energies() {
    let mut findings = Findings::default();
    let (model, record) = (Model::hopfield(), hopfield());
    let start = (0.03, 0.3, Guess::Retrieval);
    let branch = follow(&model, start, Axis::Temperature, Event::EqualFreeEnergy, false);
    let wanted = on_line(record, "first_order", Some(0.03), None);
    compare(&mut findings, "temperature", branch.event(Event::EqualFreeEnergy), wanted);
    let branch = follow(&model, (0.01, 0.25, Guess::Retrieval), Axis::Load, Event::EqualFreeEnergy, false);
    let wanted = on_line(record, "first_order", None, Some(0.25));
    compare(&mut findings, "load", branch.event(Event::EqualFreeEnergy), wanted);
    findings.settle(6);
}

#[test]
fn vanishing_replicon() {
    let mut findings = Findings::default();
    let start = (0.1, 0.05, Guess::Retrieval);
    let branch = follow(&Model::hopfield(), start, Axis::Temperature, Event::RepliconZero, true);
    let wanted = on_line(hopfield(), "retrieval_at", Some(0.1), None);
    let found = branch.event(Event::RepliconZero);
    compare(&mut findings, "temperature", found, wanted);
    findings.close("Λ", found.and_then(|point| point.state.replicon), 0.0, 1e-9);
    findings.settle(4);
}

/// Three-state units, whose reaction Γ moves along the branch.
#[test]
fn three_state_fold() {
    let mut findings = Findings::default();
    let unit = "three-state:crystal-field=0.2".parse().expect("a unit");
    let model = Model::hopfield().with_unit(unit);
    let request = PhaseRequest { alphas: None, temperatures: Some(vec![0.3]) };
    let record = phase_diagram(&model, &request).expect("a diagram");
    let branch = follow(&model, (0.005, 0.3, Guess::Retrieval), Axis::Load, Event::Fold, false);
    compare(&mut findings, "load", branch.fold(), on_line(&record, "retrieval_spinodal", None, Some(0.3)));
    findings.settle(3);
}

/// Above T = 0.4834 no fold of the n = 3 branch leads back to T = 0, yet it still has one:
/// existence at T = 0.5 up to α = 0.00107508.
#[test]
fn mixture_fold_beyond_the_cusp() {
    let mut findings = Findings::default();
    let start = (2e-4, 0.5, Guess::Mixture(3));
    let branch = follow(&Model::hopfield(), start, Axis::Load, Event::Fold, false);
    let found = branch.fold().map(|point| point.control.alpha());
    findings.close("α_M of the 3-mixture", found, 0.00107508, 1e-8);
    findings.settle(1);
}

#[test]
fn a_branch_is_a_curve_of_solutions() {
    let branch = follow(&Model::little(), (0.02, 0.3, Guess::Retrieval), Axis::Load, Event::Fold, false);
    assert!(branch.points.len() > 3);
    assert!(branch.points.iter().all(|point| point.state.residual < 1e-12));
    let fold = branch.fold().expect("retrieval ends in a fold").control.alpha();
    assert!(branch.points.iter().all(|point| point.control.alpha() <= fold + 1e-12));
    assert!(branch.points[0].state.locally_stable);
}
