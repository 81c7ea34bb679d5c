/* The C interface, from a C program.
 *
 * Usage: test HOSTILE.tgz HOSTILE-FOLDER OLD.tgz NEW.tgz [LARGE.tgz]
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tarsight.h>
#include <time.h>

#define CHECK(what)                                                        \
    do {                                                                   \
        if (!(what)) {                                                     \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #what); \
            exit(1);                                                       \
        }                                                                  \
    } while (0)

#define OK(what) CHECK((what) == TARSIGHT_RESULT_OK)

struct bytes {
    unsigned char *data;
    size_t len;
};

static struct bytes read_file(const char *path) {
    struct bytes bytes = {NULL, 0};
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    CHECK(fseek(file, 0, SEEK_END) == 0);
    bytes.len = (size_t)ftell(file);
    rewind(file);
    bytes.data = malloc(bytes.len);
    CHECK(bytes.data != NULL);
    CHECK(fread(bytes.data, 1, bytes.len, file) == bytes.len);
    fclose(file);
    return bytes;
}

static bool is(tarsight_str text, const char *expected) {
    return text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}

static bool has(tarsight_str text, const char *part) {
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.data + i, part, len) == 0) {
            return true;
        }
    }
    return false;
}

static tarsight_report *scan(const tarsight_engine *engine, struct bytes bytes) {
    tarsight_report *report = NULL;
    tarsight_error *error = NULL;
    OK(tarsight_engine_scan(engine, bytes.data, bytes.len, NULL, &report, &error));
    CHECK(report != NULL && error == NULL);
    return report;
}

/* A static library that lost its tables would have nothing to say. */
static void what_a_report_says(const tarsight_engine *engine, struct bytes hostile) {
    tarsight_report *report = scan(engine, hostile);
    CHECK(tarsight_report_risk_level(report) == TARSIGHT_LEVEL_CRITICAL);
    CHECK(tarsight_report_risk_score(report) >= 80);
    CHECK(tarsight_report_is_complete(report));
    CHECK(tarsight_report_file_count(report) == 4);

    CHECK(tarsight_report_finding_count(report) >= 1);
    tarsight_finding finding;
    OK(tarsight_report_finding(report, 0, &finding));
    CHECK(is(finding.id, "credential-exfiltration"));
    CHECK(has(finding.message, "https://collect.invalid/v1/report"));
    CHECK(finding.severity == TARSIGHT_LEVEL_CRITICAL);
    CHECK(finding.confidence == TARSIGHT_CONFIDENCE_HIGH);
    CHECK(finding.reach.install == TARSIGHT_TRIGGER_LOAD);
    CHECK(finding.reach.bin == TARSIGHT_TRIGGER_NONE);
    CHECK(finding.key.len == 16 && finding.site_count > 0);
    for (size_t i = 0; i < finding.site_count; i++) {
        tarsight_site site;
        OK(tarsight_report_finding_site(report, 0, i, &site));
        CHECK(site.file.len > 0 && site.line > 0 && site.column > 0);
    }

    size_t count = tarsight_report_behaviour_count(report);
    size_t requests = 0, reads = 0;
    CHECK(count >= 5);
    for (size_t i = 0; i < count; i++) {
        tarsight_behaviour behaviour;
        tarsight_site site;
        OK(tarsight_report_behaviour(report, i, &behaviour));
        CHECK(behaviour.package.data == NULL && behaviour.package.len == 0);
        if (is(behaviour.id, "network.http")) {
            requests++;
            CHECK(is(behaviour.capability, "network"));
            CHECK(is(behaviour.target, "https://collect.invalid/v1/report"));
            CHECK(is(behaviour.target_kind, "url"));
            OK(tarsight_report_behaviour_site(report, i, 0, &site));
            CHECK(is(site.file, "lib/send.js"));
        }
        reads += is(behaviour.id, "fs.read");
    }
    CHECK(requests == 1 && reads == 1);

    tarsight_str json = tarsight_report_json(report);
    CHECK(json.len > 1000 && json.data[0] == '{' && json.data[json.len - 1] == '}');
    CHECK(tarsight_report_json(report).data == json.data);
    tarsight_report *again = NULL;
    OK(tarsight_report_from_json((const uint8_t *)json.data, json.len, &again, NULL));
    CHECK(tarsight_report_finding_count(again) == tarsight_report_finding_count(report));
    tarsight_report_free(again);
    tarsight_report_free(report);
}

static void paths_name_the_package(const tarsight_engine *engine, const char *file, const char *folder) {
    const char *paths[] = {file, folder};
    for (int i = 0; i < 2; i++) {
        tarsight_report *report = NULL;
        OK(tarsight_engine_scan_path(engine, paths[i], NULL, &report, NULL));
        CHECK(has(tarsight_report_json(report), paths[i]));
        CHECK(tarsight_report_finding_count(report) >= 1);
        tarsight_report_free(report);
    }
}

static void diffs_agree(const tarsight_engine *engine, const char *old_path, const char *new_path) {
    struct bytes old_bytes = read_file(old_path), new_bytes = read_file(new_path);
    tarsight_diff *diff = NULL, *same = NULL, *paths = NULL;
    OK(tarsight_engine_diff(engine, old_bytes.data, old_bytes.len, new_bytes.data, new_bytes.len,
                            NULL, &diff, NULL));
    CHECK(tarsight_diff_risk_level(diff) == TARSIGHT_LEVEL_HIGH);
    CHECK(tarsight_diff_risk_score(diff) >= 50);
    CHECK(tarsight_diff_gained_count(diff) >= 1);
    CHECK(tarsight_diff_lost_count(diff) == 0);
    CHECK(tarsight_diff_changed_count(diff) == 0);
    CHECK(tarsight_diff_is_complete(diff));
    CHECK(has(tarsight_diff_json(diff), "https://stats.invalid/p"));

    tarsight_report *before = scan(engine, old_bytes), *after = scan(engine, new_bytes);
    OK(tarsight_diff_reports(before, after, &same));
    tarsight_str one = tarsight_diff_json(diff), two = tarsight_diff_json(same);
    CHECK(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);

    OK(tarsight_engine_diff_paths(engine, old_path, new_path, NULL, &paths, NULL));
    CHECK(tarsight_diff_gained_count(paths) == tarsight_diff_gained_count(diff));
    tarsight_report_free(before);
    tarsight_report_free(after);
    tarsight_diff_free(diff);
    tarsight_diff_free(same);
    tarsight_diff_free(paths);
    free(old_bytes.data);
    free(new_bytes.data);
}

static void options_count(struct bytes hostile) {
    tarsight_options *options = NULL;
    tarsight_engine *engine = NULL;
    tarsight_report *report = NULL;
    tarsight_error *error = NULL;
    OK(tarsight_options_new(&options));
    CHECK(tarsight_options_set_limit(options, "speed", 1, &error) == TARSIGHT_RESULT_INVALID_OPTION);
    CHECK(is(tarsight_error_code(error), "invalid-option"));
    CHECK(has(tarsight_error_message(error), "parse-bytes"));
    tarsight_error_free(error);
    error = NULL;
    CHECK(tarsight_options_set_limit(options, "\xff", 1, NULL) == TARSIGHT_RESULT_NOT_UTF8);
    OK(tarsight_options_set_limit(options, "sites", 1, NULL));
    OK(tarsight_options_set_jobs(options, 1));
    OK(tarsight_engine_new(options, &engine, NULL));

    /* The engine keeps nothing of the options. */
    tarsight_options_free(options);
    OK(tarsight_options_new(&options));
    OK(tarsight_options_set_label(options, "mine"));
    OK(tarsight_engine_scan(engine, hostile.data, hostile.len, options, &report, NULL));
    tarsight_str json = tarsight_report_json(report);
    CHECK(has(json, "\"label\": \"mine\"") && has(json, "\"sites\": 1"));
    tarsight_behaviour behaviour;
    for (size_t i = 0; i < tarsight_report_behaviour_count(report); i++) {
        OK(tarsight_report_behaviour(report, i, &behaviour));
        CHECK(behaviour.site_count == 1);
    }
    tarsight_report_free(report);
    report = NULL;

    OK(tarsight_options_set_time_limit(options, UINT64_MAX));
    OK(tarsight_engine_scan(engine, hostile.data, hostile.len, options, &report, &error));
    CHECK(tarsight_report_is_complete(report));
    tarsight_report_free(report);
    report = NULL;
    OK(tarsight_options_set_time_limit(options, 0));
    CHECK(tarsight_options_set_time_limit(NULL, 1) == TARSIGHT_RESULT_NULL_PARAMETER);

    OK(tarsight_options_set_limit(options, "compressed-bytes", 10, NULL));
    CHECK(tarsight_engine_scan(engine, hostile.data, hostile.len, options, &report, &error) ==
          TARSIGHT_RESULT_OVER_LIMIT);
    CHECK(report == NULL && has(tarsight_error_message(error), "compressed-bytes"));
    tarsight_error_free(error);
    tarsight_options_free(options);
    tarsight_engine_free(engine);
}

static void bad_input_is_a_result(const tarsight_engine *engine) {
    static const unsigned char noise[] = "this is no archive";
    static const struct {
        const unsigned char *data;
        size_t len;
        tarsight_result result;
        const char *code;
    } inputs[] = {
        {NULL, 0, TARSIGHT_RESULT_EMPTY, "empty"},
        {noise, 0, TARSIGHT_RESULT_EMPTY, "empty"},
        {NULL, 5, TARSIGHT_RESULT_NULL_PARAMETER, "null-parameter"},
        {noise, sizeof noise, TARSIGHT_RESULT_NOT_AN_ARCHIVE, "not-an-archive"},
        {noise, SIZE_MAX, TARSIGHT_RESULT_INVALID_OPTION, "invalid-option"},
    };
    tarsight_report *const untouched = (tarsight_report *)&inputs;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        tarsight_report *report = untouched;
        tarsight_error *error = NULL;
        CHECK(tarsight_engine_scan(engine, inputs[i].data, inputs[i].len, NULL, &report, &error) ==
              inputs[i].result);
        CHECK(report == untouched);
        CHECK(is(tarsight_error_code(error), inputs[i].code));
        CHECK(tarsight_error_message(error).len > 0);
        tarsight_error_free(error);
    }
    tarsight_report *report = untouched;
    tarsight_error *error = NULL;
    CHECK(tarsight_engine_scan_path(engine, "/no/such/file", NULL, &report, &error) ==
          TARSIGHT_RESULT_NOT_FOUND);
    CHECK(report == untouched && has(tarsight_error_message(error), "/no/such/file"));
    tarsight_error_free(error);
    CHECK(tarsight_report_from_json(noise, sizeof noise, &report, NULL) == TARSIGHT_RESULT_NOT_A_REPORT);
    CHECK(report == untouched);
}

static void null_is_told(const tarsight_engine *engine, struct bytes hostile) {
    tarsight_report *report = NULL;
    tarsight_diff *diff = NULL;
    tarsight_finding finding;
    tarsight_site site;
    const tarsight_result null = TARSIGHT_RESULT_NULL_PARAMETER;
    CHECK(tarsight_engine_new(NULL, NULL, NULL) == null);
    CHECK(tarsight_engine_scan(NULL, hostile.data, hostile.len, NULL, &report, NULL) == null);
    CHECK(tarsight_engine_scan(engine, hostile.data, hostile.len, NULL, NULL, NULL) == null);
    CHECK(tarsight_engine_scan_path(engine, NULL, NULL, &report, NULL) == null);
    CHECK(tarsight_engine_diff(NULL, NULL, 0, NULL, 0, NULL, &diff, NULL) == null);
    CHECK(tarsight_engine_diff_paths(engine, NULL, NULL, NULL, &diff, NULL) == null);
    CHECK(tarsight_diff_reports(NULL, NULL, &diff) == null);
    CHECK(tarsight_report_from_json(NULL, 1, &report, NULL) == null);
    CHECK(tarsight_report_finding(NULL, 0, &finding) == null);
    CHECK(tarsight_report_behaviour(NULL, 0, NULL) == null);
    CHECK(tarsight_options_new(NULL) == null);
    CHECK(tarsight_options_set_limit(NULL, "sites", 1, NULL) == null);
    CHECK(tarsight_options_set_jobs(NULL, 1) == null);
    CHECK(tarsight_options_set_label(NULL, NULL) == null);
    CHECK(tarsight_options_set_cancel(NULL, NULL) == null);
    CHECK(tarsight_cancel_new(NULL) == null);
    CHECK(tarsight_cancel_now(NULL) == null);
    CHECK(report == NULL && diff == NULL);

    CHECK(tarsight_report_json(NULL).data == NULL);
    CHECK(tarsight_report_risk_level(NULL) == TARSIGHT_LEVEL_NONE);
    CHECK(tarsight_report_finding_count(NULL) == 0);
    CHECK(!tarsight_report_is_complete(NULL));
    CHECK(tarsight_diff_json(NULL).len == 0);
    CHECK(tarsight_diff_gained_count(NULL) == 0);
    CHECK(tarsight_error_message(NULL).data == NULL);
    tarsight_engine_free(NULL);
    tarsight_report_free(NULL);
    tarsight_diff_free(NULL);
    tarsight_options_free(NULL);
    tarsight_cancel_free(NULL);
    tarsight_error_free(NULL);

    report = scan(engine, hostile);
    size_t count = tarsight_report_finding_count(report);
    CHECK(tarsight_report_finding(report, count, &finding) == TARSIGHT_RESULT_OUT_OF_RANGE);
    CHECK(tarsight_report_finding(report, 0, NULL) == null);
    CHECK(tarsight_report_finding_site(report, count, 0, &site) == TARSIGHT_RESULT_OUT_OF_RANGE);
    CHECK(tarsight_report_finding_site(report, 0, SIZE_MAX, &site) == TARSIGHT_RESULT_OUT_OF_RANGE);
    CHECK(tarsight_report_behaviour_site(report, 0, SIZE_MAX, &site) == TARSIGHT_RESULT_OUT_OF_RANGE);
    tarsight_report_free(report);
}

struct shared {
    const tarsight_engine *engine;
    struct bytes bytes;
    tarsight_str json;
};

static void *scan_in_thread(void *argument) {
    const struct shared *shared = argument;
    for (int i = 0; i < 3; i++) {
        tarsight_report *report = scan(shared->engine, shared->bytes);
        tarsight_str json = tarsight_report_json(report);
        CHECK(json.len == shared->json.len && memcmp(json.data, shared->json.data, json.len) == 0);
        tarsight_report_free(report);
    }
    return NULL;
}

static void threads_share_an_engine(const tarsight_engine *engine, struct bytes hostile) {
    tarsight_report *report = scan(engine, hostile);
    struct shared shared = {engine, hostile, tarsight_report_json(report)};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, scan_in_thread, &shared) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    tarsight_report_free(report);
}

static void *cancel_soon(void *cancel) {
    const struct timespec while_it_runs = {0, 30 * 1000 * 1000};
    nanosleep(&while_it_runs, NULL);
    OK(tarsight_cancel_now(cancel));
    return NULL;
}

static void calls_can_be_cancelled(struct bytes hostile, const char *large) {
    tarsight_engine *engine = NULL;
    tarsight_options *options = NULL;
    tarsight_cancel *cancel = NULL;
    tarsight_report *report = NULL;
    tarsight_error *error = NULL;
    OK(tarsight_engine_new(NULL, &engine, NULL));
    OK(tarsight_options_new(&options));
    OK(tarsight_cancel_new(&cancel));
    OK(tarsight_options_set_cancel(options, cancel));
    OK(tarsight_engine_scan(engine, hostile.data, hostile.len, options, &report, NULL));
    CHECK(tarsight_report_finding_count(report) >= 1);
    tarsight_report_free(report);
    report = NULL;
    if (large != NULL) {
        struct bytes bytes = read_file(large);
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, cancel_soon, cancel) == 0);
        CHECK(tarsight_engine_scan(engine, bytes.data, bytes.len, options, &report, &error) ==
              TARSIGHT_RESULT_CANCELLED);
        CHECK(is(tarsight_error_code(error), "cancelled"));
        /* The work may still go on; it has its own copy. */
        memset(bytes.data, 0, bytes.len);
        free(bytes.data);
        CHECK(pthread_join(thread, NULL) == 0);
        tarsight_error_free(error);
        error = NULL;
    }
    OK(tarsight_cancel_now(cancel));
    CHECK(tarsight_engine_scan(engine, hostile.data, hostile.len, options, &report, NULL) ==
          TARSIGHT_RESULT_CANCELLED);
    CHECK(report == NULL);
    OK(tarsight_options_set_cancel(options, NULL));
    OK(tarsight_engine_scan(engine, hostile.data, hostile.len, options, &report, NULL));
    tarsight_report_free(report);
    tarsight_cancel_free(cancel);
    tarsight_options_free(options);
    tarsight_engine_free(engine);
}

int main(int argc, char **argv) {
    CHECK(argc >= 5);
    CHECK(is(tarsight_version(), TARSIGHT_VERSION));
    CHECK(tarsight_abi_version() == TARSIGHT_ABI_VERSION);
    tarsight_engine *engine = NULL;
    OK(tarsight_engine_new(NULL, &engine, NULL));
    struct bytes hostile = read_file(argv[1]);
    what_a_report_says(engine, hostile);
    paths_name_the_package(engine, argv[1], argv[2]);
    diffs_agree(engine, argv[3], argv[4]);
    options_count(hostile);
    bad_input_is_a_result(engine);
    null_is_told(engine, hostile);
    threads_share_an_engine(engine, hostile);
    calls_can_be_cancelled(hostile, argc > 5 ? argv[5] : NULL);
    free(hostile.data);
    tarsight_engine_free(engine);
    printf("passed\n");
    return 0;
}
