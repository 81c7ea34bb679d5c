/* Microseconds of processor time for one call: up to the handle, and up to the JSON.
 * Usage: overhead PACKAGE CALLS */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <tarsight.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
    static unsigned char data[64 << 20];
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        return 1;
    }
    size_t len = fread(data, 1, sizeof data, file);
    fclose(file);
    int calls = atoi(argv[2]);
    tarsight_options *options = NULL;
    tarsight_engine *engine = NULL;
    tarsight_options_new(&options);
    tarsight_options_set_jobs(options, 1);
    if (tarsight_engine_new(options, &engine, NULL) != TARSIGHT_RESULT_OK) {
        return 1;
    }
    double times[2];
    for (int json = 0; json < 2; json++) {
        double start = 0;
        for (int i = -1; i < calls; i++) {
            if (i == 0) {
                start = now();
            }
            tarsight_report *report = NULL;
            if (tarsight_engine_scan(engine, data, len, NULL, &report, NULL) != TARSIGHT_RESULT_OK) {
                return 1;
            }
            if (json && tarsight_report_json(report).len == 0) {
                return 1;
            }
            tarsight_report_free(report);
        }
        times[json] = (now() - start) / calls;
    }
    printf("%f %f\n", times[0], times[1]);
    return 0;
}
