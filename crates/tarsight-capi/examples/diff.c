/* Says what is new in a version: diff OLD.tgz NEW.tgz
 *
 *   cc diff.c -o diff $(pkg-config --cflags --libs tarsight)
 */
#include <stdio.h>
#include <tarsight.h>

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: diff OLD NEW\n");
        return 2;
    }
    tarsight_engine *engine = NULL;
    tarsight_diff *diff = NULL;
    tarsight_error *error = NULL;
    tarsight_result result = tarsight_engine_new(NULL, &engine, &error);
    if (result == TARSIGHT_RESULT_OK) {
        result = tarsight_engine_diff_paths(engine, argv[1], argv[2], NULL, &diff, &error);
    }
    if (result != TARSIGHT_RESULT_OK) {
        tarsight_str message = tarsight_error_message(error);
        fprintf(stderr, "%.*s\n", (int)message.len, message.data);
        tarsight_error_free(error);
        tarsight_engine_free(engine);
        return 2;
    }
    printf("gained %zu, lost %zu, changed %zu, risk of the change %u of 100\n",
           tarsight_diff_gained_count(diff), tarsight_diff_lost_count(diff),
           tarsight_diff_changed_count(diff), (unsigned)tarsight_diff_risk_score(diff));
    tarsight_str json = tarsight_diff_json(diff);
    fwrite(json.data, 1, json.len, stdout);
    printf("\n");
    tarsight_diff_free(diff);
    tarsight_engine_free(engine);
    return 0;
}
