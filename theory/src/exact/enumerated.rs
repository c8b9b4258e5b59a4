//! Everything that an enumeration of all states says about a small Hebbian network.

use mattis_model::solved::{
    Enumerated, ExactKind, ExactPoint, ExactState, Fixed, MemoryAverages, ParallelLaw, Relaxation,
};
use mattis_model::{Diagonal, Unit};

use super::solved::{at_rest, finite_state};
use super::special::known;
use super::{Dynamics, Enumeration, ExactError, Law};

/// ln of a weight that is exactly zero beside 1.
const NEVER: f64 = -1e6;

/// The network of these memories at a temperature. At T = 0 the law is uniform over the ground states, and there is
/// neither a parallel law nor a spectrum.
pub(super) fn solve(
    memories: &[Vec<f64>],
    diagonal: Diagonal,
    temperature: f64,
) -> Result<ExactPoint, ExactError> {
    let network = Enumeration::of_memories(&Unit::neutral(), memories, diagonal)?;
    let size = network.units() as f64;
    let ground = network.ground_states();
    let state = if temperature == 0.0 {
        let ceiling = ground.energy + network.energy_rounding();
        let weight = |energy: &f64| if *energy <= ceiling { 0.0 } else { NEVER };
        // The temperature of this law is not used: its weights are given.
        let law = network.law(1.0, network.energies().iter().map(weight).collect())?;
        ExactState {
            free_energy: ground.energy / size,
            energy: ground.energy / size,
            entropy: libm::log(ground.degeneracy as f64) / size,
            heat_capacity: Some(0.0),
            enumerated: Some(describe(&network, &law, memories, None)?),
            ..at_rest(ExactKind::Finite)
        }
    } else {
        let thermal = network.thermodynamics(temperature)?;
        let law = network.boltzmann(temperature)?;
        let state = ExactState {
            energy: thermal.energy / size,
            heat_capacity: known(thermal.heat_capacity / size),
            ln_z: Some(thermal.ln_z),
            enumerated: Some(describe(&network, &law, memories, Some(temperature))?),
            ..at_rest(ExactKind::Finite)
        };
        finite_state(state, size, temperature)
    };
    Ok(ExactPoint { temperature, critical_temperature: None, states: vec![state] })
}

fn describe(
    network: &Enumeration,
    law: &Law<'_>,
    memories: &[Vec<f64>],
    temperature: Option<f64>,
) -> Result<Enumerated, ExactError> {
    let overlaps = law.overlaps(memories)?;
    let ground = network.ground_states();
    let ends = network.attractors();
    let mut found = Enumerated {
        memories: overlaps
            .square
            .iter()
            .zip(&overlaps.absolute)
            .map(|(m2, abs_m)| MemoryAverages { m2: *m2, abs_m: *abs_m })
            .collect(),
        max_abs_m: overlaps.largest,
        ground_energy: ground.energy / network.units() as f64,
        ground_degeneracy: ground.degeneracy,
        fixed: Fixed {
            points: ends.fixed,
            strict: ends.strict,
            two_cycle_states: ends.two_cycle_states,
            longer_cycle_states: ends.longer_cycle_states,
            minima: ends.minima,
            strict_minima: ends.strict_minima,
        },
        parallel_law: None,
        sequential: None,
        parallel: None,
    };
    if let Some(temperature) = temperature {
        let law = network.parallel(temperature)?;
        found.parallel_law = Some(ParallelLaw {
            ln_z: law.ln_z(),
            m2: law.overlaps(memories)?.square,
            self_overlap: law.one_step_overlap(),
        });
        let relaxation = |dynamics, steps: usize| match network.spectrum(dynamics, temperature) {
            Ok(spectrum) => Ok(Some(Relaxation {
                relaxation_time: spectrum.relaxation_time().map(|time| time / steps as f64),
                lowest: spectrum.lowest,
                complete: spectrum.complete,
                detailed_balance: spectrum.detailed_balance,
                leading: spectrum.eigenvalues.into_iter().take(LEADING).collect(),
            })),
            // So cold that probabilities of states leave the range of doubles.
            Err(ExactError::Unrepresentable { .. }) => Ok(None),
            Err(error) => Err(error),
        };
        found.sequential = relaxation(Dynamics::HeatBathRandom, network.units())?;
        found.parallel = relaxation(Dynamics::HeatBathParallel, 1)?;
    }
    Ok(found)
}

/// Eigenvalues in a record.
const LEADING: usize = 6;
