"""The documents of tarsight as types, made from their JSON Schemas by scripts/types.py.

Sets of words that may grow are `str`. A later engine may add keys.
"""

from typing import Dict, List, Literal, Optional, TypedDict

__all__ = [
    "Anomaly",
    "Behaviour",
    "Cell",
    "Change",
    "Confidence",
    "Coverage",
    "Dependency",
    "DiffDict",
    "DiffCoverage",
    "EngineInfo",
    "File",
    "FileCounts",
    "Finding",
    "Flow",
    "Item",
    "Layer",
    "Managers",
    "Manifest",
    "Mitigation",
    "Options",
    "Origin",
    "OriginSet",
    "Outcome",
    "Reach",
    "ReportDict",
    "Risk",
    "RiskLevel",
    "Same",
    "Severity",
    "Sink",
    "Site",
    "Source",
    "State",
    "Stats",
    "Step",
    "StepRole",
    "Subject",
    "Surface",
    "SurfaceKind",
    "Trigger",
    "Unanalysed",
    "Warning",
]


# How bad a finding is.
Severity = Literal["low", "medium", "high", "critical"]


class Anomaly(TypedDict):
    """A place where two readers of the archive or the manifest could disagree."""

    id: str
    """What kind, as `tarsight rules` lists them."""
    level: Severity
    """How strongly it hints at intent."""
    path: Optional[str]
    """Path inside the package, as far as there is one."""
    detail: str
    """What makes it concrete."""


# Where a value comes from.
Origin = Literal["literal", "parameter", "environment", "file", "host", "remote", "decoded", "unknown"]


OriginSet = List[Origin]


# When code runs on a surface. `Load` is the stronger of the two.
Trigger = Literal["call", "load"]


# Surface kind to trigger; empty means dormant.
Reach = TypedDict(
    "Reach",
    {
        "install": Trigger,
        "prepare": Trigger,
        "import": Trigger,
        "bin": Trigger,
        "tool": Trigger,
    },
    total=False,
)


class Layer(TypedDict):
    """Code found inside a value: where the value stands and what turns it into code."""

    kind: str
    """What wraps the code: `base64`, `eval`, `node -e`, …"""
    file: str
    """Path of the file that holds the value."""
    line: int
    """Line of the value; inside the layer before it if there is one."""
    column: int
    """Column of the value, in UTF-16 units."""


class Site(TypedDict):
    """A place in the package's text. Lines and columns start at 1. Columns count UTF-16 units,
    as editors and SARIF do."""

    file: str
    """Path inside the package."""
    line: int
    """First line; inside the innermost layer if there are layers."""
    column: int
    """First column, in UTF-16 units."""
    endLine: int
    """Last line."""
    endColumn: int
    """One past the last column, in UTF-16 units."""
    offset: int
    """First byte; of the innermost layer's text if there are layers."""
    length: int
    """Number of bytes."""
    excerpt: str
    """The text, cut at 160 characters, with what cannot be seen written `\\u{202E}`."""
    layers: List[Layer]
    """The layers around the place, outermost first; empty for text of the file itself."""


class Behaviour(TypedDict):
    """Something the package does."""

    id: str
    """What: `network.http`, `fs.read`, … as `tarsight rules` lists them."""
    capability: str
    """The coarse class of the id."""
    target: Optional[str]
    """To what: host, path, command, …; null if not resolved."""
    targetKind: Optional[str]
    """What the target is: `url`, `host`, `path`, `command`, `module`, `variable`, `code` or
    `other`; null if not resolved."""
    origin: OriginSet
    """Where the target comes from, sorted."""
    reach: Reach
    """The surfaces that lead to it, each with its trigger; empty means dormant."""
    guards: List[str]
    """Conditions that lead to it, as far as known: `platform=win32`."""
    package: Optional[str]
    """`name@version` of the bundled package that it belongs to; null for the package's own."""
    sites: List[Site]
    """Where, sorted by file and offset."""
    siteCount: int
    """How many sites there are, those that were cut included."""


# Whose the two ends of a flow are.
Cell = TypedDict(
    "Cell",
    {
        # Whose the data is: `callers`, `secret`, `environment`, `host`, `file`, `remote`,
        # `constant`.
        "from": str,
        # Whose the destination is, from its value: `callers`, `own`, `registry`, `vendor`,
        # `local`, `reserved`, `address`, a class of known hosts such as `paste`, `foreign`;
        # `decoded`, `remote` or `unknown` where the value is not known.
        "to": str,
    },
)


# A range of scores.
RiskLevel = Literal["none", "low", "medium", "high", "critical"]


class State(TypedDict, total=False):
    """One side of a `Change`; what does not differ is absent."""

    reach: Optional[Reach]
    """The surfaces that lead to it; empty means dormant."""
    value: Optional[str]
    """What it says: a command, a range, a severity, a size."""
    entries: Optional[List[str]]
    """The files that it names."""


# Something that both versions have, in another way.
Change = TypedDict(
    "Change",
    {
        # Of which list it is.
        "kind": str,
        # The id in that list.
        "id": str,
        # Fingerprint, as in `Item`.
        "key": str,
        # To what, as the new report says it.
        "target": Optional[str],
        # How the old version has it: only what differs.
        "from": State,
        # How the new version has it: only what differs.
        "to": State,
        # Where in the new version.
        "sites": List[Site],
        # What it alone would make of the change.
        "level": RiskLevel,
        # Ids of the signals that it carries, the strongest first.
        "signals": List[str],
        # The strongest signal in a sentence.
        "why": str,
    },
)


# How sure a finding is.
Confidence = Literal["low", "medium", "high"]


class FileCounts(TypedDict):
    """Counts of files."""

    total: int
    """Files that npm would write."""
    analysed: int
    """Files whose code was analysed."""
    inert: int
    """Files that hold no code."""
    unanalysed: int
    """Files that hold code which was not analysed."""


class Unanalysed(TypedDict):
    """Something that was not looked at."""

    path: Optional[str]
    """Path inside the package; null for the archive or the report as a whole."""
    reason: str
    """Why, as `tarsight rules` lists them."""
    kind: str
    """Which way of not knowing: `not-examined`, `not-resolved` or `opaque`."""
    detail: str
    """The limit, the error or the site that makes it concrete."""
    reach: Reach
    """The surfaces that lead to it; empty means dormant."""


class _Coverage(TypedDict):
    complete: bool
    """Whether nothing is `not-examined`."""
    files: FileCounts
    """How many files were looked at."""
    unanalysed: List[Unanalysed]
    """What was not looked at, sorted by reason, path and detail."""


class Coverage(_Coverage, total=False):
    """What was looked at, and what was not."""

    unanalysedCount: Optional[int]
    """How many there are; absent if all are listed."""


class Dependency(TypedDict):
    """A dependency as package.json names it."""

    name: str
    """Name under which the code imports it."""
    spec: str
    """What package.json asks for: a range, an address, a path."""
    kind: str
    """The list it stands in: `dependencies`, `devDependencies`, `peerDependencies`,
    `optionalDependencies`, `bundleDependencies`."""
    source: str
    """Where npm gets it from: `registry`, `git`, `url`, `file`, `alias`."""
    imported: bool
    """Whether any file of the package imports it."""


class DiffCoverage(TypedDict):
    """Whether both versions were looked at in full."""

    complete: bool
    """Whether nothing of either version was left out."""
    old: bool
    """Whether nothing of the old version was left out; if not, what is gained may be old."""
    new: bool
    """Whether nothing of the new version was left out; if not, there may be more that is
    new."""
    unanalysed: List[Unanalysed]
    """What of the new version was not examined."""


class EngineInfo(TypedDict):
    """The engine that wrote a document."""

    name: str
    """`tarsight`."""
    version: str
    """Its version."""


class Item(TypedDict):
    """Something that only one of the versions has."""

    kind: str
    """Of which list it is."""
    id: str
    """The id in that list: of a behaviour, a finding, an anomaly; the kind of a surface or a
    dependency; the class of a file."""
    key: str
    """Fingerprint of kind, id, normalised target and bundled package; `risk.because` names
    it."""
    target: Optional[str]
    """To what, as the report says it; null if there is nothing to name."""
    targetKind: Optional[str]
    """What the target is; null if not resolved."""
    origin: OriginSet
    """Where the target comes from, sorted."""
    reach: Reach
    """The surfaces that lead to it; empty means dormant or not about code."""
    package: Optional[str]
    """The bundled package that it belongs to, as `name@version`."""
    sites: List[Site]
    """Where, sorted by file and offset."""
    level: RiskLevel
    """What it alone would make of the change."""
    signals: List[str]
    """Ids of the signals that it carries, the strongest first."""
    why: str
    """The strongest signal in a sentence."""


class Risk(TypedDict):
    """The risk of a package or of a change."""

    level: RiskLevel
    """The score's level."""
    score: int
    """0 none, 1–24 low, 25–49 medium, 50–79 high, 80–100 critical."""
    because: List[str]
    """Keys of the findings that count, strongest first."""


class Same(TypedDict):
    """How much stayed as it was."""

    behaviours: int
    """Behaviours that both versions have with the same reach."""
    files: int
    """Files with the same bytes, wherever they stand."""
    findings: int
    """Findings that both versions have."""


class _Stats(TypedDict):
    parsedFiles: int
    """Files that were parsed, layers included; not those that a cache knew."""
    parsedBytes: int
    """Bytes that were parsed, layers included."""
    layers: int
    """Pieces of code found inside values."""
    steps: int
    """Evaluation steps."""


class Stats(_Stats, total=False):
    """Counts and times, for those who ask; never there by default, so that equal input gives
    equal output."""

    elapsedMicros: Optional[int]
    """Microseconds from bytes to report; filled by the caller, who has a clock."""


class Subject(TypedDict):
    """The package that was scanned."""

    path: Optional[str]
    """Path as given by the caller; null for bytes."""
    label: Optional[str]
    """The caller's own name for it."""
    name: Optional[str]
    """Name from package.json; null if missing."""
    version: Optional[str]
    """Version from package.json; null if missing."""
    integrity: Optional[str]
    """`sha512-` and the base64 of the SHA-512 of the tarball's bytes; null for a folder."""
    shasum: Optional[str]
    """The hexadecimal SHA-1 of the tarball's bytes; null for a folder."""
    size: int
    """Bytes of the tarball as given; for a folder the sum of its files."""
    unpackedSize: int
    """Bytes of all files that npm would write."""
    fileCount: int
    """Files that npm would write."""


class Warning(TypedDict):
    """What the reader should know before trusting the comparison."""

    id: str
    """What kind: `different-names`, `different-engines`, `different-limits`, `older-report`,
    `incomplete-old`, `incomplete-new`."""
    message: str
    """In words."""


class _DiffDict(TypedDict):
    schema: Literal["tarsight.diff/1"]
    """`tarsight.diff/1`."""
    engine: EngineInfo
    """The engine that wrote it."""
    old: Subject
    """The version before."""
    new: Subject
    """The version after."""
    risk: Risk
    """Of the change, not of the package."""
    warnings: List[Warning]
    """What the reader should know before trusting the comparison."""
    gained: List[Item]
    """What only the new version has, the strongest first."""
    lost: List[Item]
    """What only the old version has."""
    changed: List[Change]
    """What both have, in another way; the strongest first."""
    same: Same
    """How much stayed as it was."""
    coverage: DiffCoverage
    """Whether both versions were looked at in full."""


class DiffDict(_DiffDict, total=False):
    """What is new, gone and changed between two versions of a package."""

    gainedCount: Optional[int]
    """How many there are; absent if all are listed."""
    lostCount: Optional[int]
    """How many there are; absent if all are listed."""
    changedCount: Optional[int]
    """How many there are; absent if all are listed."""
    stats: Optional[Stats]
    """Counts of the work for both versions; only there if the caller asked."""


class _File(TypedDict):
    path: str
    """Path inside the package."""
    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal SHA-256 of its bytes."""
    kind: str
    """What it holds, by content: `javascript`, `json`, `shell`, `native`, …"""
    reach: Reach
    """The surfaces that lead to it; empty means dormant."""
    behaviours: str
    """Digest of what the file does; equal in two files that do the same."""


class File(_File, total=False):
    """A file that npm would write."""

    lines: Optional[int]
    """How many lines it has; absent if it holds no code that is read."""
    longestLine: Optional[int]
    """Bytes of its longest line; absent if it holds no code that is read."""


class Mitigation(TypedDict):
    """Something that lowered the severity of a finding."""

    id: str
    """What kind: `checksum-verified`, …"""
    note: str
    """What was seen."""
    site: Optional[Site]
    """Where; null if it stands in no file."""


class _Finding(TypedDict):
    id: str
    """What kind, as `tarsight rules` lists them."""
    key: str
    """Stable fingerprint from `finding_key`: equal in the next version if nothing that matters
    changed."""
    severity: Severity
    """How bad."""
    confidence: Confidence
    """How sure."""
    title: str
    """What kind, in words."""
    message: str
    """What was seen, with the concrete secret, host or command."""
    reach: Reach
    """The surfaces that lead to it, each with its trigger; empty means dormant."""
    evidence: List[Site]
    """The places that show it, sorted by file and offset."""
    mitigations: List[Mitigation]
    """What lowered the severity, from computed values."""
    advice: str
    """What the reader can do."""
    benignWhen: str
    """When the same code is harmless."""
    references: List[str]
    """CWE and ATT&CK identifiers, sorted."""
    waived: Optional[str]
    """Why the caller waived it; null if it counts."""


class Finding(_Finding, total=False):
    """A judgement over behaviours and flows."""

    evidenceCount: Optional[int]
    """How many places there are; absent if all are listed."""


class Sink(TypedDict):
    """Where data goes."""

    id: str
    """What takes it: `network.http`, …"""
    target: Optional[str]
    """The host, path or command that takes it; null if not resolved."""
    origin: OriginSet
    """Where that target comes from, sorted."""


class Source(TypedDict):
    """Where data comes from."""

    id: str
    """What is read: `credential.npm`, …"""
    target: Optional[str]
    """The path, variable or host that it is read from; null if not resolved."""
    origin: Origin
    """What kind of origin that is."""


# The part of a step in a flow.
StepRole = Literal["source", "step", "sink"]


class Step(TypedDict):
    """One step of a flow."""

    role: StepRole
    """The step's part in the flow."""
    note: str
    """What happens, in few words."""
    site: Site
    """Where."""


class _Flow(TypedDict):
    id: str
    """What moves where: `credential-to-network`, …"""
    source: Source
    """Where the data comes from."""
    sink: Sink
    """Where it goes."""
    reach: Reach
    """The surfaces that lead to the sink, each with its trigger."""
    steps: List[Step]
    """The way from source to sink, in order; at most 12 steps, the middle of a longer way as
    one."""


class Flow(_Flow, total=False):
    """A path from a source to a sink."""

    cell: Optional[Cell]
    """Whose the two ends are; absent where nothing leaves the machine."""
    stepCount: Optional[int]
    """How many steps there are; absent if all are listed."""


# What a package manager does with a surface of a dependency by itself.
Outcome = Literal["runs", "blocked", "never"]


class Managers(TypedDict):
    """What each package manager does with its own defaults."""

    npm11: Outcome
    """npm 11."""
    npm12: Outcome
    """npm 12."""
    pnpm: Outcome
    """pnpm 11 and later."""
    yarnClassic: Outcome
    """Yarn 1."""
    yarnBerry: Outcome
    """Yarn 4."""
    bun: Outcome
    """Bun, for packages outside its own list of trusted ones."""
    deno: Outcome
    """Deno."""


class _Manifest(TypedDict):
    scripts: Dict[str, str]
    """Name → command of every script, sorted by name."""
    repository: Optional[str]
    """Address of the repository; null if missing."""
    homepage: Optional[str]
    """Address of the home page; null if missing."""
    dependencies: List[Dependency]
    """The dependencies of every kind, sorted by name."""


class Manifest(_Manifest, total=False):
    """The part of package.json that a reviewer asks for."""

    dependencyCount: Optional[int]
    """How many dependencies there are; absent if all are listed."""


class Options(TypedDict):
    """What the caller asked for, as far as it can change the outcome."""

    limits: Dict[str, int]
    """The limits that differ from the defaults, by kebab-case name."""
    config: Optional[str]
    """Digest of the configuration; null if there was none."""


# A way that code of a package gets to run.
SurfaceKind = Literal["install", "prepare", "import", "bin", "tool"]


class _Surface(TypedDict):
    kind: SurfaceKind
    """Which way."""
    entries: List[str]
    """Paths of the files that it names directly."""


class Surface(_Surface, total=False):
    """A way that code of the package gets to run."""

    hook: Optional[str]
    """The hook, for `install` and `prepare`: `postinstall`, …; for `tool` what makes the tool
    act: `folderOpen`, `SessionStart`, a key of its settings."""
    command: Optional[str]
    """The command that the hook or the tool runs, or the file that it loads."""
    name: Optional[str]
    """The subpath of an `import`, the command's name of a `bin`, the tool of a `tool`."""
    conditions: List[str]
    """The conditions that lead to an `import`, in manifest order; absent if there are none."""
    uses: List[str]
    """Packages whose code a hook loads: what they do is in their own reports."""
    managers: Optional[Managers]
    """What each package manager does with a hook by itself; absent where it is no hook."""


class _ReportDict(TypedDict):
    schema: Literal["tarsight.report/1"]
    """`tarsight.report/1`."""
    engine: EngineInfo
    """The engine that wrote it."""
    options: Options
    """What the caller asked for."""
    subject: Subject
    """The package."""
    manifest: Manifest
    """The part of package.json that a reviewer asks for."""
    risk: Risk
    """All findings in one number."""
    surfaces: List[Surface]
    """What runs when, in manifest order."""
    files: List[File]
    """The files that npm would write, sorted by path."""
    behaviours: List[Behaviour]
    """What the package does, sorted by id, target, file and offset."""
    flows: List[Flow]
    """Paths from a source to a sink, sorted by id, target, file and offset."""
    findings: List[Finding]
    """Judgements, the worst first, then sorted by key."""
    anomalies: List[Anomaly]
    """Places where two readers could disagree, sorted by id, path and detail."""
    coverage: Coverage
    """What was looked at, and what was not."""


class ReportDict(_ReportDict, total=False):
    """What a package does, when, and what is to be thought of it."""

    behaviourCount: Optional[int]
    """How many behaviours there are; absent if all are listed."""
    flowCount: Optional[int]
    """How many flows there are; absent if all are listed."""
    findingCount: Optional[int]
    """How many findings there are; absent if all are listed."""
    anomalyCount: Optional[int]
    """How many anomalies there are; absent if all are listed."""
    stats: Optional[Stats]
    """Counts and times; only there if the caller asked."""
