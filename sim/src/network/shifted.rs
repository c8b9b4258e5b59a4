//! Networks in a field that differs from unit to unit.

use std::sync::Arc;

use super::Network;

/// A network whose units feel one more field b_i each: [`Network::field`] contains it.
#[derive(Debug, Clone)]
pub struct Shifted<N> {
    network: N,
    shifts: Arc<[f64]>,
}

impl<N: Network> Shifted<N> {
    /// b_i = Σ_{j≠i} J_ij, the postsynaptic field of ±1 units without its threshold. The network is left with
    /// every unit on its lowest level.
    pub fn by_row_sums(mut network: N) -> Self {
        // With every unit at s the field is s Σ_j J_ij.
        let largest =
            |a: &usize, b: &usize| network.levels()[*a].abs().total_cmp(&network.levels()[*b].abs());
        let level = (0..network.levels().len()).max_by(largest).unwrap_or(0);
        let value = network.levels()[level];
        let mut shifts = vec![0.0; network.neurons()];
        network.load(&vec![level as u8; shifts.len()]);
        network.fields(&mut shifts);
        for shift in &mut shifts {
            *shift /= value;
        }
        network.load(&vec![0; shifts.len()]);
        Self { network, shifts: shifts.into() }
    }

    /// b_i.
    pub fn shifts(&self) -> &[f64] {
        &self.shifts
    }
}

impl<N: Network> Network for Shifted<N> {
    fn levels(&self) -> &[f64] {
        self.network.levels()
    }

    fn states(&self) -> &[u8] {
        self.network.states()
    }

    #[inline]
    fn field(&self, site: usize) -> f64 {
        self.network.field(site) + self.shifts[site]
    }

    fn fields(&mut self, out: &mut [f64]) {
        self.network.fields(out);
        for (field, shift) in out.iter_mut().zip(&*self.shifts) {
            *field += shift;
        }
    }

    #[inline]
    fn set(&mut self, site: usize, level: u8) {
        self.network.set(site, level);
    }

    fn coupling_energy(&self) -> f64 {
        self.network.coupling_energy()
    }

    fn is_symmetric(&self) -> bool {
        self.network.is_symmetric()
    }

    fn shift_energy(&self) -> f64 {
        let levels = self.network.levels();
        let states = self.network.states();
        -states.iter().zip(&*self.shifts).map(|(state, b)| b * levels[usize::from(*state)]).sum::<f64>()
    }

    fn memories(&self) -> usize {
        self.network.memories()
    }

    fn overlaps(&self, out: &mut [f64]) {
        self.network.overlaps(out);
    }

    fn refresh(&mut self) {
        self.network.refresh();
    }
}
