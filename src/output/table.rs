//! Tables for people: aligned columns.

use std::fmt;

/// A table of text; the first column is set to the left, the others to the right.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Table {
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// How many columns are words, set to the left.
    #[serde(skip)]
    pub words: usize,
    /// Whether the last column is words too.
    #[serde(skip)]
    pub closing: bool,
}

impl Table {
    /// An empty table.
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = S>) -> Self {
        Self {
            heads: heads.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
            words: 1,
            closing: false,
        }
    }

    /// The same table with its first columns set to the left.
    #[must_use]
    pub fn words(mut self, columns: usize) -> Self {
        self.words = columns;
        self
    }

    /// The same table with its last column set to the left.
    #[must_use]
    pub fn closing_words(mut self) -> Self {
        self.closing = true;
        self
    }

    /// Adds a row.
    pub fn push<S: Into<String>>(&mut self, row: impl IntoIterator<Item = S>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.heads.len();
        let width = |column: usize| {
            let lines = std::iter::once(&self.heads).chain(&self.rows);
            lines.filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in std::iter::once(&self.heads).chain(&self.rows) {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let space = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
                let gap = if column == 0 { "" } else { "  " };
                line += gap;
                if column < self.words || (self.closing && column + 1 == columns) {
                    line += cell;
                    line += &space;
                } else {
                    line += &space;
                    line += cell;
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_characters() {
        let mut table = Table::new(["α", "m"]);
        table.push(["0.05", "0.9912(3)"]);
        table.push(["χ", "1"]);
        assert_eq!(table.to_string(), "α             m\n0.05  0.9912(3)\nχ             1\n");
    }
}
