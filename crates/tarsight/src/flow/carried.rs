//! Files of the package that its code reads, as values.

use super::package::Package;
use super::target::tidy_path;
use crate::model::FileId;
use crate::source::{is_code, kind_of};
use crate::value::{Place, Term, ValueId, bytes_to_text, from_json};

/// Rows that give what a file holds.
const READS: [&str; 2] = ["fs.readFileSync", "fs.promises.readFile"];
/// Longest file that is a value.
const MOST_BYTES: usize = 1 << 18;

impl Package<'_> {
    /// What `require` of a JSON file gives.
    pub(super) fn json_value(&mut self, file: FileId) -> ValueId {
        if let Some(&known) = self.json.get(&file) {
            return known;
        }
        let bytes = self.archive.bytes(file);
        let parsed = (bytes.len() <= MOST_BYTES)
            .then(|| serde_json::from_slice::<serde_json::Value>(bytes).ok())
            .flatten();
        let value = match parsed {
            Some(json) => {
                self.steps += bytes.len() as u64 / 16;
                from_json(&mut self.terms, &json)
            }
            None => self.terms.unresolved(),
        };
        self.json.insert(file, value);
        value
    }

    /// The file of the package that a call reads.
    pub(super) fn file_read_by(&self, callee: ValueId, args: &[ValueId]) -> Option<FileId> {
        let row = self.terms.api(callee)?;
        if !READS.contains(&row.path) {
            return None;
        }
        let path = self.terms.as_string(*args.first()?)?;
        self.archive
            .find(tidy_path(&path).strip_prefix("<package>/")?)
    }

    /// What reading a file gives: one of the package that is short, and no code, source or
    /// compiled, that is looked at as such.
    pub(super) fn read_file(&mut self, callee: ValueId, args: &[ValueId]) -> Option<ValueId> {
        let file = self.file_read_by(callee, args)?;
        let encoding = args.get(1).and_then(|&options| self.encoding(options));
        let key = (file, encoding);
        if let Some(&known) = self.carried.get(&key) {
            return known;
        }
        let value = self.content(file, key.1.as_deref());
        self.carried.insert(key, value);
        value
    }

    /// A file as text in an encoding, or as bytes.
    fn content(&mut self, file: FileId, encoding: Option<&str>) -> Option<ValueId> {
        let bytes = self.archive.bytes(file);
        let kind = kind_of(self.archive.path(file), bytes);
        if bytes.len() > MOST_BYTES || is_code(kind) || kind.is_native() {
            return None;
        }
        self.steps += bytes.len() as u64 / 16;
        Some(match encoding {
            Some(encoding) => {
                let text = bytes_to_text(bytes, encoding)?;
                self.terms.string(&text)
            }
            None => self.terms.add(Term::Bytes(bytes.into())),
        })
    }

    /// What a decoder makes of a file that was read: of its text, and of the reading itself.
    pub(super) fn decoded_file(
        &mut self,
        callee: ValueId,
        args: &[ValueId],
        place: Place,
    ) -> Option<ValueId> {
        let (&first, rest) = args.split_first()?;
        let Term::OneOf(choices) = self.terms.get(first) else {
            return None;
        };
        let is_read = |choice: &ValueId| match self.terms.get(*choice) {
            Term::Call(reads, ..) => {
                let row = self.terms.api(*reads);
                row.is_some_and(|row| READS.contains(&row.path))
            }
            _ => false,
        };
        if choices.len() != 2 || !choices.iter().any(is_read) || !self.is_decoder(callee) {
            return None;
        }
        let choices = choices.clone();
        let decoded: Vec<ValueId> = choices
            .iter()
            .map(|&choice| {
                let mut args = vec![choice];
                args.extend_from_slice(rest);
                self.terms.call(callee, &args, place)
            })
            .collect();
        Some(self.terms.one_of(&decoded))
    }

    fn is_decoder(&self, callee: ValueId) -> bool {
        let global = |id: ValueId| match self.terms.get(id) {
            Term::Global(name) => Some(&**name),
            _ => None,
        };
        match self.terms.get(callee) {
            Term::Member(of, method) => matches!(
                (global(*of), &**method),
                (Some("JSON"), "parse") | (Some("Buffer"), "from")
            ),
            _ => global(callee) == Some("atob"),
        }
    }

    /// The encoding that the second argument of a reading names.
    fn encoding(&mut self, options: ValueId) -> Option<String> {
        let named = match self.terms.get(options) {
            Term::Object(..) => self.member_of(options, "encoding"),
            _ => options,
        };
        let name = self.terms.as_string(named)?;
        Some(name.to_string())
    }
}
