/* Text parted by runs of blanks: what it becomes is rows of commas, as many fields in each as the
 * first lines say, and reads back. */
#include <stdlib.h>

#include "read/blanks.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
    struct lus_string none = {0}, notes = {0};
    struct lus_stream stream;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_fields fields = {0};
    size_t used;
    const char *text = (const char *)bytes;
    if (memchr(bytes, 0, n)) return 0; /* an error before it is asked */
    bool are_so = lus_are_blanks(text, n, true);
    lus_stream_of_text(&stream, "fuzz", &none, &notes);
    if (lus_blanks_apply(text, n, &stream, &err) != LUS_OK) abort();
    struct lus_format format = {.delimiter = ','};
    const char *made = stream.text.n ? stream.text.at : "";
    if (lus_fields_parse(&fields, &format, made, stream.text.n, true, &used, &err) != LUS_OK)
        abort();
    if (fields.is_unclosed && *made != '#' && *made != '\n') abort();
    if (are_so && (fields.n < 2 || fields.n_first < 1)) abort();
    lus_fields_free(&fields);
    lus_stream_close(&stream);
    return 0;
}
