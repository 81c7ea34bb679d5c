//! Lists the folder of findings: each file with a `FINDING` is one.

use std::fmt::Write as _;

/// Writes the modules and the table, from the files' names and texts.
pub(crate) fn generate(folder: &str, files: &[(String, String)]) -> Result<String, String> {
    let mut modules = String::new();
    let mut table = String::from("static ALL: &[&Declaration] = &[\n");
    let mut found = 0;
    for (name, text) in files {
        let Some(module) = name.strip_suffix(".rs") else {
            continue;
        };
        if !text.contains("static FINDING: Declaration") {
            continue;
        }
        let id = module.replace('_', "-");
        if !text.contains(&format!("id: \"{id}\"")) {
            return Err(format!(
                "{folder}/{name}: its finding must have the id {id:?}"
            ));
        }
        found += 1;
        let _ = writeln!(
            modules,
            "#[path = {:?}]\nmod {module};",
            format!("{folder}/{name}")
        );
        let _ = writeln!(table, "    &{module}::FINDING,");
    }
    if found == 0 {
        return Err(format!("{folder}: no file declares a FINDING"));
    }
    table.push_str("];\n");
    Ok(modules + &table)
}
