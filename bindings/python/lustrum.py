"""lustrum from Python: commands as functions, their tables as the language's own.

    import lustrum
    r = lustrum.rates("datasets/rotterdam.csv", by="grade", at=["5y", "10y"])
    r["rates"][0]["survival"]      # rows as dictionaries
    r.frame("rates")               # a pandas DataFrame, where pandas is installed
    r.notes                        # how the numbers were made

Options are those of the command line, with _ for -: conf_level=0.9, no_entry=True, where=["a > 1", "b == 2"]. A list is
joined by commas, but for `where`, which is given again. The shared library is found by its soname, or where LUSTRUM_LIBRARY says.
"""

import ctypes
import json
import os

__all__ = ["call", "Error", "Result"]


class Error(Exception):
    """What the program would print: one line, with the file and the place in it."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Result(dict):
    """Tables by name, each a list of rows; a number that is not available is None."""

    def __init__(self, tables, notes, text, about):
        super().__init__(tables)
        self.notes = notes
        self.text = text  # of commands that make a text: recipe, simulate
        self.about = about  # title, file, SHA-256, command and version

    def frame(self, name=None):
        """A table, by default the first, as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(self[name] if name else next(iter(self.values())))


def _load():
    library = ctypes.CDLL(os.environ.get("LUSTRUM_LIBRARY", "liblustrum.so.0"))
    pointer = ctypes.c_void_p
    library.lus_call.argtypes = [ctypes.c_size_t, ctypes.POINTER(ctypes.c_char_p)]
    library.lus_call.restype = pointer
    library.lus_called_status.argtypes = [pointer]
    library.lus_called_status.restype = ctypes.c_int
    for name in ("message", "text", "json"):
        function = getattr(library, "lus_called_" + name)
        function.argtypes = [pointer]
        function.restype = ctypes.c_char_p
    library.lus_called_free.argtypes = [pointer]
    library.lus_called_free.restype = None
    return library


_library = None


def _words(option, value):
    """An option as words: --by grade,stage; --no-entry; nothing for False and None."""
    name = "--" + option.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return []
    if value is True:
        return [name]
    if option == "where" and isinstance(value, (list, tuple)):
        return [word for each in value for word in (name, str(each))]
    if isinstance(value, (list, tuple)):
        value = ",".join(str(each) for each in value)
    return ["%s=%s" % (name, value)] if option == "robust" else [name, str(value)]


def call(command, *files, **options):
    """Runs a command: call("rates", "a.csv", by="grade"). Raises Error."""
    global _library
    _library = _library or _load()
    words = [command, *(os.fspath(file) for file in files)]
    for option, value in options.items():
        words += _words(option, value)
    encoded = [os.fsencode(word) for word in words]
    called = _library.lus_call(len(encoded), (ctypes.c_char_p * len(encoded))(*encoded))
    if not called:
        raise MemoryError("lustrum: out of memory")
    try:
        status = _library.lus_called_status(called)
        if status:
            raise Error(status, _library.lus_called_message(called).decode("utf-8", "replace"))
        said = json.loads(_library.lus_called_json(called) or b"{}")
        tables = said.pop("tables", {})
        return Result(tables, said.pop("notes", []), _library.lus_called_text(called).decode("utf-8", "replace"), said)
    finally:
        _library.lus_called_free(called)


def __getattr__(name):
    """lustrum.rates(...) is call("rates", ...)."""
    if name.startswith("_"):
        raise AttributeError(name)
    return lambda *files, **options: call(name.replace("_", "-"), *files, **options)
