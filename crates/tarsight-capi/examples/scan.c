/* Says what a package does: scan FILE.tgz
 *
 *   cc scan.c -o scan $(pkg-config --cflags --libs tarsight)
 */
#include <stdio.h>
#include <tarsight.h>

static void print(const char *before, tarsight_str text) {
    printf("%s%.*s", before, (int)text.len, text.data);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: scan PATH\n");
        return 2;
    }
    tarsight_engine *engine = NULL;
    tarsight_report *report = NULL;
    tarsight_error *error = NULL;
    tarsight_result result = tarsight_engine_new(NULL, &engine, &error);
    if (result == TARSIGHT_RESULT_OK) {
        result = tarsight_engine_scan_path(engine, argv[1], NULL, &report, &error);
    }
    if (result != TARSIGHT_RESULT_OK) {
        tarsight_str message = tarsight_error_message(error);
        fprintf(stderr, "%.*s\n", (int)message.len, message.data);
        tarsight_error_free(error);
        tarsight_engine_free(engine);
        return 2;
    }
    printf("risk %u of 100\n", (unsigned)tarsight_report_risk_score(report));
    for (size_t i = 0; i < tarsight_report_finding_count(report); i++) {
        tarsight_finding finding;
        tarsight_site site;
        if (tarsight_report_finding(report, i, &finding) != TARSIGHT_RESULT_OK) {
            continue;
        }
        print("", finding.id);
        print(": ", finding.message);
        if (tarsight_report_finding_site(report, i, 0, &site) == TARSIGHT_RESULT_OK) {
            print("  ", site.file);
            printf(":%u:%u", (unsigned)site.line, (unsigned)site.column);
        }
        printf("\n");
    }
    int bad = tarsight_report_risk_level(report) >= TARSIGHT_LEVEL_HIGH;
    printf(bad ? "look at it before you install it\n" : "nothing hostile was seen\n");
    tarsight_report_free(report);
    tarsight_engine_free(engine);
    return 0;
}
