import type { DiffData, ReportData } from './documents';

export * from './documents';

/** A package: the bytes of a tarball, its path or `file:` URL, or that of an unpacked package. */
export type PackageSource = NodeJS.ArrayBufferView | ArrayBufferLike | string | URL;

/** Limits by name, as `{ 'parse-bytes': 1048576 }`; the README of tarsight lists them. */
export type Limits = Record<string, number | bigint>;

/** What an engine is told. */
export interface EngineOptions {
  /** Limits that differ from the defaults. An unknown name is an error that lists the names. */
  limits?: Limits | undefined;
  /** Worker threads; 0, the default, is one for each core. */
  jobs?: number | undefined;
}

/** What a call is told besides the package. */
export interface CallOptions {
  /** Limits of this call; they replace all of the engine's. */
  limits?: Limits | undefined;
  /**
   * Milliseconds after which no further file is read. The call still succeeds: what was left out
   * stands in the report as `cancelled`. `limits` count work instead of time, and give the same
   * report on every machine.
   */
  timeLimit?: number | undefined;
}

/** What a scan is told besides the package. */
export interface ScanOptions extends CallOptions {
  /** Your own name for the package; the report carries it. */
  label?: string | undefined;
}

/** How a call with a promise ends early. */
export interface Abortable {
  /**
   * Rejects the promise at once, with an error of the code `cancelled` and the signal's reason as
   * its cause. What was started ends by itself at the next file of the package.
   */
  signal?: AbortSignal | undefined;
}

/** Reads packages. Make one if you want limits of your own; the functions share one. */
export class Engine {
  constructor(options?: EngineOptions);

  /** Reads a package off the main thread, from a copy of the bytes. */
  scan(source: PackageSource, options?: ScanOptions & Abortable): Promise<Report>;

  /** Reads a package while you wait, without a copy. */
  scanSync(source: PackageSource, options?: ScanOptions): Report;

  /**
   * Says what the new version does that the old one did not. Each side is a package, a report, or
   * a report that was saved as JSON; files that both packages have are read once.
   */
  diff(before: PackageSource | Report, after: PackageSource | Report, options?: CallOptions & Abortable): Promise<Diff>;

  /** As `diff`, while you wait. */
  diffSync(before: PackageSource | Report, after: PackageSource | Report, options?: CallOptions): Diff;
}

/** What a package does. Each key of the document is a property; the first one parses it. */
export interface Report extends Readonly<ReportData> {
  /** The document as `tarsight scan --format json` prints it. */
  readonly json: string;
  /** The document as data, parsed once. */
  readonly data: ReportData;
  toJSON(): ReportData;
}

export const Report: {
  /** Reads a report that was saved as JSON. */
  fromJSON(json: string | NodeJS.ArrayBufferView | ArrayBufferLike): Report;
  readonly prototype: Report;
};

/** What one version does that the version before it did not. */
export interface Diff extends Readonly<DiffData> {
  /** The document as `tarsight diff --format json` prints it. */
  readonly json: string;
  /** The document as data, parsed once. */
  readonly data: DiffData;
  toJSON(): DiffData;
}

export const Diff: { readonly prototype: Diff };

/** Why there is no report. */
export class TarsightError extends Error {
  private constructor();
  /** A stable word: `not-an-archive`, `over-limit`, `invalid-option`, `cancelled`, … */
  readonly code: string;
}

/** The version of the engine. */
export const version: string;

/** `Engine.scan` of an engine with the default limits. */
export function scan(source: PackageSource, options?: ScanOptions & Abortable): Promise<Report>;

/** `Engine.scanSync` of an engine with the default limits. */
export function scanSync(source: PackageSource, options?: ScanOptions): Report;

/** `Engine.diff` of an engine with the default limits. */
export function diff(
  before: PackageSource | Report,
  after: PackageSource | Report,
  options?: CallOptions & Abortable,
): Promise<Diff>;

/** `Engine.diffSync` of an engine with the default limits. */
export function diffSync(
  before: PackageSource | Report,
  after: PackageSource | Report,
  options?: CallOptions,
): Diff;
