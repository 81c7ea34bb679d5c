//! Places where two readers of one package could disagree.

use crate::model::Severity;

/// A place where two readers could disagree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anomaly {
    /// What kind.
    pub id: AnomalyId,
    /// Path inside the package, as far as there is one.
    pub path: Option<String>,
    /// What makes it concrete.
    pub detail: String,
}

impl Anomaly {
    /// Of the archive as a whole.
    pub fn whole(id: AnomalyId, detail: impl Into<String>) -> Self {
        Self {
            id,
            path: None,
            detail: detail.into(),
        }
    }

    /// Of one path.
    pub fn at(id: AnomalyId, path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            id,
            path: Some(path.into()),
            detail: detail.into(),
        }
    }
}

macro_rules! anomalies {
    ($($(#[doc = $doc:literal])+ $variant:ident = $id:literal, $level:ident, $explanation:literal;)+) => {
        /// The kinds of anomaly.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum AnomalyId {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl AnomalyId {
            /// Every kind, sorted by id.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The id on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            /// How strongly it hints at intent.
            #[must_use]
            pub fn level(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$level,)+
                }
            }

            /// What it means, for `explain`.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => $explanation,)+
                }
            }
        }
    };
}

anomalies! {
    /// A path that starts at a root or a drive.
    AbsolutePath = "archive.absolute-path", High,
        "The path starts at a root or a drive letter. npm strips the root and writes the file inside the package; other readers may refuse it or write elsewhere.";
    /// Several names are given for one entry.
    AmbiguousName = "archive.ambiguous-name", High,
        "Several extended headers name the same entry differently. npm takes the last name; other readers take the first, or refuse the archive.";
    /// Two sizes are given for one entry.
    AmbiguousSize = "archive.ambiguous-size", High,
        "The header and the extended header give different sizes. npm follows the extended header; a reader of the other size sees different entries from here on.";
    /// A backslash in a path.
    Backslash = "archive.backslash", Medium,
        "The path holds a backslash: part of the name on Linux and macOS, a folder separator on Windows. So the package has different files on different systems.";
    /// A header block with a wrong checksum.
    BadChecksum = "archive.bad-checksum", High,
        "A block stands where a header should, and its checksum is wrong. npm goes on with the next 512 bytes; other readers stop here and never see what follows.";
    /// A header block that is not valid.
    BadHeader = "archive.bad-header", High,
        "A block stands where a header should and is not a valid one. npm goes on with the next 512 bytes; other readers stop here and never see what follows.";
    /// Two paths that differ only in case.
    CaseCollision = "archive.case-collision", Medium,
        "Two paths differ only in upper and lower case. On Windows and macOS one file overwrites the other, so what runs depends on the system.";
    /// Bytes after the end of the tar archive.
    DataAfterEnd = "archive.data-after-end", High,
        "Bytes that are not zero follow the end of the archive. npm never reads them; readers that do not stop at the end see more files.";
    /// A folder entry with a body.
    DirectoryBody = "archive.directory-body", Medium,
        "A folder entry says that it has a body. npm reads that body as further headers; other readers skip it.";
    /// A file that is not what its name says.
    DisguisedFile = "archive.disguised-file", High,
        "The name says image, font, document or text, and the content is machine code or a script. What people and tools pass over by its name can still be run or read by code.";
    /// Several entries of one path.
    DuplicateEntry = "archive.duplicate-entry", High,
        "Several entries have the same path and differ. npm keeps the last one; a reader that keeps the first sees other content.";
    /// A link target in an extended header, for an entry that is no link.
    ExtendedLink = "archive.extended-link", Medium,
        "An extended header gives a link target to an entry that is no link. npm drops the file if the target leaves the package, and never ends if the target lies below the file or above it; other readers ignore the target.";
    /// One path is a file and a folder.
    FileFolderConflict = "archive.file-folder-conflict", High,
        "One path is both a file and the folder of another file. npm keeps what came first and drops the other.";
    /// A `.gitignore` that is written as `.npmignore`.
    GitignoreRenamed = "archive.gitignore-renamed", Low,
        "npm writes a `.gitignore` as `.npmignore`, or drops it when there is one already. Other readers keep the name.";
    /// A global header that changes how entries are read.
    GlobalOverride = "archive.global-override", High,
        "A global extended header sets a path, a size or a link target for all entries. Readers differ in whether they obey it.";
    /// The gzip stream is damaged.
    GzipDamaged = "archive.gzip-damaged", High,
        "The gzip stream is damaged or its checksum is wrong. npm refuses such an archive; what could be decoded was analysed.";
    /// Several gzip members.
    GzipMembers = "archive.gzip-members", High,
        "The archive is made of several gzip streams, one after the other. npm reads all of them; readers that stop after the first see fewer files.";
    /// Bytes after the gzip stream.
    GzipTrailing = "archive.gzip-trailing", High,
        "Bytes that are no gzip stream follow the last one. Behind a zero byte npm leaves them out, unless a piece of the download happens to begin with them; elsewhere it refuses the archive. Other readers may decode them.";
    /// A link, which npm drops.
    Link = "archive.link", Medium,
        "The entry is a link. npm drops links; a reader that follows them sees a file that npm does not install.";
    /// A file with a link target.
    LinkNameOnFile = "archive.link-name-on-file", High,
        "An entry that is no link has a link target. npm rejects it and reads its body as further headers, so the body can hold files that other readers do not see.";
    /// One empty block between entries.
    LoneNullBlock = "archive.lone-null-block", High,
        "One empty block stands between entries. npm needs two to stop and goes on; other readers stop here and never see what follows.";
    /// A path that file systems may refuse.
    LongPath = "archive.long-path", High,
        "A component of the path has more than 255 bytes, or the path is too long for any system. Linux refuses it, and npm goes on without the file; macOS and Windows count characters, so they may have it.";
    /// An extended header that npm reads differently.
    MalformedExtension = "archive.malformed-extension", Medium,
        "A record of an extended header has a wrong length or a value with a line break. npm ignores it; other readers may not.";
    /// An extended header over 1 MiB.
    MetadataTooLarge = "archive.metadata-too-large", High,
        "An extended header has more than 1 MiB. npm ignores it; readers without such a limit take names from it.";
    /// The archive has no end mark.
    NoEnd = "archive.no-end", Low,
        "The archive ends without two empty blocks. npm accepts that; it can also mean that the archive was cut between two entries.";
    /// A path with empty or `.` components.
    NonCanonicalPath = "archive.non-canonical-path", Low,
        "The path holds empty or `.` components. npm writes the file without them, so two names in the archive can be one file.";
    /// More than one first component.
    OtherRoot = "archive.other-root", Medium,
        "Entries have different first components. npm strips any of them, so files of several folders land in one.";
    /// A path with `..`.
    PathEscapes = "archive.path-escapes", High,
        "The path or the link target climbs out with `..`. npm drops the entry; other readers may write outside the package.";
    /// Several names in PAX records for one entry.
    PaxPathTwice = "archive.pax-path-twice", High,
        "PAX records name the same entry twice and differently. npm takes the last name; other readers take the first, or refuse the archive.";
    /// npm refuses the archive.
    Refused = "archive.refused", Medium,
        "npm refuses this archive: it is cut or damaged, grows too much, or holds an entry on which npm fails. Other package managers may still install it; what could be read was analysed.";
    /// Several equal entries of one path.
    RepeatedEntry = "archive.repeated-entry", Low,
        "Several entries have the same path and the same content. Some packing programs do that to files that the manifest names twice.";
    /// A path with fewer components than npm strips.
    RootEntry = "archive.root-entry", Medium,
        "The path has nothing left once npm has stripped its first component, so npm drops the file.";
    /// A device, a pipe or an unknown type.
    SpecialEntry = "archive.special-entry", Medium,
        "The entry is a device, a pipe or of a type that npm does not know. npm drops it; other readers may treat it as a file.";
    /// A path nested too deep.
    TooDeep = "archive.too-deep", High,
        "The path has more than 1024 components. npm drops the entry; other readers do not.";
    /// Paths that are one where Unicode is normalised.
    UnicodeCollision = "archive.unicode-collision", High,
        "Two paths differ only in how their accents are encoded. On macOS they are one file, so which content is installed depends on the system.";
    /// A path with control or direction characters.
    UnprintablePath = "archive.unprintable-path", High,
        "The path holds control characters or characters that change the direction of text, so it does not read as what it is. npm refuses a NUL and keeps the others.";
    /// A path that is not UTF-8.
    UnreadablePath = "archive.unreadable-path", Medium,
        "The path is not UTF-8. npm replaces the invalid bytes, so different names can become one.";
    /// Paths that are one on Windows.
    WindowsCollision = "archive.windows-collision", High,
        "Two paths are one path on Windows, which takes a backslash for a slash and leaves out dots and spaces at the end of a name. So the package has other files there.";
    /// A name that Windows does not take as it is.
    WindowsName = "archive.windows-name", Medium,
        "A component of the path is a device on Windows, ends in a dot or a space, or holds a character that Windows keeps for itself. There the file gets another name or none.";
    /// A command under the name of a well-known tool.
    ManifestBinShadow = "manifest.bin-shadow", Medium,
        "A command of the package has the name of a system tool, a runtime or a package manager that is not its own. In the scripts of a project that has the package, that name means this command.";
    /// A byte order mark before the JSON.
    ManifestByteOrderMark = "manifest.byte-order-mark", Low,
        "package.json begins with a byte order mark. npm skips it; strict readers of JSON refuse the file.";
    /// A key that comes twice.
    ManifestDuplicateKey = "manifest.duplicate-key", Medium,
        "package.json gives one key twice. npm takes the last value; a reader that takes the first sees another manifest.";
    /// A key with escaped letters.
    ManifestEscapedKey = "manifest.escaped-key", Medium,
        "package.json writes letters of a key as escapes. npm reads the key all the same; a search in the text does not find it.";
    /// JSON that does not parse.
    ManifestInvalidJson = "manifest.invalid-json", Medium,
        "package.json is not valid JSON. npm fails to install such a package from its folder, and Node ignores or refuses it.";
    /// A name that npm does not take.
    ManifestInvalidName = "manifest.invalid-name", Medium,
        "The name in package.json is no package name. A registry gives its own name to the package; other readers may take this one for a path.";
    /// A version that npm does not take.
    ManifestInvalidVersion = "manifest.invalid-version", Medium,
        "The version in package.json is no version. A registry gives its own; other readers may refuse the package.";
    /// No package.json.
    ManifestMissing = "manifest.missing", Medium,
        "There is no package.json at the root of the package, so neither scripts nor entry points are known.";
    /// package.json is no object.
    ManifestNotAnObject = "manifest.not-an-object", Medium,
        "package.json is valid JSON but no object, so neither scripts nor entry points are known.";
    /// Bytes that are not UTF-8.
    ManifestNotUtf8 = "manifest.not-utf8", Medium,
        "package.json holds bytes that are not UTF-8. npm replaces them; strict readers refuse the file.";
    /// A key that sets the prototype.
    ManifestPrototypeKey = "manifest.prototype-key", High,
        "package.json has a key `__proto__`. A program that copies it key by key takes over its values as defaults, so it can see scripts and fields that are not in the file.";
    /// More, or deeper, values than are read.
    ManifestTooLarge = "manifest.too-large", High,
        "package.json nests values deeper, or holds more of them, than any manifest needs. The values beyond were not read; npm reads them.";
    /// A field of the wrong type.
    ManifestWrongType = "manifest.wrong-type", Medium,
        "A field of package.json has a type that it should not have. npm repairs or leaves out such a field; other readers may fail or read something else.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_unique_and_explained() {
        for pair in AnomalyId::ALL.windows(2) {
            assert!(pair[0].as_str() < pair[1].as_str(), "{:?}", pair[1]);
        }
        for id in AnomalyId::ALL {
            let (stage, name) = id.as_str().split_once('.').expect("an id is dotted");
            assert!(matches!(stage, "archive" | "manifest"), "{stage}");
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{name}"
            );
            assert!(id.explanation().ends_with('.'), "{name}");
        }
    }
}
