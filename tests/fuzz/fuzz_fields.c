/* libFuzzer: the scanner and libcsv give the same fields of the same bytes, on every CPU path,
 * whole and in pieces. The first three bytes choose the delimiter, the number of columns and where
 * the bytes are cut. */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/same_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char delimiters[] = ",\t;| ";
    if (n < 3) return 0;
    char said[300];
    if (!same_fields(data + 3, n - 3, delimiters[data[0] % 5], 1 + data[1] % 6, data[2],
                     data[0] & 64, said, sizeof said)) {
        (void)fprintf(stderr, "%s\n", said);
        abort();
    }
    return 0;
}
