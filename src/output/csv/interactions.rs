//! Couplings of hidden units as CSV.

use mattis_model::record::InteractionsRecord;

use super::{Tabular, full};

impl Tabular for InteractionsRecord {
    const HEADS: &'static [&'static str] = &[
        "unit",
        "encoding",
        "sigma",
        "kind",
        "order",
        "sites",
        "value",
        "count",
        "mean",
        "mean_abs",
        "rms",
        "max_abs",
        "theory_mean",
        "theory_rms",
        "theory_typical",
        "z_mean",
        "z_rms",
    ];

    /// Lines of three kinds: statistics of an order, a coupling, and a coupling of the sites asked for with one more.
    fn lines(&self) -> Vec<Vec<String>> {
        let head = |kind: &str| {
            vec![self.unit.to_string(), self.encoding.to_string(), full(self.sigma), kind.into()]
        };
        let sites = |sites: &[usize]| sites.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let coupling = |kind: &str, of: &[usize], value: f64| {
            let mut line = head(kind);
            line.extend([of.len().to_string(), sites(of), full(value)]);
            line.resize(Self::HEADS.len(), String::new());
            line
        };
        let mut lines = Vec::new();
        for order in &self.orders {
            let mut line = head("order");
            line.extend([order.order.to_string(), String::new(), String::new(), order.count.to_string()]);
            line.extend([order.mean, order.mean_abs, order.rms, order.max_abs].map(full));
            line.extend(
                [order.theory_mean, order.theory_rms, order.theory_typical, order.z_mean, order.z_rms]
                    .map(full),
            );
            lines.push(line);
        }
        lines.extend(self.couplings.iter().map(|found| coupling("coupling", &found.sites, found.value)));
        if let Some(around) = &self.around {
            let others = around.values.iter().enumerate().filter_map(|(site, value)| Some((site, (*value)?)));
            lines.extend(
                others.map(|(site, value)| coupling("around", &[&around.sites[..], &[site]].concat(), value)),
            );
        }
        lines
    }
}
