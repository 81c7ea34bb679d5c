// Made from the JSON Schemas by scripts/types.mjs; do not edit.

/**
 * A range of scores.
 */
export type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'critical';
/**
 * A way that code of a package gets to run.
 */
export type SurfaceKind = 'install' | 'prepare' | 'import' | 'bin' | 'tool';
/**
 * What a package manager does with a surface of a dependency by itself.
 */
export type Outcome = 'runs' | 'blocked' | 'never';
/**
 * When code runs on a surface. `Load` is the stronger of the two.
 */
export type Trigger = 'call' | 'load';
/**
 * Where a value comes from.
 */
export type Origin =
  'literal' | 'parameter' | 'environment' | 'file' | 'host' | 'remote' | 'decoded' | 'unknown';
export type OriginSet = Origin[];
/**
 * The part of a step in a flow.
 */
export type StepRole = 'source' | 'step' | 'sink';
/**
 * How bad a finding is.
 */
export type Severity = 'low' | 'medium' | 'high' | 'critical';
/**
 * How sure a finding is.
 */
export type Confidence = 'low' | 'medium' | 'high';

/**
 * What a package does, when, and what is to be thought of it.
 */
export interface ReportData {
  /**
   * `tarsight.report/1`.
   */
  schema: 'tarsight.report/1';
  engine: EngineInfo;
  options: Options;
  subject: Subject;
  manifest: Manifest;
  risk: Risk;
  /**
   * What runs when, in manifest order.
   */
  surfaces: Surface[];
  /**
   * The files that npm would write, sorted by path.
   */
  files: File[];
  /**
   * What the package does, sorted by id, target, file and offset.
   */
  behaviours: Behaviour[];
  /**
   * How many behaviours there are; absent if all are listed.
   */
  behaviourCount?: number | null;
  /**
   * Paths from a source to a sink, sorted by id, target, file and offset.
   */
  flows: Flow[];
  /**
   * How many flows there are; absent if all are listed.
   */
  flowCount?: number | null;
  /**
   * Judgements, the worst first, then sorted by key.
   */
  findings: Finding[];
  /**
   * How many findings there are; absent if all are listed.
   */
  findingCount?: number | null;
  /**
   * Places where two readers could disagree, sorted by id, path and detail.
   */
  anomalies: Anomaly[];
  /**
   * How many anomalies there are; absent if all are listed.
   */
  anomalyCount?: number | null;
  coverage: Coverage;
  /**
   * Counts and times; only there if the caller asked.
   */
  stats?: Stats | null;
}
/**
 * The engine that wrote a document.
 */
export interface EngineInfo {
  /**
   * `tarsight`.
   */
  name: string;
  /**
   * Its version.
   */
  version: string;
}
/**
 * What the caller asked for, as far as it can change the outcome.
 */
export interface Options {
  /**
   * The limits that differ from the defaults, by kebab-case name.
   */
  limits: {
    [k: string]: number;
  };
  /**
   * Digest of the configuration; null if there was none.
   */
  config: string | null;
}
/**
 * The package that was scanned.
 */
export interface Subject {
  /**
   * Path as given by the caller; null for bytes.
   */
  path: string | null;
  /**
   * The caller's own name for it.
   */
  label: string | null;
  /**
   * Name from package.json; null if missing.
   */
  name: string | null;
  /**
   * Version from package.json; null if missing.
   */
  version: string | null;
  /**
   * `sha512-` and the base64 of the SHA-512 of the tarball's bytes; null for a folder.
   */
  integrity: string | null;
  /**
   * The hexadecimal SHA-1 of the tarball's bytes; null for a folder.
   */
  shasum: string | null;
  /**
   * Bytes of the tarball as given; for a folder the sum of its files.
   */
  size: number;
  /**
   * Bytes of all files that npm would write.
   */
  unpackedSize: number;
  /**
   * Files that npm would write.
   */
  fileCount: number;
}
/**
 * The part of package.json that a reviewer asks for.
 */
export interface Manifest {
  /**
   * Name → command of every script, sorted by name.
   */
  scripts: {
    [k: string]: string;
  };
  /**
   * Address of the repository; null if missing.
   */
  repository: string | null;
  /**
   * Address of the home page; null if missing.
   */
  homepage: string | null;
  /**
   * The dependencies of every kind, sorted by name.
   */
  dependencies: Dependency[];
  /**
   * How many dependencies there are; absent if all are listed.
   */
  dependencyCount?: number | null;
}
/**
 * A dependency as package.json names it.
 */
export interface Dependency {
  /**
   * Name under which the code imports it.
   */
  name: string;
  /**
   * What package.json asks for: a range, an address, a path.
   */
  spec: string;
  /**
   * The list it stands in: `dependencies`, `devDependencies`, `peerDependencies`,
   * `optionalDependencies`, `bundleDependencies`.
   */
  kind: string;
  /**
   * Where npm gets it from: `registry`, `git`, `url`, `file`, `alias`.
   */
  source: string;
  /**
   * Whether any file of the package imports it.
   */
  imported: boolean;
}
/**
 * The risk of a package or of a change.
 */
export interface Risk {
  level: RiskLevel;
  /**
   * 0 none, 1–24 low, 25–49 medium, 50–79 high, 80–100 critical.
   */
  score: number;
  /**
   * Keys of the findings that count, strongest first.
   */
  because: string[];
}
/**
 * A way that code of the package gets to run.
 */
export interface Surface {
  kind: SurfaceKind;
  /**
   * The hook, for `install` and `prepare`: `postinstall`, …; for `tool` what makes the tool
   * act: `folderOpen`, `SessionStart`, a key of its settings.
   */
  hook?: string | null;
  /**
   * The command that the hook or the tool runs, or the file that it loads.
   */
  command?: string | null;
  /**
   * The subpath of an `import`, the command's name of a `bin`, the tool of a `tool`.
   */
  name?: string | null;
  /**
   * The conditions that lead to an `import`, in manifest order; absent if there are none.
   */
  conditions?: string[];
  /**
   * Paths of the files that it names directly.
   */
  entries: string[];
  /**
   * Packages whose code a hook loads: what they do is in their own reports.
   */
  uses?: string[];
  /**
   * What each package manager does with a hook by itself; absent where it is no hook.
   */
  managers?: Managers | null;
}
/**
 * What each package manager does with its own defaults.
 */
export interface Managers {
  npm11: Outcome;
  npm12: Outcome;
  pnpm: Outcome;
  yarnClassic: Outcome;
  yarnBerry: Outcome;
  bun: Outcome;
  deno: Outcome;
}
/**
 * A file that npm would write.
 */
export interface File {
  /**
   * Path inside the package.
   */
  path: string;
  /**
   * Bytes.
   */
  size: number;
  /**
   * Hexadecimal SHA-256 of its bytes.
   */
  sha256: string;
  /**
   * What it holds, by content: `javascript`, `json`, `shell`, `native`, …
   */
  kind: string;
  reach: Reach;
  /**
   * Digest of what the file does; equal in two files that do the same.
   */
  behaviours: string;
  /**
   * How many lines it has; absent if it holds no code that is read.
   */
  lines?: number | null;
  /**
   * Bytes of its longest line; absent if it holds no code that is read.
   */
  longestLine?: number | null;
}
/**
 * Surface kind to trigger; empty means dormant.
 */
export interface Reach {
  install?: Trigger;
  prepare?: Trigger;
  import?: Trigger;
  bin?: Trigger;
  tool?: Trigger;
}
/**
 * Something the package does.
 */
export interface Behaviour {
  /**
   * What: `network.http`, `fs.read`, … as `tarsight rules` lists them.
   */
  id: string;
  /**
   * The coarse class of the id.
   */
  capability: string;
  /**
   * To what: host, path, command, …; null if not resolved.
   */
  target: string | null;
  /**
   * What the target is: `url`, `host`, `path`, `command`, `module`, `variable`, `code` or
   * `other`; null if not resolved.
   */
  targetKind: string | null;
  origin: OriginSet;
  reach: Reach;
  /**
   * Conditions that lead to it, as far as known: `platform=win32`.
   */
  guards: string[];
  /**
   * `name@version` of the bundled package that it belongs to; null for the package's own.
   */
  package: string | null;
  /**
   * Where, sorted by file and offset.
   */
  sites: Site[];
  /**
   * How many sites there are, those that were cut included.
   */
  siteCount: number;
}
/**
 * A place in the package's text.
 *
 * Lines and columns start at 1. Columns count UTF-16 units, as editors and SARIF do.
 */
export interface Site {
  /**
   * Path inside the package.
   */
  file: string;
  /**
   * First line; inside the innermost layer if there are layers.
   */
  line: number;
  /**
   * First column, in UTF-16 units.
   */
  column: number;
  /**
   * Last line.
   */
  endLine: number;
  /**
   * One past the last column, in UTF-16 units.
   */
  endColumn: number;
  /**
   * First byte; of the innermost layer's text if there are layers.
   */
  offset: number;
  /**
   * Number of bytes.
   */
  length: number;
  /**
   * The text, cut at 160 characters, with what cannot be seen written `\u{202E}`.
   */
  excerpt: string;
  /**
   * The layers around the place, outermost first; empty for text of the file itself.
   */
  layers: Layer[];
}
/**
 * Code found inside a value: where the value stands and what turns it into code.
 */
export interface Layer {
  /**
   * What wraps the code: `base64`, `eval`, `node -e`, …
   */
  kind: string;
  /**
   * Path of the file that holds the value.
   */
  file: string;
  /**
   * Line of the value; inside the layer before it if there is one.
   */
  line: number;
  /**
   * Column of the value, in UTF-16 units.
   */
  column: number;
}
/**
 * A path from a source to a sink.
 */
export interface Flow {
  /**
   * What moves where: `credential-to-network`, …
   */
  id: string;
  source: Source;
  sink: Sink;
  /**
   * Whose the two ends are; absent where nothing leaves the machine.
   */
  cell?: Cell | null;
  reach: Reach;
  /**
   * The way from source to sink, in order; at most 12 steps, the middle of a longer way as one.
   */
  steps: Step[];
  /**
   * How many steps there are; absent if all are listed.
   */
  stepCount?: number | null;
}
/**
 * Where data comes from.
 */
export interface Source {
  /**
   * What is read: `credential.npm`, …
   */
  id: string;
  /**
   * The path, variable or host that it is read from; null if not resolved.
   */
  target: string | null;
  origin: Origin;
}
/**
 * Where data goes.
 */
export interface Sink {
  /**
   * What takes it: `network.http`, …
   */
  id: string;
  /**
   * The host, path or command that takes it; null if not resolved.
   */
  target: string | null;
  origin: OriginSet;
}
/**
 * Whose the two ends of a flow are.
 */
export interface Cell {
  /**
   * Whose the data is: `callers`, `secret`, `environment`, `host`, `file`, `remote`, `constant`.
   */
  from: string;
  /**
   * Whose the destination is, from its value: `callers`, `own`, `registry`, `vendor`, `local`,
   * `reserved`, `address`, a class of known hosts such as `paste`, `foreign`; `decoded`,
   * `remote` or `unknown` where the value is not known.
   */
  to: string;
}
/**
 * One step of a flow.
 */
export interface Step {
  role: StepRole;
  /**
   * What happens, in few words.
   */
  note: string;
  site: Site;
}
/**
 * A judgement over behaviours and flows.
 */
export interface Finding {
  /**
   * What kind, as `tarsight rules` lists them.
   */
  id: string;
  /**
   * Stable fingerprint from [`finding_key`]: equal in the next version if nothing that
   * matters changed.
   */
  key: string;
  severity: Severity;
  confidence: Confidence;
  /**
   * What kind, in words.
   */
  title: string;
  /**
   * What was seen, with the concrete secret, host or command.
   */
  message: string;
  reach: Reach;
  /**
   * The places that show it, sorted by file and offset.
   */
  evidence: Site[];
  /**
   * How many places there are; absent if all are listed.
   */
  evidenceCount?: number | null;
  /**
   * What lowered the severity, from computed values.
   */
  mitigations: Mitigation[];
  /**
   * What the reader can do.
   */
  advice: string;
  /**
   * When the same code is harmless.
   */
  benignWhen: string;
  /**
   * CWE and ATT&CK identifiers, sorted.
   */
  references: string[];
  /**
   * Why the caller waived it; null if it counts.
   */
  waived: string | null;
}
/**
 * Something that lowered the severity of a finding.
 */
export interface Mitigation {
  /**
   * What kind: `checksum-verified`, …
   */
  id: string;
  /**
   * What was seen.
   */
  note: string;
  /**
   * Where; null if it stands in no file.
   */
  site: Site | null;
}
/**
 * A place where two readers of the archive or the manifest could disagree.
 */
export interface Anomaly {
  /**
   * What kind, as `tarsight rules` lists them.
   */
  id: string;
  level: Severity;
  /**
   * Path inside the package, as far as there is one.
   */
  path: string | null;
  /**
   * What makes it concrete.
   */
  detail: string;
}
/**
 * What was looked at, and what was not.
 */
export interface Coverage {
  /**
   * Whether nothing is `not-examined`.
   */
  complete: boolean;
  files: FileCounts;
  /**
   * What was not looked at, sorted by reason, path and detail.
   */
  unanalysed: Unanalysed[];
  /**
   * How many there are; absent if all are listed.
   */
  unanalysedCount?: number | null;
}
/**
 * Counts of files.
 */
export interface FileCounts {
  /**
   * Files that npm would write.
   */
  total: number;
  /**
   * Files whose code was analysed.
   */
  analysed: number;
  /**
   * Files that hold no code.
   */
  inert: number;
  /**
   * Files that hold code which was not analysed.
   */
  unanalysed: number;
}
/**
 * Something that was not looked at.
 */
export interface Unanalysed {
  /**
   * Path inside the package; null for the archive or the report as a whole.
   */
  path: string | null;
  /**
   * Why, as `tarsight rules` lists them.
   */
  reason: string;
  /**
   * Which way of not knowing: `not-examined`, `not-resolved` or `opaque`.
   */
  kind: string;
  /**
   * The limit, the error or the site that makes it concrete.
   */
  detail: string;
  reach: Reach;
}
/**
 * Counts and times, for those who ask; never there by default, so that equal input gives
 * equal output.
 */
export interface Stats {
  /**
   * Files that were parsed, layers included; not those that a cache knew.
   */
  parsedFiles: number;
  /**
   * Bytes that were parsed, layers included.
   */
  parsedBytes: number;
  /**
   * Pieces of code found inside values.
   */
  layers: number;
  /**
   * Evaluation steps.
   */
  steps: number;
  /**
   * Microseconds from bytes to report; filled by the caller, who has a clock.
   */
  elapsedMicros?: number | null;
}
/**
 * What is new, gone and changed between two versions of a package.
 */
export interface DiffData {
  /**
   * `tarsight.diff/1`.
   */
  schema: 'tarsight.diff/1';
  engine: EngineInfo;
  old: Subject;
  new: Subject;
  risk: Risk;
  /**
   * What the reader should know before trusting the comparison.
   */
  warnings: Warning[];
  /**
   * What only the new version has, the strongest first.
   */
  gained: Item[];
  /**
   * How many there are; absent if all are listed.
   */
  gainedCount?: number | null;
  /**
   * What only the old version has.
   */
  lost: Item[];
  /**
   * How many there are; absent if all are listed.
   */
  lostCount?: number | null;
  /**
   * What both have, in another way; the strongest first.
   */
  changed: Change[];
  /**
   * How many there are; absent if all are listed.
   */
  changedCount?: number | null;
  same: Same;
  coverage: DiffCoverage;
  /**
   * Counts of the work for both versions; only there if the caller asked.
   */
  stats?: Stats | null;
}
/**
 * What the reader should know before trusting the comparison.
 */
export interface Warning {
  /**
   * What kind: `different-names`, `different-engines`, `different-limits`, `older-report`,
   * `incomplete-old`, `incomplete-new`.
   */
  id: string;
  /**
   * In words.
   */
  message: string;
}
/**
 * Something that only one of the versions has.
 */
export interface Item {
  /**
   * Of which list it is.
   */
  kind: string;
  /**
   * The id in that list: of a behaviour, a finding, an anomaly; the kind of a surface or a
   * dependency; the class of a file.
   */
  id: string;
  /**
   * Fingerprint of kind, id, normalised target and bundled package; `risk.because` names it.
   */
  key: string;
  /**
   * To what, as the report says it; null if there is nothing to name.
   */
  target: string | null;
  /**
   * What the target is; null if not resolved.
   */
  targetKind: string | null;
  origin: OriginSet;
  reach: Reach;
  /**
   * The bundled package that it belongs to, as `name@version`.
   */
  package: string | null;
  /**
   * Where, sorted by file and offset.
   */
  sites: Site[];
  level: RiskLevel;
  /**
   * Ids of the signals that it carries, the strongest first.
   */
  signals: string[];
  /**
   * The strongest signal in a sentence.
   */
  why: string;
}
/**
 * Something that both versions have, in another way.
 */
export interface Change {
  /**
   * Of which list it is.
   */
  kind: string;
  /**
   * The id in that list.
   */
  id: string;
  /**
   * Fingerprint, as in [`Item`].
   */
  key: string;
  /**
   * To what, as the new report says it.
   */
  target: string | null;
  from: State;
  to: State;
  /**
   * Where in the new version.
   */
  sites: Site[];
  level: RiskLevel;
  /**
   * Ids of the signals that it carries, the strongest first.
   */
  signals: string[];
  /**
   * The strongest signal in a sentence.
   */
  why: string;
}
/**
 * One side of a [`Change`]; what does not differ is absent.
 */
export interface State {
  /**
   * The surfaces that lead to it; empty means dormant.
   */
  reach?: Reach | null;
  /**
   * What it says: a command, a range, a severity, a size.
   */
  value?: string | null;
  /**
   * The files that it names.
   */
  entries?: string[] | null;
}
/**
 * How much stayed as it was.
 */
export interface Same {
  /**
   * Behaviours that both versions have with the same reach.
   */
  behaviours: number;
  /**
   * Files with the same bytes, wherever they stand.
   */
  files: number;
  /**
   * Findings that both versions have.
   */
  findings: number;
}
/**
 * Whether both versions were looked at in full.
 */
export interface DiffCoverage {
  /**
   * Whether nothing of either version was left out.
   */
  complete: boolean;
  /**
   * Whether nothing of the old version was left out; if not, what is gained may be old.
   */
  old: boolean;
  /**
   * Whether nothing of the new version was left out; if not, there may be more that is new.
   */
  new: boolean;
  /**
   * What of the new version was not examined.
   */
  unanalysed: Unanalysed[];
}
