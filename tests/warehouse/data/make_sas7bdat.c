/* Writes small.sas7bdat: forty invented interviews, in the one format that no library here writes.
 *
 * Made once with the C sources of ReadStat that pyreadstat 1.3.7 is built from (its source
 * distribution holds them under src/):
 *   cd src && gcc -w -DHAVE_ZLIB=1 -I. make_sas7bdat.c *.c sas/*.c spss/*.c stata/*.c -lz -lm -o make
 *   ./make small.sas7bdat
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "readstat.h"

static ssize_t to_file(const void *bytes, size_t size, void *file) {
    return write(*(int *)file, bytes, size);
}

int main(int count, char **arguments) {
    int file = open(arguments[1], O_CREAT | O_TRUNC | O_WRONLY, 0644);
    const int rows = 40;
    const int thirtieth_of_april_2026 = 24226; /* days since 1 January 1960 */
    readstat_writer_t *writer = readstat_writer_init();
    readstat_set_data_writer(writer, to_file);
    readstat_writer_set_file_label(writer, "A survey");
    readstat_writer_set_file_timestamp(writer, 1780000000);
    readstat_variable_t *serial = readstat_add_variable(writer, "serial", READSTAT_TYPE_DOUBLE, 8);
    readstat_variable_t *q1 = readstat_add_variable(writer, "Q1", READSTAT_TYPE_DOUBLE, 8);
    readstat_variable_t *held = readstat_add_variable(writer, "held", READSTAT_TYPE_DOUBLE, 8);
    readstat_variable_t *place = readstat_add_variable(writer, "place", READSTAT_TYPE_STRING, 12);
    readstat_variable_set_label(q1, "Confidence");
    readstat_variable_set_format(held, "DATE9.");
    readstat_begin_writing_sas7bdat(writer, &file, rows);
    for (int row = 0; row < rows; row++) {
        readstat_begin_row(writer);
        readstat_insert_double_value(writer, serial, 1001 + row);
        if (row % 5 == 3)
            readstat_insert_tagged_missing_value(writer, q1, 'A');
        else if (row % 5 == 4)
            readstat_insert_missing_value(writer, q1);
        else
            readstat_insert_double_value(writer, q1, 1 + row % 5);
        readstat_insert_double_value(writer, held, thirtieth_of_april_2026 + row % 60);
        readstat_insert_string_value(writer, place, row % 2 ? "South" : "North");
        readstat_end_row(writer);
    }
    readstat_end_writing(writer);
    readstat_writer_free(writer);
    return 0;
}
