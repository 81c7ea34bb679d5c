/* Writes what the C library says: dump OUT PATH... [--diff OLD NEW]...
 *
 * OUT/N.path and OUT/N.bytes for the Nth path, OUT/N.diff for the Nth pair: the JSON, or the code
 * of the error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tarsight.h>

static const char *folder;

static void write_out(int index, const char *kind, tarsight_str text) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.%s", folder, index, kind);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void write_error(int index, const char *kind, tarsight_error *error) {
    write_out(index, kind, tarsight_error_code(error));
    tarsight_error_free(error);
}

static void write_report(int index, const char *kind, tarsight_report *report) {
    write_out(index, kind, tarsight_report_json(report));
    tarsight_report_free(report);
}

static unsigned char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    *len = (size_t)ftell(file);
    rewind(file);
    unsigned char *data = malloc(*len + 1);
    if (data == NULL || fread(data, 1, *len, file) != *len) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return data;
}

int main(int argc, char **argv) {
    tarsight_engine *engine = NULL;
    if (argc < 2 || tarsight_engine_new(NULL, &engine, NULL) != TARSIGHT_RESULT_OK) {
        return 1;
    }
    folder = argv[1];
    int packages = 0, pairs = 0;
    for (int i = 2; i < argc; i++) {
        tarsight_error *error = NULL;
        if (strcmp(argv[i], "--diff") == 0 && i + 2 < argc) {
            tarsight_diff *diff = NULL;
            if (tarsight_engine_diff_paths(engine, argv[i + 1], argv[i + 2], NULL, &diff, &error) ==
                TARSIGHT_RESULT_OK) {
                write_out(pairs, "diff", tarsight_diff_json(diff));
                tarsight_diff_free(diff);
            } else {
                write_error(pairs, "diff", error);
            }
            pairs++;
            i += 2;
            continue;
        }
        tarsight_report *report = NULL;
        if (tarsight_engine_scan_path(engine, argv[i], NULL, &report, &error) == TARSIGHT_RESULT_OK) {
            write_report(packages, "path", report);
        } else {
            write_error(packages, "path", error);
        }
        size_t len;
        unsigned char *data = read_file(argv[i], &len);
        error = NULL;
        if (tarsight_engine_scan(engine, data, len, NULL, &report, &error) == TARSIGHT_RESULT_OK) {
            write_report(packages, "bytes", report);
        } else {
            write_error(packages, "bytes", error);
        }
        free(data);
        packages++;
    }
    tarsight_engine_free(engine);
    return 0;
}
