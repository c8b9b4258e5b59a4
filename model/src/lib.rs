//! What is studied, never how: units, patterns, rules, control, records and the addresses of random streams.
//!
//! A [`Model`] is plain data. The two witnesses, `mattis-theory` and `mattis-sim`, read it and share
//! nothing else. What one of them cannot treat is an [`Unsupported`] value, never an approximation.

pub mod address;
pub mod big_integer;
pub mod catalogue;
pub mod connectivity;
pub mod control;
pub mod error;
pub mod field;
pub mod machine;
mod model;
pub mod order;
pub mod patterns;
pub mod record;
pub mod rule;
pub mod self_coupling;
pub mod solved;
pub mod synapse;
mod two_layers;
pub mod unit;
pub mod update;

pub use catalogue::{Catalogued, Choice};
pub use connectivity::{Connectivity, Topology};
pub use control::{Control, Load, grid};
pub use error::{SpecError, Unsupported};
pub use field::{External, Field};
pub use machine::{Encoding, Machine};
pub use model::Model;
pub use patterns::{PatternLaw, Patterns};
pub use rule::{CouplingLaw, Form, Rule};
pub use self_coupling::{Diagonal, SelfCoupling};
pub use solved::{ExactModel, Solved};
pub use synapse::{Synapse, SynapseLaw};
pub use two_layers::TwoLayers;
pub use unit::{Alphabet, ContinuousLaw, Unit, UnitLaw};
pub use update::{Schedule, Update};
