# An option as words: --by grade,stage; --no-entry; nothing for FALSE and NULL.
option_words <- function(option, value) {
  name <- paste0("--", gsub("[_.]", "-", option))
  if (is.null(value) || identical(value, FALSE)) return(character())
  if (isTRUE(value)) return(name)
  if (option == "where") return(as.vector(rbind(name, as.character(value))))
  plain <- function(x) format(x, scientific = FALSE, digits = 15)
  value <- paste(if (is.numeric(value)) vapply(value, plain, "") else value, collapse = ",")
  if (option == "robust") paste0(name, "=", value) else c(name, value)
}

# lustrum("rates", "a.csv", by = "grade", at = c("5y", "10y")): a list of data frames by the names of the tables.
lustrum <- function(command, files = character(), ...) {
  options <- list(...)
  words <- c(command, path.expand(files))
  for (i in seq_along(options)) words <- c(words, option_words(names(options)[i], options[[i]]))
  called <- .Call(C_lustrum_call, enc2utf8(words))
  tables <- lapply(called$tables, function(t) as.data.frame(t, check.names = FALSE, stringsAsFactors = FALSE))
  structure(tables, notes = called$notes, text = called$text, class = "lustrum")
}

print.lustrum <- function(x, ...) {
  for (name in names(x)) {
    cat(name, "\n", sep = "")
    print(x[[name]], ...)
  }
  writeLines(attr(x, "notes"))
  invisible(x)
}
