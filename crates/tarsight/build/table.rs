//! The format that all data tables share.
//!
//! One row per line. Columns stand apart by tabs or by two or more spaces. `#` at the start of a
//! line is a comment, `-` is an empty cell, empty cells at the end may be left out.

/// The text of one table file.
pub(crate) struct Table<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

/// One row.
pub(crate) struct Row<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: usize,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// The cell of a column; `None` if it is empty.
    pub(crate) fn get(&self, column: usize) -> Option<&'a str> {
        self.cells.get(column).copied().filter(|cell| *cell != "-")
    }

    /// The cell of a column that may not be empty.
    pub(crate) fn need(&self, column: usize, name: &str) -> Result<&'a str, String> {
        self.get(column)
            .ok_or_else(|| self.error(&format!("the column `{name}` is empty")))
    }

    /// The pieces of a comma list.
    pub(crate) fn list(&self, column: usize) -> impl Iterator<Item = &'a str> {
        self.get(column)
            .into_iter()
            .flat_map(|cell| cell.split(','))
    }

    /// An error at this row.
    pub(crate) fn error(&self, text: &str) -> String {
        format!("{}:{}: {text}", self.file, self.line)
    }
}

impl<'a> Table<'a> {
    /// The rows, none wider than `columns`.
    pub(crate) fn rows(&self, columns: usize) -> Result<Vec<Row<'a>>, String> {
        let mut rows = Vec::new();
        let mut errors = Errors::default();
        for (index, line) in self.text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let row = Row {
                file: self.file,
                line: index + 1,
                cells: split(line),
            };
            if row.cells.len() > columns {
                let count = row.cells.len();
                errors.add(row.error(&format!(
                    "{count} cells, but the table has {columns} columns"
                )));
            } else {
                rows.push(row);
            }
        }
        errors.done(rows)
    }
}

/// Cuts a line at tabs and at runs of two or more spaces.
fn split(line: &str) -> Vec<&str> {
    line.split('\t')
        .flat_map(|part| part.split("  "))
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect()
}

/// Errors of many rows, told together.
#[derive(Default)]
pub(crate) struct Errors(Vec<String>);

impl Errors {
    pub(crate) fn add(&mut self, error: String) {
        self.0.push(error);
    }

    /// The value, or what is wrong with it.
    pub(crate) fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn done<T>(self, value: T) -> Result<T, String> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self.0.join("\n"))
        }
    }
}

/// Every way to choose one of each `{a,b}` in a name.
pub(crate) fn expand(name: &str) -> Result<Vec<String>, String> {
    let mut names = vec![String::new()];
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('{') {
        let (choices, after) = after
            .split_once('}')
            .ok_or_else(|| format!("`{name}` has a `{{` without `}}`"))?;
        names = names
            .iter()
            .flat_map(|start| {
                choices
                    .split(',')
                    .map(move |choice| format!("{start}{before}{choice}"))
            })
            .collect();
        rest = after;
    }
    for name in &mut names {
        name.push_str(rest);
    }
    Ok(names)
}
