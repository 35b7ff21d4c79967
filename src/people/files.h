/* Files of a table, opened, with the recipe that says what they hold. */
#ifndef LUS_PEOPLE_FILES_H
#define LUS_PEOPLE_FILES_H

#include "lustrum/population.h"
#include "read/reader.h"
#include "recipe/plan.h"

struct lus_files {
    struct lus_recipe_tree tree; /* of it each question makes a recipe of its own */
    struct lus_recipe recipe;
    struct lus_reader reader;
};

/* Opens the query's files and the recipe, named or beside the first file, each once. Close it on
 * failure too. */
int lus_files_open(struct lus_files *files, const struct lus_query *query,
                   struct lus_error *err) LUS_MUST_CHECK;
/* One file by its path, and a recipe by its (NULL: the one beside it). */
int lus_file_open(struct lus_files *files, const char *path, const char *recipe,
                  struct lus_error *err) LUS_MUST_CHECK;
void lus_files_close(struct lus_files *files);

#endif
