# okta-catalog: `make help` tells the targets.
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all deps demo check install uninstall clean help lint sanitized
.DEFAULT_GOAL := all

# What a user may set: make CC=clang PREFIX=$HOME/.local
CC ?= cc
PREFIX ?= /usr/local
DESTDIR ?=
B ?= build
BINDIR ?= bin
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wformat=2
HARDEN ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD ?= -pie -Wl,-z,relro -Wl,-z,now

ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS) $(CPPFLAGS) -Ilib $(HARDEN) $(CFLAGS) -MMD -MP
ALL_LDFLAGS = $(HARDEN_LD) $(LDFLAGS)

FETCH_LIBS = $(shell pkg-config --libs libcurl libcrypto libcjson)
MAP_LIBS = $(shell pkg-config --libs libcrypto)
YAML_LIBS = $(shell pkg-config --libs yaml-0.1)

objects = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)/*.c))
without_main = $(filter-out $(B)/$(1)/main.o,$(call objects,$(1)))

LIB = $(B)/lib.a
PROGRAMS = $(BINDIR)/okta-fetch $(BINDIR)/okta-map $(BINDIR)/catalog-emit $(BINDIR)/yaml2json

all: $(PROGRAMS) ## build the programs into bin/

$(BINDIR)/okta-fetch: $(B)/fetch/main.o $(B)/fetch.a $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(FETCH_LIBS)

$(BINDIR)/okta-map: $(B)/map/main.o $(B)/map.a $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(MAP_LIBS)

$(BINDIR)/catalog-emit: $(B)/emit/main.o $(B)/emit.a $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BINDIR)/yaml2json: $(call objects,pipeline) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(YAML_LIBS)

$(LIB): $(call objects,lib)
$(B)/fetch.a: $(call without_main,fetch)
$(B)/map.a: $(call without_main,map)
$(B)/emit.a: $(call without_main,emit)
$(B)/%.a:
	@rm -f $@
	ar rcs $@ $^

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# Unit tests: one program a file, linked with everything but the mains.
UNIT_TESTS = $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*_test.c))
$(B)/tests/unit/%.o: ALL_CFLAGS += -I.
$(B)/tests/%_test: $(B)/tests/unit/%_test.o $(B)/fetch.a $(B)/map.a $(B)/emit.a $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(FETCH_LIBS) $(YAML_LIBS) $(shell pkg-config --libs cmocka)
$(B)/judges/jws-sign: $(B)/tests/judges/jws/sign.o $(B)/fetch.a $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(FETCH_LIBS)
$(B)/tests/judges/%.o: ALL_CFLAGS += -I.
units: $(UNIT_TESTS)

sanitized:
	$(MAKE) B=build/sanitized BINDIR=build/sanitized/bin HARDEN= HARDEN_LD= \
		CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all' \
		LDFLAGS='-fsanitize=address,undefined' all units $(JUDGE_PROGRAMS:%=build/sanitized/%)

clean: ## remove what was built
	rm -rf $(B) bin/okta-fetch bin/okta-map bin/catalog-emit bin/yaml2json

help: ## tell the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 12
