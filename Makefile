# lustrum: survival statistics. `make help` lists the targets.
PREFIX  ?= /usr/local
CC      ?= cc
BUILD   ?= build
VERSION := 0.1.0

CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wshadow -Wconversion
# Evaluated at each use, never at parse time: `make deps report` installs the packages in the same call.
PKGS    := gsl yaml-0.1 json-c zlib libzstd
PKG_C    = $(shell pkg-config --cflags $(PKGS))
LIBS     = $(shell pkg-config --libs $(PKGS)) -lcsv -lpthread -lm
# Contraction to fused multiply-add would let results depend on the CPU.
ALL_C    = -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS) $(SANITIZE) -ffp-contract=off -fvisibility=hidden -Iinclude -Isrc \
           -DLUS_VERSION='"$(VERSION)"' -DLUS_ROOT='"$(CURDIR)"' $(PKG_C)

LIB_SRC := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
LIB_OBJ := $(LIB_SRC:src/%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/present/templates.o
UNIT    := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

all: $(BUILD)/lustrum $(BUILD)/liblustrum.a  ## build the program and the library

$(BUILD)/lustrum: $(BUILD)/obj/cli/main.o $(BUILD)/liblustrum.a
	$(CC) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/liblustrum.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_C) -MMD -MP -c -o $@ $<
$(BUILD)/obj/%.o: src/%.S $(wildcard plots/*.gp)
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<
clean:  ## remove what was built
	rm -rf $(BUILD)
-include $(LIB_OBJ:.o=.d) $(BUILD)/obj/cli/main.d
.PHONY: all clean
