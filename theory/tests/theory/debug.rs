use mattis_theory::closure::*;
use mattis_theory::*;
use crate::support::*;
#[test]
fn debug() {
    for (u, d) in [("ising", "zero"), ("three-state:crystal-field=0.2", "zero"), ("three-state:crystal-field=0.2", "kept"), ("three-state:crystal-field=0.2", "0.3"), ("three-state:crystal-field=0.5", "0")] {
        for up in ["sequential", "parallel"] {
            let th = ReplicaSymmetric::new(&variant(u, 0.0, d, up)).unwrap();
            for a in [0.02, 0.05, 0.2, 1.0] {
                print!("{u} {d} {up} {a}:");
                for t in [0.3, 0.1, 0.03, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5, 0.0] {
                    match th.solve(control(Some(a), t), Guess::SpinGlass) { Ok(s) => print!(" {:.6}", s.chi), Err(_) => print!(" -{}", u8::from(th.closure().paramagnet(Point{alpha:a,temperature:t}).is_some())) }
                }
                println!();
            }
        }
    }
    let th = ReplicaSymmetric::new(&variant("three-state:crystal-field=0.2", 0.0, "zero", "sequential")).unwrap();
    for a in [1e-4, 5e-4, 0.001, 0.002, 0.003, 0.004, 0.006] {
        for t in [0.0, 0.02, 0.05, 0.08, 0.1, 0.12] { print!(" {:?}", th.solve(control(Some(a), t), Guess::Mixture(3)).map(|s| s.m[0]).unwrap_or(-1.0)); }
        println!();
    }
}
