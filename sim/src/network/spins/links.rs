//! Couplings on a graph: a flip goes to the units that listen.

use std::sync::Arc;

use super::{Cache, Coupled};
use crate::network::{Graph, Links};

/// C J_ij on the links of a graph, integers.
#[derive(Debug, Clone)]
pub struct SignLinks {
    links: Arc<Doubled>,
}

#[derive(Debug)]
struct Doubled {
    graph: Graph,
    scale: f64,
    /// 2 C J_ij, link by link: what a flip to +1 adds to a field.
    weights: Vec<i16>,
}

impl SignLinks {
    /// The couplings of these links.
    ///
    /// # Errors
    /// The links again, where 2 C J_ij are not integers of 16 bits.
    pub fn new(links: Links) -> Result<Self, Links> {
        let Some(weights) = links.doubled() else { return Err(links) };
        let (graph, scale) = links.into_graph();
        Ok(Self { links: Arc::new(Doubled { graph, scale, weights }) })
    }

    #[inline]
    fn send(&self, unit: usize, mut with: impl FnMut(usize, i32)) {
        let Doubled { graph, weights, .. } = &*self.links;
        for (target, weight) in graph.outputs(unit).iter().zip(&weights[graph.range(unit)]) {
            with(*target as usize, i32::from(*weight));
        }
    }
}

impl Coupled for SignLinks {
    fn scale(&self) -> f64 {
        self.links.scale
    }

    fn fill(&mut self, levels: &[u8], _overlaps: &[i32], cache: &mut Cache) {
        let numbers = cache.wide();
        numbers.fill(0);
        for (unit, level) in levels.iter().enumerate() {
            let sign = 2 * i32::from(*level) - 1;
            self.send(unit, |target, weight| numbers[target] += sign * (weight / 2));
        }
    }

    #[inline]
    fn flip(&mut self, unit: usize, up: bool, cache: &mut Cache) {
        let numbers = cache.wide();
        if up {
            self.send(unit, |target, weight| numbers[target] += weight);
        } else {
            self.send(unit, |target, weight| numbers[target] -= weight);
        }
    }

    fn aligned(&self, products: impl Iterator<Item = i64>, _overlaps: &[i32]) -> i64 {
        products.sum()
    }

    fn is_symmetric(&self) -> bool {
        self.links.graph.is_symmetric()
    }
}
