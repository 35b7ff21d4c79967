/* Patients for the benchmark: generate ROWS KIND, where KIND is plain, quoted (a tenth of the rows,
 * CRLF), decimal (distinct times), skewed (most of them in a thousandth of the range), registry
 * (exact dates over 22 years, for net survival) or wide (twenty columns), and of those blanks
 * (round fields), escaped (doubled quotes in a tenth of the rows), blank-line (one), entry (a
 * column that is called so) and visits (three rows of a person). The same rows for the same
 * arguments. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252ULL;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Twenty columns, of which a question needs a few. */
static void put_wide(long rows, const char *kind)
{
    static const char *const er[] = {"Positive", "Negative"}, *const sites[] = {"bone", "liver",
                                                                                "lung", "brain",
                                                                                "other"};
    const char *blank = strcmp(kind, "blanks") == 0 ? " " : "";
    int is_escaped = strcmp(kind, "escaped") == 0;
    long of_person = strcmp(kind, "visits") == 0 ? 3 : 1;
    printf("id,age,sex,year,er,her2,site,months,status,weight,%s,grade,size,nodes,place,region,"
           "decimal,pr,cause,note\n",
           strcmp(kind, "entry") == 0 ? "entry" : "late");
    for (long i = 0; i < rows; i++) {
        uint64_t x = next(), y = next();
        int months = 1 + (int)((x >> 36) % 240), dead = (int)(x >> 45 & 1),
            place = (int)((y >> 34) % 100000);
        const char *note = is_escaped && i % 10 == 0 ? "\"a \"\"b\"\" c\"" : "text of a note";
        if (i == rows / 2 && strcmp(kind, "blank-line") == 0) putchar('\n');
        printf("P%ld,%s%d,F,%d,%s%s,%s%s,%s%s%s,%d,%d,%.3f,%d,%d,%d,%d,%d,%d,%.6f,%d,%d,%s\n",
               i / of_person, blank, (int)(20 + x % 75), (int)(2000 + (x >> 30) % 20),
               er[(x >> 8) % 4 == 0], blank, blank, er[(x >> 12) % 5 != 0], blank,
               sites[(x >> 20) % 5], blank, months, dead, 0.5 + (double)(y % 2000) / 1000,
               (int)((y >> 11) % (unsigned)months), (int)(1 + (y >> 20) % 3), (int)((y >> 23) % 80),
               (int)((y >> 30) % 12), place, place % 1000, (double)((y >> 5) % 1000000000) / 4e6,
               (int)(y >> 50 & 1), dead ? (int)(1 + (y >> 51) % 2) : 0, note);
    }
}

int main(int argc, char **argv)
{
    static const char *const er[] = {"Positive", "Negative"}, *const her2[] = {
                                                                  "Negative", "Positive",
                                                                  "Borderline", "Unknown"};
    static const char *const site[] = {"bone", "liver", "lung", "brain", "other", "multiple"};
    static char buffer[1 << 20];
    long rows = argc > 1 ? atol(argv[1]) : 1000;
    const char *kind = argc > 2 ? argv[2] : "plain";
    int is_quoted = strcmp(kind, "quoted") == 0, is_skewed = strcmp(kind, "skewed") == 0,
        is_decimal = is_skewed || strcmp(kind, "decimal") == 0;
    int is_registry = strcmp(kind, "registry") == 0;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    if (strcmp(kind, "plain") != 0 && !is_quoted && !is_decimal && !is_registry) {
        put_wide(rows, kind);
        return fclose(stdout) != 0;
    }
    puts(is_registry  ? "sex,age,date,time,status"
         : is_decimal ? "g,time,status"
                      : "age,sex,year,er,her2,site,months,status");
    for (long i = 0; i < rows; i++) {
        uint64_t x = next();
        if (is_decimal) {
            double time = (double)(next() % 1000000000000ULL) / 8e9;
            if (is_skewed && x % 10) time /= 1000;
            printf("%d,%.9f,%d\n", (int)(x >> 8 & 7), time, (int)(x >> 20 & 1));
            continue;
        }
        /* diagnosed 1990 to 2009, followed to the middle of 2012; months of 28 days keep the dates
         * simple */
        if (is_registry) {
            int year = (int)(x % 20), month = (int)((x >> 10) % 12), day = (int)((x >> 20) % 28),
                closing = (int)((22.5 - year) * 365.25 - month * 30.4 - day);
            int time = (int)((double)(next() % 1000000) * (double)(next() % 1000000) / 1e12 *
                             12000) +
                       1,
                sum = 0;
            for (int k = 0; k < 4; k++)
                sum += (int)(next() % 16000); /* about 66 years, in days */
            printf("%s,%d,%d-%02d-%02d,%d,%d\n", x >> 40 & 1 ? "male" : "female",
                   24000 + (sum - 32000) / 4, 1990 + year, month + 1, day + 1,
                   time < closing ? time : closing, time < closing);
            continue;
        }
        const char *quote = is_quoted && (x >> 50) % 10 == 0 ? "\"" : "";
        unsigned h = (unsigned)((x >> 12) % 7);
        printf("%d,F,%d,%s%s%s,%s,%s%s%s,%d,%d%s", (int)(20 + x % 75), (int)(2000 + (x >> 30) % 20),
               quote, er[(x >> 8) % 4 == 0], quote, her2[h < 4 ? 0 : h - 3], quote,
               site[(x >> 20) % 6], quote, (int)((x >> 36) % 240), (int)(x >> 45 & 1),
               is_quoted ? "\r\n" : "\n");
    }
    return fclose(stdout) != 0;
}
