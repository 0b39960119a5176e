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

ALL_CFLAGS = -std=c11 -D_XOPEN_SOURCE=700 -pthread $(WARNINGS) $(CPPFLAGS) -Ilib $(HARDEN) $(CFLAGS) -MMD -MP
ALL_LDFLAGS = -pthread $(HARDEN_LD) $(LDFLAGS)

FETCH_LIBS = $(shell pkg-config --libs libcurl libcrypto libcjson) -lm
MAP_LIBS = $(shell pkg-config --libs libcrypto) -lm
EMIT_LIBS = $(shell pkg-config --libs libcrypto)
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
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(EMIT_LIBS)

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
$(B)/judges/json-%: $(B)/tests/judges/json/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^
$(B)/judges/email-fold: $(B)/tests/judges/email/fold.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^
$(B)/tests/judges/%.o: ALL_CFLAGS += -I.
# cmocka's own programs and the signing helper of the JWS judge are what the tests build.
$(B)/fault/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) -Wno-pedantic -O1 -fPIC -shared -o $@ $<
TEST_PROGRAMS = $(B)/fault/die_at.so $(B)/fault/no_memory.so $(UNIT_TESTS) \
	$(B)/judges/email-fold \
	$(patsubst %,$(B)/judges/jws-sign,$(wildcard tests/judges/jws/sign.c)) \
	$(patsubst tests/judges/json/%.c,$(B)/judges/json-%,$(wildcard tests/judges/json/*.c))
.PHONY: tests
tests: $(TEST_PROGRAMS)

# What bench-map measures page.c with.
$(B)/bench/page-cut: $(B)/tests/bench/page-cut.o $(B)/fetch.a $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(FETCH_LIBS)
$(B)/tests/bench/%.o: ALL_CFLAGS += -I.

SANITIZE = B=build/sanitized BINDIR=build/sanitized/bin HARDEN= HARDEN_LD= \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all' \
	LDFLAGS='-fsanitize=address,undefined'
sanitized:
	+$(MAKE) $(SANITIZE) all tests

# The sets differ: who only tries the demo need not install what the tests need.
deps: ## install what building, running and testing need (root, or sudo)
	tests/deps check

demo: ## install what is missing, build, and run the pipeline against a simulated Okta org
	tests/deps run
	+$(MAKE) all
	tests/demo

check: ## run all tests; ends with "N passed, N failed"
	tests/deps check
	+$(MAKE) -j"$$(getconf _NPROCESSORS_ONLN)" all tests sanitized
	tests/run

BENCHES = bench-fetch bench-map bench-emit bench-pipeline
.PHONY: bench $(BENCHES)
bench: $(BENCHES) ## measure: ratios within one run, as Markdown
bench-fetch: all ## okta-fetch against a simulated org, beside RoadieHQ's provider
	tests/deps check
	tests/bench/bench-fetch
bench-emit: all ## catalog-emit on made-up orgs: forms, memory, growth
	tests/bench/bench-emit
bench-pipeline: all ## okta-map | catalog-emit from a stored fetch, against each stage alone
	tests/bench/bench-pipeline

bench-map: all $(B)/bench/page-cut ## okta-map beside jq and Node.js doing the same, its memory, its start
	tests/deps check
	tests/bench/bench-map

.PHONY: soak
SOAK = --seconds 600 --kills 1000 --runs 10000
soak: all ## accelerated years of pipeline.sh, a thousand kills, ten thousand runs: two hours (SOAK='--seconds 60 --kills 50 --runs 200')
	tests/deps check
	tests/soak/run $(SOAK)

lint: ## warnings of both compilers, man pages, shell scripts
	tests/lint

.PHONY: check-backstage
check-backstage: all ## see that a real Backstage takes what is published; ends with "N passed, N failed"
	tests/deps backstage
	tests/backstage/run

.PHONY: check-deployment
check-deployment: all ## run the examples under systemd, cron and podman (root); ends with "N passed, N failed"
	tests/deps deployment
	tests/deployment/run

MAN1 = $(wildcard fetch/*.1 map/*.1 emit/*.1 pipeline/*.1)
MAN5 = $(wildcard lib/*.5)
SHARE = $(PREFIX)/share/okta-catalog

install: all ## install below PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(SHARE) $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 755 pipeline.sh $(DESTDIR)$(PREFIX)/bin/okta-catalog
	install -m 644 $(wildcard pipeline/*.sh pipeline/*.jq pipeline/*.awk) $(DESTDIR)$(SHARE)
	install -m 644 $(MAN1) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(MAN5) $(DESTDIR)$(PREFIX)/share/man/man5

uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(notdir $(PROGRAMS)) okta-catalog)
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man1/,$(notdir $(MAN1)))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man5/,$(notdir $(MAN5)))
	rm -rf $(DESTDIR)$(SHARE)

clean: ## remove what was built
	rm -rf $(B) $(PROGRAMS)

help: ## tell the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 20
