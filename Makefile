# lustrum: survival statistics. `make help` lists the targets.
PREFIX  ?= /usr/local
BUILD   ?= build
VERSION := 0.1.0
JOBS    := -j$(shell nproc 2>/dev/null || echo 2)
SUDO    := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
APT     := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

# What building, running and charts need. The fonts are only recommended by gnuplot, and charts without them are bare.
DEPS      := gcc libc6-dev pkg-config libgsl-dev libcsv-dev libyaml-dev zlib1g-dev libzstd-dev \
             libreadstat-dev libzip-dev libexpat1-dev nettle-dev libcmark-gfm-dev libcmark-gfm-extensions-dev \
             gnuplot-nox fonts-liberation fontconfig
DEPS_TEST := perl-base chromium poppler-utils strace valgrind clang clang-format libclang-rt-14-dev libcmocka-dev mandoc zstd gzip

CFLAGS ?= -O3 -g
WARN   := -Wall -Wextra -Wshadow -Wconversion
# Evaluated at each use, never when the file is read: `make deps report` installs the packages in the same call.
PKGS   := gsl yaml-0.1 zlib libzstd libzip expat nettle libcmark-gfm
PKG_C   = $(shell pkg-config --cflags $(PKGS))
LIBS    = $(shell pkg-config --libs $(PKGS)) -lcsv -lreadstat -lcmark-gfm-extensions -lcmark-gfm -lpthread -lm
# Contraction to fused multiply-add would let results depend on the CPU.
ALL_C   = -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS) $(SANITIZE) -ffp-contract=off -fvisibility=hidden -fPIC -Iinclude -Isrc \
          -DLUS_VERSION='"$(VERSION)"' -DLUS_SHARE='"$(PREFIX)/share/lustrum"' $(PKG_C)

OBJ  := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(filter-out src/cli/%,$(wildcard src/*/*.c src/*/*/*.c))) \
        $(BUILD)/obj/present/templates.o $(BUILD)/obj/report/templates.o
CLI  := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/cli/*.c))
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
COMPLETION     := $(addprefix $(BUILD)/completion/,bash zsh fish)
COMPLETES_BASH := share/bash-completion/completions/lustrum
COMPLETES_ZSH  := share/zsh/site-functions/_lustrum
COMPLETES_FISH := share/fish/vendor_completions.d/lustrum.fish
MAN  := $(patsubst docs/man/%.md,$(BUILD)/man/%,$(wildcard docs/man/*.md))

SONAME := liblustrum.so.0
SHARED := $(BUILD)/liblustrum.so.$(VERSION)

all: $(BUILD)/lustrum $(BUILD)/liblustrum.a $(SHARED) $(BUILD)/lustrum.pc  ## build the program, the library and its pkg-config file

$(BUILD)/lustrum: $(CLI) $(BUILD)/liblustrum.a
	$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/liblustrum.a: $(OBJ)
	@rm -f $@
	$(AR) rcs $@ $^
# Its symbols are those of the public headers: the others are hidden.
$(SHARED): $(OBJ)
	$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--as-needed -o $@ $^ $(LIBS)
	ln -sf $(@F) $(BUILD)/$(SONAME) && ln -sf $(SONAME) $(BUILD)/liblustrum.so
$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_C) -MMD -MP -c -o $@ $<
$(BUILD)/obj/present/templates.o: src/present/templates.S $(wildcard plots/*.gp)
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<
$(BUILD)/obj/report/templates.o: src/report/templates.S src/report/page.html
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<
# Made anew each time: PREFIX may be another one at `make install`.
$(BUILD)/lustrum.pc: src/lustrum.pc.in FORCE
	@mkdir -p $(@D)
	@sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@PKGS@|$(PKGS)|' $< > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:
$(BUILD)/completion/%: $(BUILD)/lustrum
	@mkdir -p $(@D)
	$(BUILD)/lustrum completion $* > $@.new && mv $@.new $@
$(BUILD)/man/%: docs/man/%.md docs/man/to_man.pl $(BUILD)/lustrum
	@mkdir -p $(@D)
	perl docs/man/to_man.pl $(BUILD)/lustrum $< > $@.new && mv $@.new $@
$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/liblustrum.a
	@mkdir -p $(@D)
	$(CC) $(ALL_C) -MMD -MP -Itests/unit -o $@ $< $(BUILD)/liblustrum.a $(LIBS) -lcmocka

deps:  ## install what building, running and charts need (Debian)
	$(APT) update -q
	$(APT) install -q -y --no-install-recommends $(DEPS)
deps-test:  ## install what testing needs besides
	$(APT) update -q
	$(APT) install -q -y --no-install-recommends $(DEPS) $(DEPS_TEST)
	@if command -v npm > /dev/null && npm install --silent --no-save --no-audit --no-fund --prefix build/node axe-core@4; \
	then echo 'axe-core is in build/node'; else echo 'no npm, or axe-core cannot be had: reports are not tested for accessibility'; fi
report:  ## build/report: the reports of datasets/reports whose data are there; index.html is that on stage IV
	@$(MAKE) --no-print-directory $(JOBS) all
	@mkdir -p $(BUILD)/report
	$(BUILD)/lustrum report datasets/reports/stage4.md -o $(BUILD)/report/index.html
	$(BUILD)/lustrum report datasets/reports/rotterdam.md -o $(BUILD)/report/rotterdam.html
	for own in msk-2018:msk-breast-2018.tsv seer-listing:seer-breast-2006-2010.csv; do name=$${own%%:*}; \
	  [ ! -e datasets/reports/$${own#*:} ] || $(BUILD)/lustrum report datasets/reports/$$name.md -o $(BUILD)/report/$$name.html || exit 1; done
	@ls $(BUILD)/report/*.html
test:  ## all tests; LUSTRUM_SHARED=DIR names the reference data (default ../shared, skipped where absent)
	@$(MAKE) --no-print-directory $(JOBS) all tests-built man
	sh tests/run.sh $(BUILD)
tests-built: $(UNIT)
man: $(MAN)  ## the manual pages
ASAN := CC=clang CFLAGS='-O1 -g' SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'
asan:  ## the tests under address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory test BUILD=build/asan $(ASAN)
FAULTS_STEP ?= 1
faults:  ## every allocation of every command fails once; FAULTS_STEP=N: every N-th with threads and under sanitizers
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/lustrum $(BUILD)/faults.so
	@$(MAKE) --no-print-directory $(JOBS) build/asan/lustrum-faults BUILD=build/asan $(ASAN)
	sh tests/faults/run.sh $(BUILD) build/asan $(FAULTS_STEP)
$(BUILD)/faults.so: tests/faults/faults.c
	$(CC) $(WARN) -O1 -g -fno-omit-frame-pointer -shared -fPIC -D_GNU_SOURCE -o $@ $<
$(BUILD)/lustrum-faults: tests/faults/faults.c $(CLI) $(BUILD)/liblustrum.a
	$(CC) $(WARN) $(CFLAGS) $(SANITIZE) -D_GNU_SOURCE -DFAULTS_WRAPPED -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	  -Wl,--wrap=mmap,--wrap=mkdtemp,--wrap=fsync,--wrap=pthread_create -o $@ $^ $(LIBS)
tsan:  ## the tests under the thread sanitizer
	@$(MAKE) --no-print-directory test BUILD=build/tsan CC=clang CFLAGS='-O1 -g' SANITIZE=-fsanitize=thread
POPULATIONS ?= 10000
properties: all  ## POPULATIONS random populations (default 10000) against exact fractions, and what must not matter
	perl tests/property/exact.pl $(BUILD)/lustrum $(POPULATIONS) $$(date +%s)
growth: all  ## how work grows with rows, columns, strata, files and the rest, in instructions
	perl tests/property/growth.pl $(BUILD)/lustrum
COVERED := CFLAGS='-O0 -g --coverage -fprofile-update=atomic'
coverage:  ## the share of lines that the tests run, by folder; build/coverage/lines.txt lists those they do not
	rm -rf build/coverage/obj && $(MAKE) --no-print-directory test BUILD=build/coverage $(COVERED) > build/coverage.log 2>&1 || tail -1 build/coverage.log
	perl tests/house/coverage.pl build/coverage
paths: all  ## what each path costs against the plain one, in processor time; PATH_ROWS, BENCH_RUNS set its size
	perl tests/bench/paths.pl $(BUILD)/lustrum $(BUILD)
bench: all  ## ratios against wc -l and R in one run; ROWS, LARGEST, BENCH_RUNS set its size
	perl tests/bench/bench.pl $(BUILD)/lustrum $(BUILD)
FUZZ_SECONDS ?= 60
fuzz:  ## the fuzz targets, FUZZ_SECONDS each (default 60)
	@$(MAKE) --no-print-directory $(JOBS) BUILD=build/fuzz CC=clang CFLAGS='-O1 -g' SANITIZE='-fsanitize=address,undefined,fuzzer-no-link' build/fuzz/liblustrum.a
	for target in tests/fuzz/fuzz_*.c; do name=$$(basename $$target .c); mkdir -p build/fuzz/corpus/$$name; \
	  clang -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined,fuzzer -Iinclude -Isrc -o build/fuzz/$$name $$target build/fuzz/liblustrum.a $(LIBS) && \
	  build/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 build/fuzz/corpus/$$name $$(ls -d tests/fuzz/seeds/$$name 2>/dev/null) || exit 1; done
lint:  ## includes that point the wrong way, citations of what is not there, headers without blocks, format
	perl tests/house/lint.pl $(BUILD)
install: all man $(COMPLETION)  ## install under PREFIX (DESTDIR is obeyed)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/lustrum $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 755 $(BUILD)/lustrum $(DESTDIR)$(PREFIX)/bin/lustrum
	install -m 644 $(BUILD)/liblustrum.a $(DESTDIR)$(PREFIX)/lib/
	install -m 644 $(SHARED) $(DESTDIR)$(PREFIX)/lib/
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(PREFIX)/lib/$(SONAME) && ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/liblustrum.so
	install -m 644 $(BUILD)/lustrum.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
	for folder in . figures lifetables recipes reports; do install -d $(DESTDIR)$(PREFIX)/share/lustrum/$$folder && \
	  install -m 644 $$(find datasets/$$folder -maxdepth 1 -type f) $(DESTDIR)$(PREFIX)/share/lustrum/$$folder || exit 1; done
	install -m 644 include/lustrum/*.h $(DESTDIR)$(PREFIX)/include/lustrum/
	for page in $(MAN); do install -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/ || exit 1; done
	install -D -m 644 $(BUILD)/completion/bash $(DESTDIR)$(PREFIX)/$(COMPLETES_BASH)
	install -D -m 644 $(BUILD)/completion/zsh $(DESTDIR)$(PREFIX)/$(COMPLETES_ZSH)
	install -D -m 644 $(BUILD)/completion/fish $(DESTDIR)$(PREFIX)/$(COMPLETES_FISH)
DEB := build/deb
DEBFLAGS = CFLAGS='-O3 -g -fstack-protector-strong -Wformat -Werror=format-security -ffile-prefix-map=$(CURDIR)=.' LDFLAGS='-Wl,-z,relro,-z,now'
deb:  ## Debian packages in build/deb: lustrum, liblustrum0, liblustrum-dev, lustrum-doc
	@$(MAKE) --no-print-directory $(JOBS) all man BUILD=$(DEB) PREFIX=/usr $(DEBFLAGS)
	rm -rf $(DEB)/root && $(MAKE) --no-print-directory install BUILD=$(DEB) PREFIX=/usr DESTDIR=$(DEB)/root $(DEBFLAGS) > /dev/null
	perl src/package/deb.pl $(DEB) $(VERSION)
uninstall:  ## remove what install put there
	rm -rf $(DESTDIR)$(PREFIX)/include/lustrum $(DESTDIR)$(PREFIX)/share/lustrum
	rm -f $(DESTDIR)$(PREFIX)/bin/lustrum $(DESTDIR)$(PREFIX)/lib/liblustrum.a $(addprefix $(DESTDIR)$(PREFIX)/lib/,liblustrum.so $(SONAME) $(notdir $(SHARED))) $(DESTDIR)$(PREFIX)/lib/pkgconfig/lustrum.pc $(addprefix $(DESTDIR)$(PREFIX)/,$(COMPLETES_BASH) $(COMPLETES_ZSH) $(COMPLETES_FISH))
	for page in $(notdir $(MAN)); do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page; done
format:  ## clang-format all sources
	clang-format -i $$(find src include tests docs -name '*.[ch]')
clean:  ## remove what was built
	rm -rf $(BUILD)
help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1\t\2/p; s/^\([a-z-]*\):  ## \(.*\)/\1\t\2/p' Makefile | sort -u | awk -F'\t' '{printf "%-10s %s\n", $$1, $$2}'

-include $(OBJ:.o=.d) $(CLI:.o=.d) $(wildcard $(BUILD)/tests/*.d)
.PHONY: bench paths growth properties coverage faults fuzz all deb deps deps-test report test tests-built man asan tsan lint install uninstall format clean help
# `make deps report` must install first, also with -j.
ifneq (,$(filter deps deps-test,$(MAKECMDGOALS)))
.NOTPARALLEL:
endif
