/*
 * tarsight for C: reads an npm package as bytes and says what its code will do, when, and what is
 * new. It never runs anything.
 *
 * Conventions
 *
 * - Every call that can fail returns a tarsight_result; TARSIGHT_RESULT_OK is success. Results
 *   come through pointers, which are last and are written on success only.
 * - Some calls take a tarsight_error** at the very end. It may be NULL. It is written on failure
 *   only, and the error is then the caller's to free.
 * - NULL for a handle, a text or an out-pointer that must be there is
 *   TARSIGHT_RESULT_NULL_PARAMETER; functions that cannot fail say what they return for NULL.
 * - A handle is freed once, with the function of its name; all of them take NULL. A handle that
 *   was freed must not be used, not even to free it: nothing can notice that, as with free().
 * - A tarsight_str is borrowed. It is not zero-terminated: print it with "%.*s".
 * - "Thread-safe" means that the function may be called at any time from any thread as long as
 *   its handles live. The setters of options are not.
 * - No panic crosses: a bug of tarsight's is TARSIGHT_RESULT_PANIC, and the process goes on.
 *
 * Made from the Rust source by cbindgen; do not edit.
 */

#ifndef TARSIGHT_H
#define TARSIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of this header; tarsight_version() gives that of the library. */
#define TARSIGHT_VERSION "0.1.0"


/**
 * The number of this interface. It changes when a function, a number or a struct changes in a
 * way that a program built before would notice.
 */
#define TARSIGHT_ABI_VERSION 1

/**
 * How a call ended. Everything but TARSIGHT_RESULT_OK is a failure; numbers are never used again
 * for something else, and new ones may come.
 */
enum tarsight_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Done.
   */
  TARSIGHT_RESULT_OK = 7000,
  /**
   * A pointer that must not be NULL is NULL.
   */
  TARSIGHT_RESULT_NULL_PARAMETER = 7001,
  /**
   * A text is not UTF-8.
   */
  TARSIGHT_RESULT_NOT_UTF8 = 7002,
  /**
   * An option has a name or a value that does not exist; the message lists the names.
   */
  TARSIGHT_RESULT_INVALID_OPTION = 7003,
  /**
   * There is no item of that index.
   */
  TARSIGHT_RESULT_OUT_OF_RANGE = 7004,
  /**
   * The call was cancelled.
   */
  TARSIGHT_RESULT_CANCELLED = 7005,
  /**
   * A bug in tarsight; please report it.
   */
  TARSIGHT_RESULT_PANIC = 7006,
  /**
   * The input has no byte.
   */
  TARSIGHT_RESULT_EMPTY = 7100,
  /**
   * The input is neither gzip nor tar.
   */
  TARSIGHT_RESULT_NOT_AN_ARCHIVE = 7101,
  /**
   * The input has a compression that tarsight does not read.
   */
  TARSIGHT_RESULT_UNSUPPORTED_COMPRESSION = 7102,
  /**
   * The archive is damaged before its first entry ends.
   */
  TARSIGHT_RESULT_DAMAGED_ARCHIVE = 7103,
  /**
   * A limit was reached before package.json could be read.
   */
  TARSIGHT_RESULT_OVER_LIMIT = 7104,
  /**
   * The bytes are no saved report.
   */
  TARSIGHT_RESULT_NOT_A_REPORT = 7105,
  /**
   * There is no file or folder at the path.
   */
  TARSIGHT_RESULT_NOT_FOUND = 7106,
  /**
   * The system does not let the path be read.
   */
  TARSIGHT_RESULT_UNREADABLE = 7107,
  /**
   * Threads could not be started.
   */
  TARSIGHT_RESULT_THREADS = 7108,
  /**
   * A failure that has no number of its own yet; the error says which.
   */
  TARSIGHT_RESULT_OTHER = 7199,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tarsight_result tarsight_result;
#else
typedef uint32_t tarsight_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A risk level or a severity; the higher, the worse.
 */
enum tarsight_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No behaviour beyond plain computation. No finding is that.
   */
  TARSIGHT_LEVEL_NONE = 0,
  /**
   * Ordinary capabilities, each explainable.
   */
  TARSIGHT_LEVEL_LOW = 1,
  /**
   * A reviewer should look.
   */
  TARSIGHT_LEVEL_MEDIUM = 2,
  /**
   * Hostile unless someone can explain it.
   */
  TARSIGHT_LEVEL_HIGH = 3,
  /**
   * A complete attack is visible.
   */
  TARSIGHT_LEVEL_CRITICAL = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tarsight_level tarsight_level;
#else
typedef uint32_t tarsight_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How sure a finding is.
 */
enum tarsight_confidence
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A guess.
   */
  TARSIGHT_CONFIDENCE_LOW = 1,
  /**
   * Likely.
   */
  TARSIGHT_CONFIDENCE_MEDIUM = 2,
  /**
   * Seen.
   */
  TARSIGHT_CONFIDENCE_HIGH = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tarsight_confidence tarsight_confidence;
#else
typedef uint32_t tarsight_confidence;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * When code runs on a surface.
 */
enum tarsight_trigger
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The surface does not lead there.
   */
  TARSIGHT_TRIGGER_NONE = 0,
  /**
   * Only inside a function that somebody has to call.
   */
  TARSIGHT_TRIGGER_CALL = 1,
  /**
   * As soon as the surface runs.
   */
  TARSIGHT_TRIGGER_LOAD = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tarsight_trigger tarsight_trigger;
#else
typedef uint32_t tarsight_trigger;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Ends calls from another thread. Free it with tarsight_cancel_free.
 */
typedef struct tarsight_cancel tarsight_cancel;

/**
 * What one version does that the version before it did not. Free it with tarsight_diff_free.
 *
 * Nothing changes it, so that all functions on it are thread-safe. Views of it live as long as
 * it does.
 */
typedef struct tarsight_diff tarsight_diff;

/**
 * Reads packages. Make one and share it between threads; free it with tarsight_engine_free.
 *
 * Its worker threads start with it. A process that forks needs a new engine in the child.
 */
typedef struct tarsight_engine tarsight_engine;

/**
 * Why a call failed. Made by a call that failed, if the caller asked; free it with
 * tarsight_error_free.
 */
typedef struct tarsight_error tarsight_error;

/**
 * What an engine or a call is told besides the input. Free it with tarsight_options_free.
 *
 * Not to be changed while another thread uses it. Engines and calls keep nothing of it.
 */
typedef struct tarsight_options tarsight_options;

/**
 * What a package does. Free it with tarsight_report_free.
 *
 * Nothing changes it, so that all functions on it are thread-safe. Views of it live as long as
 * it does.
 */
typedef struct tarsight_report tarsight_report;

/**
 * A view of UTF-8 text that somebody else owns. It does not end with a zero byte and may have
 * zero bytes inside; each function says how long it lives. No text is `data` NULL and `len` 0.
 */
typedef struct {
  /**
   * The first byte.
   */
  const char *data;
  /**
   * The number of bytes.
   */
  size_t len;
} tarsight_str;

/**
 * The surfaces that lead to something, each with its trigger. All NONE: dormant.
 */
typedef struct {
  /**
   * Install hooks and `binding.gyp`.
   */
  tarsight_trigger install;
  /**
   * Hooks that run for git dependencies only.
   */
  tarsight_trigger prepare;
  /**
   * What `import` and `require` load.
   */
  tarsight_trigger import;
  /**
   * Commands that the package puts on the path.
   */
  tarsight_trigger bin;
  /**
   * Files that other tools execute.
   */
  tarsight_trigger tool;
} tarsight_reach;

/**
 * A judgement. Its views live as long as the report.
 */
typedef struct {
  /**
   * What kind, as `tarsight rules` lists them.
   */
  tarsight_str id;
  /**
   * Fingerprint: equal in the next version if nothing that matters changed.
   */
  tarsight_str key;
  /**
   * What kind, in words.
   */
  tarsight_str title;
  /**
   * What was seen, with the concrete secret, host or command.
   */
  tarsight_str message;
  /**
   * How bad.
   */
  tarsight_level severity;
  /**
   * How sure.
   */
  tarsight_confidence confidence;
  /**
   * The surfaces that lead to it.
   */
  tarsight_reach reach;
  /**
   * How many sites tarsight_report_finding_site gives.
   */
  size_t site_count;
} tarsight_finding;

/**
 * A place in the package's text. Lines and columns start at 1; columns count UTF-16 units.
 */
typedef struct {
  /**
   * Path inside the package.
   */
  tarsight_str file;
  /**
   * The text, cut.
   */
  tarsight_str excerpt;
  /**
   * First line.
   */
  uint32_t line;
  /**
   * First column.
   */
  uint32_t column;
  /**
   * Last line.
   */
  uint32_t end_line;
  /**
   * One past the last column.
   */
  uint32_t end_column;
  /**
   * First byte.
   */
  uint32_t offset;
  /**
   * Number of bytes.
   */
  uint32_t length;
  /**
   * How many pieces of code inside values are around it; 0 for text of the file itself.
   */
  size_t layer_count;
} tarsight_site;

/**
 * Something the package does. Its views live as long as the report.
 */
typedef struct {
  /**
   * What: `network.http`, `fs.read`, … as `tarsight rules` lists them.
   */
  tarsight_str id;
  /**
   * The coarse class of the id.
   */
  tarsight_str capability;
  /**
   * To what: host, path, command, …; no text if not resolved.
   */
  tarsight_str target;
  /**
   * What the target is: `url`, `host`, `path`, …; no text if not resolved.
   */
  tarsight_str target_kind;
  /**
   * `name@version` of the bundled package it belongs to; no text for the package's own.
   */
  tarsight_str package;
  /**
   * The surfaces that lead to it.
   */
  tarsight_reach reach;
  /**
   * How many sites tarsight_report_behaviour_site gives.
   */
  size_t site_count;
} tarsight_behaviour;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Makes a cancel handle.
 *
 * Thread-safe.
 *
 * # Safety
 * `out` is NULL or may be written.
 */
tarsight_result tarsight_cancel_new(tarsight_cancel **out);

/**
 * Ends every call that was given options with this handle, now and from now on, with
 * TARSIGHT_RESULT_CANCELLED. They return within 100 milliseconds; what they had started ends by
 * itself at the next file of the package.
 *
 * Thread-safe; meant for another thread than that of the call. May be called from a signal
 * handler.
 *
 * # Safety
 * `cancel` is NULL or a live handle.
 */
tarsight_result tarsight_cancel_now(const tarsight_cancel *cancel);

/**
 * Frees a cancel handle. Options and calls that were given it keep what they need. NULL is
 * nothing.
 *
 * # Safety
 * `cancel` is NULL or a live handle that is not used again.
 */
void tarsight_cancel_free(tarsight_cancel *cancel);

/**
 * Compares two reports.
 *
 * Thread-safe.
 *
 * # Safety
 * `old_report` and `new_report` are NULL or live handles. `out` is NULL or may be written.
 */
tarsight_result tarsight_diff_reports(const tarsight_report *old_report,
                                      const tarsight_report *new_report,
                                      tarsight_diff **out);

/**
 * The whole diff as JSON (`tarsight.diff/1`), the same bytes that `tarsight diff --format json`
 * prints, without the last line end. Made at the first call. Lives as long as the diff; empty
 * for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
tarsight_str tarsight_diff_json(const tarsight_diff *diff);

/**
 * The risk of the change; NONE for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
tarsight_level tarsight_diff_risk_level(const tarsight_diff *diff);

/**
 * The risk of the change as a number from 0 to 100; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
uint32_t tarsight_diff_risk_score(const tarsight_diff *diff);

/**
 * Whether nothing of either version was left out; false for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
bool tarsight_diff_is_complete(const tarsight_diff *diff);

/**
 * How many things the diff lists that only the new version has; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
size_t tarsight_diff_gained_count(const tarsight_diff *diff);

/**
 * How many things the diff lists that only the old version has; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
size_t tarsight_diff_lost_count(const tarsight_diff *diff);

/**
 * How many things the diff lists that both have, in another way; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `diff` is NULL or a live handle.
 */
size_t tarsight_diff_changed_count(const tarsight_diff *diff);

/**
 * Frees a diff. NULL is nothing.
 *
 * # Safety
 * `diff` is NULL or a live handle; neither it nor a view of it is used again.
 */
void tarsight_diff_free(tarsight_diff *diff);

/**
 * Makes an engine. Of `options` it takes limits and jobs; NULL means the defaults.
 *
 * Thread-safe.
 *
 * # Safety
 * `options` is NULL or a live handle. `out` and `error` are NULL or may be written.
 */
tarsight_result tarsight_engine_new(const tarsight_options *options,
                                    tarsight_engine **out,
                                    tarsight_error **error);

/**
 * Reads a tarball (.tgz or .tar) of `len` bytes at `data`. Of `options` it takes limits, label
 * and cancel; NULL means none. `data` is not kept; it may be NULL if `len` is 0.
 *
 * Thread-safe: an engine may read several packages at once.
 *
 * # Safety
 * `engine` and `options` are NULL or live handles. `len` bytes can be read at `data`, and nobody
 * writes there during the call. `out` and `error` are NULL or may be written.
 */
tarsight_result tarsight_engine_scan(const tarsight_engine *engine,
                                     const uint8_t *data,
                                     size_t len,
                                     const tarsight_options *options,
                                     tarsight_report **out,
                                     tarsight_error **error);

/**
 * Reads the package at `path`: a tarball, or the folder of an unpacked package. Otherwise as
 * tarsight_engine_scan; the report names the path.
 *
 * Thread-safe.
 *
 * # Safety
 * `engine` and `options` are NULL or live handles. `path` is NULL or ends with a zero byte.
 * `out` and `error` are NULL or may be written.
 */
tarsight_result tarsight_engine_scan_path(const tarsight_engine *engine,
                                          const char *path,
                                          const tarsight_options *options,
                                          tarsight_report **out,
                                          tarsight_error **error);

/**
 * Compares two tarballs, or reports that were saved as JSON: what does the new one do that the
 * old one did not. Files that both have are read once. `options` as in tarsight_engine_scan.
 *
 * Thread-safe.
 *
 * # Safety
 * `engine` and `options` are NULL or live handles. `old_len` bytes can be read at `old_data` and
 * `new_len` at `new_data`, and nobody writes there during the call. `out` and `error` are NULL or
 * may be written.
 */
tarsight_result tarsight_engine_diff(const tarsight_engine *engine,
                                     const uint8_t *old_data,
                                     size_t old_len,
                                     const uint8_t *new_data,
                                     size_t new_len,
                                     const tarsight_options *options,
                                     tarsight_diff **out,
                                     tarsight_error **error);

/**
 * Compares what is at two paths: tarballs, folders of unpacked packages, or saved reports.
 * Otherwise as tarsight_engine_diff.
 *
 * Thread-safe.
 *
 * # Safety
 * `engine` and `options` are NULL or live handles. `old_path` and `new_path` are NULL or end with
 * a zero byte. `out` and `error` are NULL or may be written.
 */
tarsight_result tarsight_engine_diff_paths(const tarsight_engine *engine,
                                           const char *old_path,
                                           const char *new_path,
                                           const tarsight_options *options,
                                           tarsight_diff **out,
                                           tarsight_error **error);

/**
 * Frees an engine. Reports and diffs that it made stay. NULL is nothing.
 *
 * # Safety
 * `engine` is NULL or a live handle; no call uses it now or later.
 */
void tarsight_engine_free(tarsight_engine *engine);

/**
 * What went wrong, and what to do. Lives as long as the error; empty for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `error` is NULL or a live handle.
 */
tarsight_str tarsight_error_message(const tarsight_error *error);

/**
 * The code that the command and the other languages give: `not-an-archive`, … Lives as long as
 * the error; empty for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `error` is NULL or a live handle.
 */
tarsight_str tarsight_error_code(const tarsight_error *error);

/**
 * Frees an error. NULL is nothing.
 *
 * # Safety
 * `error` is NULL or a live handle; neither it nor a view of it is used again.
 */
void tarsight_error_free(tarsight_error *error);

/**
 * Makes options that change nothing.
 *
 * Thread-safe.
 *
 * # Safety
 * `out` is NULL or may be written.
 */
tarsight_result tarsight_options_new(tarsight_options **out);

/**
 * Sets a limit by its name, as `parse-bytes`; the README lists them. An unknown name fails with
 * TARSIGHT_RESULT_INVALID_OPTION, and the error lists the names.
 *
 * In options of an engine it holds for all its calls. Options of a call that set any limit have
 * the defaults for the others, whatever the engine has.
 *
 * # Safety
 * `options` is NULL or a live handle that no other thread uses. `name` is NULL or ends with a
 * zero byte. `error` is NULL or may be written.
 */
tarsight_result tarsight_options_set_limit(tarsight_options *options,
                                           const char *name,
                                           uint64_t value,
                                           tarsight_error **error);

/**
 * Sets how many worker threads an engine has; 0 means one for each core. Calls ignore it.
 *
 * # Safety
 * `options` is NULL or a live handle that no other thread uses.
 */
tarsight_result tarsight_options_set_jobs(tarsight_options *options, uint16_t jobs);

/**
 * Sets the caller's own name for the package, which the report then carries; NULL takes it back.
 *
 * # Safety
 * `options` is NULL or a live handle that no other thread uses. `label` is NULL or ends with a
 * zero byte.
 */
tarsight_result tarsight_options_set_label(tarsight_options *options, const char *label);

/**
 * Lets calls with these options be ended by a cancel handle; NULL takes it back. Such a call
 * copies the input, since it may return while the work still goes on.
 *
 * # Safety
 * `options` is NULL or a live handle that no other thread uses. `cancel` is NULL or a live
 * handle.
 */
tarsight_result tarsight_options_set_cancel(tarsight_options *options,
                                            const tarsight_cancel *cancel);

/**
 * Lets calls with these options read no further file once so many milliseconds have passed; 0
 * takes it back. They still succeed: what was left out stands in the report as `cancelled`. A
 * limit that tarsight_options_set_limit sets counts work instead of time, and gives the same
 * report on every machine.
 *
 * # Safety
 * `options` is NULL or a live handle that no other thread uses.
 */
tarsight_result tarsight_options_set_time_limit(tarsight_options *options, uint64_t milliseconds);

/**
 * Frees options. NULL is nothing.
 *
 * # Safety
 * `options` is NULL or a live handle that is not used again.
 */
void tarsight_options_free(tarsight_options *options);

/**
 * Reads a report that was saved as JSON.
 *
 * Thread-safe.
 *
 * # Safety
 * `len` bytes can be read at `data`, and nobody writes there during the call. `out` and `error`
 * are NULL or may be written.
 */
tarsight_result tarsight_report_from_json(const uint8_t *data,
                                          size_t len,
                                          tarsight_report **out,
                                          tarsight_error **error);

/**
 * The whole report as JSON (`tarsight.report/1`), the same bytes that
 * `tarsight scan --format json` prints, without the last line end. Made at the first call. Lives
 * as long as the report; empty for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
tarsight_str tarsight_report_json(const tarsight_report *report);

/**
 * The risk of the package; NONE for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
tarsight_level tarsight_report_risk_level(const tarsight_report *report);

/**
 * The risk of the package as a number from 0 to 100; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
uint32_t tarsight_report_risk_score(const tarsight_report *report);

/**
 * Whether nothing of the package was left out; false for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
bool tarsight_report_is_complete(const tarsight_report *report);

/**
 * How many files the package has; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
size_t tarsight_report_file_count(const tarsight_report *report);

/**
 * How many findings the report lists; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
size_t tarsight_report_finding_count(const tarsight_report *report);

/**
 * Gives a finding by its index, the worst first.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle. `out` is NULL or may be written.
 */
tarsight_result tarsight_report_finding(const tarsight_report *report,
                                        size_t index,
                                        tarsight_finding *out);

/**
 * Gives a place that shows a finding, by both indices.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle. `out` is NULL or may be written.
 */
tarsight_result tarsight_report_finding_site(const tarsight_report *report,
                                             size_t finding,
                                             size_t index,
                                             tarsight_site *out);

/**
 * How many behaviours the report lists; 0 for NULL.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle.
 */
size_t tarsight_report_behaviour_count(const tarsight_report *report);

/**
 * Gives a behaviour by its index.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle. `out` is NULL or may be written.
 */
tarsight_result tarsight_report_behaviour(const tarsight_report *report,
                                          size_t index,
                                          tarsight_behaviour *out);

/**
 * Gives a place of a behaviour, by both indices.
 *
 * Thread-safe.
 *
 * # Safety
 * `report` is NULL or a live handle. `out` is NULL or may be written.
 */
tarsight_result tarsight_report_behaviour_site(const tarsight_report *report,
                                               size_t behaviour,
                                               size_t index,
                                               tarsight_site *out);

/**
 * Frees a report. NULL is nothing.
 *
 * # Safety
 * `report` is NULL or a live handle; neither it nor a view of it is used again.
 */
void tarsight_report_free(tarsight_report *report);

/**
 * The version of the library, as `0.1.0`. Lives for ever.
 *
 * Thread-safe.
 */
tarsight_str tarsight_version(void);

/**
 * TARSIGHT_ABI_VERSION of the library. A program that finds another number than the header it
 * was built with should stop.
 *
 * Thread-safe.
 */
uint32_t tarsight_abi_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TARSIGHT_H */
