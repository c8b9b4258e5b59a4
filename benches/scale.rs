//! Time and memory against size, load and threads, as a table and as a figure: the workload of `mattis simulate`
//! at T = 0.2 near a memory. Every case is a process of its own, so that its peak memory is its own.
//!
//! `cargo bench --bench scale -- DIR` writes `scale.svg` and `scale.png` there.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use mattis::figures::{Axis, Figure, Marker, MarkerShape, Plot, Series};
use mattis::model::{Control, Model, Update};
use mattis::sim::{Order, Simulation};

/// One run of two replicas of each sample.
#[derive(Clone, Copy)]
struct Case {
    neurons: usize,
    memories: usize,
    way: Way,
    samples: usize,
    threads: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    InTurn,
    Picked,
    AtOnce,
}

impl Way {
    const ALL: [Self; 3] = [Self::InTurn, Self::Picked, Self::AtOnce];

    fn name(self) -> &'static str {
        match self {
            Self::InTurn => "in turn",
            Self::Picked => "random order",
            Self::AtOnce => "parallel",
        }
    }
}

/// What a case took.
struct Seen {
    /// Wall-clock time of an update, in nanoseconds, with everything a run does.
    update: f64,
    seconds: f64,
    /// Peak resident memory, in bytes; 0 where the system does not tell.
    memory: f64,
}

const SIZES: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
const LOADS: [usize; 6] = [20, 50, 100, 200, 500, 1000];

/// Sweeps that take some seconds at most.
fn sweeps(case: Case) -> usize {
    (40_000_000 / (case.neurons * case.samples)).clamp(10, 2000)
}

/// The run itself: prints seconds and peak memory.
fn run(case: Case) -> Result<(), Box<dyn Error>> {
    let update: Update = if case.way == Way::AtOnce { "parallel" } else { "sequential" }.parse()?;
    let order = if case.way == Way::InTurn { Order::Sweep } else { Order::Random };
    let simulation = Simulation::new(&Model::hopfield().with_update(update))
        .at(Control::new(case.memories as f64 / case.neurons as f64, 0.2))
        .sizes([case.neurons])
        .samples(case.samples)
        .order(order)
        .burn_in(0)
        .sweeps(sweeps(case));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(case.threads).build()?;
    let start = Instant::now();
    let record = pool.install(|| simulation.run())?;
    let seconds = start.elapsed().as_secs_f64();
    assert!(record.points[0].observable("m").and_then(|m| m.value).is_some_and(|m| m > 0.9));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: f64 =
        peak.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0.0);
    println!("{seconds} {}", kibibytes * 1024.0);
    Ok(())
}

/// A case in a process of its own.
fn seen(case: Case) -> Result<Seen, Box<dyn Error>> {
    let way = Way::ALL.iter().position(|way| *way == case.way).unwrap_or(0);
    let numbers = [case.neurons, case.memories, way, case.samples, case.threads];
    let output = Command::new(env::current_exe()?)
        .arg("case")
        .args(numbers.map(|number| number.to_string()))
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let (Some(Ok(seconds)), Some(Ok(memory))) = (numbers.next(), numbers.next()) else {
        return Err(format!("a case failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    };
    let updates = 2 * case.neurons * case.samples * sweeps(case);
    Ok(Seen { update: 1e9 * seconds / updates as f64, seconds, memory })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().is_some_and(|first| first == "case") {
        let numbers: Vec<usize> = arguments[1..].iter().map(|n| n.parse()).collect::<Result<_, _>>()?;
        let [neurons, memories, way, samples, threads] = numbers[..] else {
            return Err("five numbers".into());
        };
        return run(Case { neurons, memories, way: Way::ALL[way], samples, threads });
    }
    let (mut time, mut load, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    println!(
        "{:>9} {:>6} {:>14} {:>8} {:>10} {:>10} {:>8}",
        "N", "p", "updates", "threads", "ns/update", "seconds", "MiB"
    );
    let tell = |case: Case| -> Result<Seen, Box<dyn Error>> {
        let seen = seen(case)?;
        println!(
            "{:>9} {:>6} {:>14} {:>8} {:>10.2} {:>10.3} {:>8.0}",
            case.neurons,
            case.memories,
            case.way.name(),
            case.threads,
            seen.update,
            seen.seconds,
            seen.memory / f64::from(1 << 20)
        );
        Ok(seen)
    };
    for (way, shape) in
        Way::ALL.into_iter().zip([MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle])
    {
        let case = |neurons, memories| Case { neurons, memories, way, samples: 1, threads: 1 };
        let (mut times, mut memories, mut loads) = (Vec::new(), Vec::new(), Vec::new());
        for neurons in SIZES {
            // More memories than this small networks do not hold.
            let seen = tell(case(neurons, 500.min(neurons / 20)))?;
            times.push((neurons as f64, seen.update));
            memories.push((neurons as f64, seen.memory / f64::from(1 << 20)));
        }
        for count in LOADS {
            loads.push((count as f64, tell(case(20_000, count))?.update));
        }
        let drawn = |points| Series::points(way.name(), points).marker(Marker::filled(shape));
        time.push(drawn(times));
        load.push(drawn(loads));
        memory.push(drawn(memories));
    }
    for threads in [1, 2] {
        for way in Way::ALL {
            tell(Case { neurons: 10_000, memories: 500, way, samples: 8, threads })?;
        }
    }
    let Some(directory) = arguments.first() else { return Ok(()) };
    let panel = |title: &str, x: &str, y: &str, series: Vec<Series>| {
        series.into_iter().fold(Plot::new(title, Axis::new(x).log(), Axis::new(y).log()), Plot::with)
    };
    let figure = Figure::new(vec![
        panel("p = 500 (at most N/20)", "N", "ns per update", time),
        panel("N = 20,000", "p", "ns per update", load),
        panel("p = 500 (at most N/20)", "N", "MiB", memory),
    ]);
    for path in figure.write(Path::new(directory), "scale")? {
        println!("{}", path.display());
    }
    Ok(())
}
