/* A call of lustrum, and its tables as lists of columns. */
#include <R.h>
#include <R_ext/Rdynload.h>
#include <Rinternals.h>
#include <lustrum/call.h>
#include <math.h>
#include <stdio.h>

static SEXP text_of(const char *text)
{
    return text ? mkCharCE(text, CE_UTF8) : NA_STRING;
}

static SEXP column_of(const struct lus_table *t, size_t c)
{
    bool is_text = t->columns[c].kind == LUS_COLUMN_TEXT;
    SEXP out = PROTECT(allocVector(is_text ? STRSXP : REALSXP, (R_xlen_t)t->n_rows));
    for (size_t row = 0; row < t->n_rows; row++) {
        const struct lus_cell *cell = &t->cells[row * t->n_columns + c];
        if (is_text) SET_STRING_ELT(out, (R_xlen_t)row, text_of(cell->text));
        else REAL(out)[row] = isnan(cell->number) ? NA_REAL : cell->number;
    }
    UNPROTECT(1);
    return out;
}

static SEXP table_of(const struct lus_table *t)
{
    SEXP out = PROTECT(allocVector(VECSXP, (R_xlen_t)t->n_columns)),
         names = PROTECT(allocVector(STRSXP, (R_xlen_t)t->n_columns));
    for (size_t c = 0; c < t->n_columns; c++) {
        SET_VECTOR_ELT(out, (R_xlen_t)c, column_of(t, c));
        SET_STRING_ELT(names, (R_xlen_t)c, text_of(t->columns[c].name));
    }
    setAttrib(out, R_NamesSymbol, names);
    UNPROTECT(2);
    return out;
}

static SEXP tables_of(const struct lus_document *d)
{
    SEXP out = PROTECT(allocVector(VECSXP, (R_xlen_t)d->n_tables)),
         names = PROTECT(allocVector(STRSXP, (R_xlen_t)d->n_tables));
    for (size_t i = 0; i < d->n_tables; i++) {
        SET_VECTOR_ELT(out, (R_xlen_t)i, table_of(d->tables[i]));
        SET_STRING_ELT(names, (R_xlen_t)i, text_of(d->tables[i]->name));
    }
    setAttrib(out, R_NamesSymbol, names);
    UNPROTECT(2);
    return out;
}

static SEXP notes_of(const struct lus_document *d)
{
    SEXP out = PROTECT(allocVector(STRSXP, (R_xlen_t)d->n_notes));
    for (size_t i = 0; i < d->n_notes; i++)
        SET_STRING_ELT(out, (R_xlen_t)i, text_of(d->notes[i].text));
    UNPROTECT(1);
    return out;
}

/* What R collects frees the call, also where R runs out of memory between. */
static void finish(SEXP holder)
{
    lus_called_free(R_ExternalPtrAddr(holder));
    R_ClearExternalPtr(holder);
}

static SEXP lustrum_call(SEXP words)
{
    size_t n = (size_t)XLENGTH(words);
    const char **texts = (const char **)R_alloc(n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++)
        texts[i] = translateCharUTF8(STRING_ELT(words, (R_xlen_t)i));
    SEXP holder = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
    R_RegisterCFinalizer(holder, finish);
    struct lus_called *called = lus_call(n, texts);
    if (!called) error("lustrum: out of memory");
    R_SetExternalPtrAddr(holder, called);
    if (lus_called_status(called) != LUS_OK) {
        char message[1100];
        (void)snprintf(message, sizeof message, "%s", lus_called_message(called));
        finish(holder);
        errorcall(R_NilValue, "%s", message);
    }
    const char *parts[] = {"tables", "notes", "text", ""};
    SEXP out = PROTECT(mkNamed(VECSXP, parts));
    SET_VECTOR_ELT(out, 0, tables_of(lus_called_document(called)));
    SET_VECTOR_ELT(out, 1, notes_of(lus_called_document(called)));
    SET_VECTOR_ELT(out, 2, mkString(lus_called_text(called)));
    finish(holder);
    UNPROTECT(2);
    return out;
}

static const R_CallMethodDef calls[] = {{"C_lustrum_call", (DL_FUNC)&lustrum_call, 1},
                                        {NULL, NULL, 0}};

void R_init_lustrum(DllInfo *info)
{
    R_registerRoutines(info, NULL, calls, NULL, NULL);
    R_useDynamicSymbols(info, FALSE);
}
