use mattis_theory::*;
use crate::support::*;
#[test]
fn debug() {
    let r = phase_diagram(&model("hopfield"), &PhaseRequest::default()).unwrap();
    for l in &r.lines { println!("{} {} {:?} {:?}", l.name, l.points.len(), l.points.first(), l.points.last()); }
    for p in r.lines.iter().find(|l| l.name == "mixture_3").unwrap().points.iter() { println!("{:?} {:?} {:?}", p.alpha, p.temperature, p.m); }
}
