'use strict';

const { isSharedArrayBuffer } = require('node:util').types;
const { fileURLToPath } = require('node:url');
const documents = require('./documents.js');
const native = require('./native.js');

class TarsightError extends Error {
  constructor(message, code, options) {
    super(message, options);
    this.name = 'TarsightError';
    this.code = code;
  }
}

/** What the addon gave, or the error that it tells. */
function checked(value) {
  if (value instanceof native.NativeReport || value instanceof native.NativeDiff) {
    return value;
  }
  if (typeof value === 'object' && typeof value.code === 'string') {
    throw new TarsightError(value.message, value.code);
  }
  return value;
}

/** Only this module makes reports and diffs. */
const OURS = Symbol('tarsight');

class Document {
  #native;
  #json;
  #data;

  constructor(ours, made) {
    if (ours !== OURS) {
      throw new TypeError('use scan, diff or Report.fromJSON');
    }
    this.#native = made;
  }

  get json() {
    this.#json ??= checked(this.#native.json());
    return this.#json;
  }

  get data() {
    this.#data ??= JSON.parse(this.json);
    return this.#data;
  }

  toJSON() {
    return this.data;
  }

  static native(document) {
    return document.#native;
  }
}

/** Each key of the document as a property that parses it when it is first asked for. */
function withKeys(type, keys) {
  for (const key of keys) {
    Object.defineProperty(type.prototype, key, {
      configurable: true,
      enumerable: true,
      get() {
        return this.data[key];
      },
    });
  }
}

class Report extends Document {
  static fromJSON(json) {
    const bytes = typeof json === 'string' ? Buffer.from(json) : bytesOf(json);
    if (bytes === undefined) {
      throw new TypeError('a saved report is a string or bytes');
    }
    return new Report(OURS, checked(native.NativeReport.fromJson(bytes)));
  }
}
withKeys(Report, documents.report);

class Diff extends Document {}
withKeys(Diff, documents.diff);

/** A view of the bytes, if there are any. */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Other threads may write to it at any time.
    return isSharedArrayBuffer(value.buffer) ? new Uint8Array(bytes) : bytes;
  }
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  return isSharedArrayBuffer(value) ? new Uint8Array(new Uint8Array(value)) : undefined;
}

function sourceOf(value) {
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof URL) {
    return fileURLToPath(value);
  }
  const bytes = bytesOf(value);
  if (bytes === undefined) {
    const type = value === null ? 'null' : typeof value;
    throw new TypeError(`a package is a Buffer, bytes, a path or a file URL, not ${type}`);
  }
  return bytes;
}

function sideOf(value) {
  return value instanceof Report ? Document.native(value) : sourceOf(value);
}

function limitsOf(limits) {
  if (limits === undefined || limits === null) {
    return undefined;
  }
  return Object.entries(limits).map(([name, value]) => ({
    name,
    value: typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN,
  }));
}

/** What a call is told besides its packages and its signal. */
function callOf(limits, timeLimit) {
  const milliseconds = timeLimit ?? undefined;
  const isTime = typeof milliseconds === 'number' && milliseconds >= 0;
  if (milliseconds !== undefined && !isTime) {
    throw new TarsightError('timeLimit has to be milliseconds, 0 or more', 'invalid-option');
  }
  return { limits: limitsOf(limits), timeLimit: milliseconds };
}

function labelOf(label) {
  if (label !== undefined && label !== null && typeof label !== 'string') {
    throw new TypeError('label has to be a string');
  }
  return label ?? undefined;
}

function jobsOf(jobs = 0) {
  if (!Number.isInteger(jobs) || jobs < 0 || jobs > 65535) {
    throw new TarsightError('jobs has to be a whole number from 0 to 65535', 'invalid-option');
  }
  return jobs;
}

function cancelled(signal) {
  const error = new TarsightError('the call was cancelled', 'cancelled', { cause: signal.reason });
  // As Node's own functions name it.
  error.name = 'AbortError';
  return error;
}

/** Runs a call that a signal ends: its promise is then rejected at once. */
async function abortable(signal, start) {
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) {
    throw new TypeError('signal has to be an AbortSignal');
  }
  if (signal?.aborted) {
    throw cancelled(signal);
  }
  const cancel = new native.NativeCancel();
  const work = Promise.resolve(checked(start(cancel))).then(checked);
  if (signal === undefined || signal === null) {
    return work;
  }
  let listener;
  const aborted = new Promise((_, reject) => {
    listener = () => {
      cancel.cancel();
      reject(cancelled(signal));
    };
    signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}

class Engine {
  #native;

  constructor({ limits, jobs } = {}) {
    this.#native = checked(native.createEngine(limitsOf(limits) ?? [], jobsOf(jobs)));
  }

  async scan(source, { label, limits, timeLimit, signal } = {}) {
    const given = [sourceOf(source), labelOf(label), callOf(limits, timeLimit)];
    const made = await abortable(signal, (cancel) => this.#native.scan(...given, cancel));
    return new Report(OURS, made);
  }

  scanSync(source, { label, limits, timeLimit } = {}) {
    const call = callOf(limits, timeLimit);
    const made = this.#native.scanSync(sourceOf(source), labelOf(label), call);
    return new Report(OURS, checked(made));
  }

  async diff(before, after, { limits, timeLimit, signal } = {}) {
    const given = [sideOf(before), sideOf(after), callOf(limits, timeLimit)];
    const made = await abortable(signal, (cancel) => this.#native.diff(...given, cancel));
    return new Diff(OURS, made);
  }

  diffSync(before, after, { limits, timeLimit } = {}) {
    const made = this.#native.diffSync(sideOf(before), sideOf(after), callOf(limits, timeLimit));
    return new Diff(OURS, checked(made));
  }
}

/** The engine of the functions; its threads start with the first call. */
let shared;
const engine = () => (shared ??= new Engine());

module.exports = {
  Diff,
  Engine,
  Report,
  TarsightError,
  version: native.version(),
  scan: async (source, options) => engine().scan(source, options),
  scanSync: (source, options) => engine().scanSync(source, options),
  diff: async (before, after, options) => engine().diff(before, after, options),
  diffSync: (before, after, options) => engine().diffSync(before, after, options),
};
