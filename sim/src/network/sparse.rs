//! Couplings on a graph, local fields cached.

use std::sync::Arc;

use super::dense::dot;
use super::{Graph, Interaction, Memories, RealMemories};
use crate::SimError;
use crate::kernel::scatter::Weighted;
use crate::random::Source;
use mattis_model::Topology;

/// J_ij = (1/C) η_i·A η_j on the links of a graph and 0 elsewhere, C the mean number of inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    graph: Graph,
    scale: f64,
    /// C J_ij, link by link.
    weights: Vec<f64>,
    /// Whether they are integers.
    integer: bool,
}

impl Links {
    /// Draws the graph of a connectivity and forms the couplings of these memories on it.
    ///
    /// # Errors
    /// If it does not fit in memory, or a unit is to have more inputs than there are other units.
    pub fn draw(topology: Topology, memories: &RealMemories, source: Source) -> Result<Self, SimError> {
        let graph = Graph::draw(topology, memories.neurons(), source)?;
        let inputs = topology.inputs(memories.neurons());
        Ok(Self::new(graph, inputs, |i, j| dot(memories.row(i), memories.image(j))))
    }

    /// The same for ±1 memories, faster and with the same numbers.
    ///
    /// # Errors
    /// As [`Links::draw`].
    pub fn draw_signs(topology: Topology, memories: &Memories, source: Source) -> Result<Self, SimError> {
        let graph = Graph::draw(topology, memories.neurons(), source)?;
        let inputs = topology.inputs(memories.neurons());
        Ok(Self::new(graph, inputs, |i, j| memories.correlation(i, j) as f64))
    }

    fn new(graph: Graph, inputs: f64, product: impl Fn(usize, usize) -> f64) -> Self {
        let mut weights = Vec::with_capacity(graph.links());
        for sender in 0..graph.units() {
            // In one order of the units, so that rounding is the same in both directions.
            let weight = |target: &u32| product(sender.max(*target as usize), sender.min(*target as usize));
            weights.extend(graph.outputs(sender).iter().map(weight));
        }
        let integer = weights.iter().all(|weight| weight.fract() == 0.0);
        Self { graph, scale: 1.0 / inputs, weights, integer }
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// J_ij, the coupling from j to i; 0 where there is no link.
    pub fn coupling(&self, i: usize, j: usize) -> f64 {
        let place = self.graph.outputs(j).binary_search(&(i as u32));
        place.map_or(0.0, |place| self.weights[self.graph.range(j)][place] * self.scale)
    }

    /// C J_ij of every link, where these are integers of 31 bits.
    pub(super) fn integers(&self) -> Option<Weighted> {
        let fits = |weight: &f64| weight.abs() <= f64::from(i32::MAX / 2);
        let weights = self.weights.iter().map(|weight| *weight as i32);
        (self.integer && self.weights.iter().all(fits))
            .then(|| Weighted::new(self.graph.units(), self.graph.targets().iter().copied().zip(weights)))
    }

    /// 1/C.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// Where the links of each unit begin, and the end of all.
    pub(super) fn into_starts(self) -> Vec<usize> {
        self.graph.into_starts()
    }

    fn send(&self, sender: usize, change: f64, fields: &mut [f64]) {
        for (target, weight) in self.graph.outputs(sender).iter().zip(&self.weights[self.graph.range(sender)])
        {
            fields[*target as usize] += change * weight;
        }
    }
}

/// The interaction along links; a change of a unit moves the fields of those it sends to.
#[derive(Debug, Clone)]
pub struct Sparse {
    links: Arc<Links>,
    memories: Arc<RealMemories>,
    fields: Vec<f64>,
    /// Σ_i η_i s_i.
    sums: Vec<f64>,
    /// Whether integer values make integers of both.
    integer: bool,
}

impl Sparse {
    /// The interaction of these links, formed from these memories; every unit at 0.
    pub fn new(links: Arc<Links>, memories: Arc<RealMemories>) -> Self {
        let (fields, sums) = (vec![0.0; memories.neurons()], vec![0.0; memories.count()]);
        // Products on links may be integers, or there may be no links, where the components are not.
        let integer = links.integer && memories.is_integer();
        Self { links, memories, fields, sums, integer }
    }
}

impl Interaction for Sparse {
    fn neurons(&self) -> usize {
        self.fields.len()
    }

    #[inline]
    fn field(&self, site: usize, _own: f64) -> f64 {
        self.fields[site] * self.links.scale
    }

    fn fields_at(&self, values: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (site, value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            self.links.send(site, *value, out);
        }
        for field in out {
            *field *= self.links.scale;
        }
    }

    fn shift(&mut self, site: usize, change: f64) {
        self.links.send(site, change, &mut self.fields);
        for (sum, component) in self.sums.iter_mut().zip(self.memories.row(site)) {
            *sum += change * component;
        }
    }

    fn refresh(&mut self, values: &[f64]) {
        self.fields.fill(0.0);
        self.sums.fill(0.0);
        for (site, value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            self.shift(site, *value);
        }
    }

    fn energy(&self, values: &[f64]) -> f64 {
        -0.5 * values.iter().enumerate().map(|(i, s)| s * self.field(i, *s)).sum::<f64>()
    }

    fn is_symmetric(&self) -> bool {
        self.links.graph.is_symmetric()
    }

    fn is_integer(&self) -> bool {
        self.integer
    }

    fn memories(&self) -> usize {
        self.sums.len()
    }

    fn overlaps(&self, out: &mut [f64]) {
        let size = self.fields.len() as f64;
        for (overlap, sum) in out.iter_mut().zip(&self.sums) {
            *overlap = sum / size;
        }
    }
}
