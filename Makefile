# gongzhi: see README.md. Set CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR, O freely.
#
#   make            build everything into build/ (O=DIR for elsewhere)
#   make check      every test
#   make demo       the main job on embedded sample data
#   make lint       manuals, scripts, and what cppcheck and codespell find
#   make install    and make uninstall, with PREFIX and DESTDIR
#   make dist, make deb     a tarball; Debian packages
#   make SAN=address,undefined check      the tests under sanitizers

VERSION := 0.1.0
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
LIBDIR  ?= $(PREFIX)/lib
MANDIR  ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share
O       ?= build
CFLAGS  ?= -O2 -g
PKG_CONFIG ?= pkg-config
OBJCOPY ?= objcopy

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla \
        -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wcast-qual \
        -Wwrite-strings -Wundef -Wimplicit-fallthrough
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
comma  := ,
ifdef SAN
override O := $(O)-$(subst $(comma),-,$(SAN))
EXTRA   := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN  :=
endif

# Libraries. The first line is required; each of the others switches one feature on.
PKGS := jansson libpcre2-8 libxxhash
have = $(shell $(PKG_CONFIG) --exists $(1) 2>/dev/null && echo 1)
define optional
ifeq ($(call have,$(1)),1)
PKGS += $(1)
FEATURES += -D$(2)
else
OFF += $(1)
endif
endef
$(eval $(call optional,opencc,GZ_HAVE_OPENCC))
$(eval $(call optional,libsodium,GZ_HAVE_SODIUM))
$(eval $(call optional,xlsxwriter,GZ_HAVE_XLSXWRITER))
$(eval $(call optional,uchardet,GZ_HAVE_UCHARDET))
ifneq ($(wildcard /usr/include/linear.h),)
FEATURES += -DGZ_HAVE_LINEAR
LINEAR   := -llinear
else
OFF += liblinear
endif

GZ_CPPFLAGS := -Ilib -D_GNU_SOURCE -DGZ_VERSION='"$(VERSION)"' \
               -DGZ_DATADIR='"$(DATADIR)"' $(FEATURES) \
               $(shell $(PKG_CONFIG) --cflags $(PKGS))
GZ_CFLAGS   := -std=c17 $(WARN) $(HARDEN) $(EXTRA) -ffile-prefix-map=$(CURDIR)=.
GZ_LDFLAGS  := $(EXTRA) -Wl,-z,relro,-z,now -Wl,--as-needed
# xlsxwriter.pc names zlib, whose headers we do not need and whose package may be absent.
GZ_LIBS     := $(filter-out -lz,$(shell $(PKG_CONFIG) --libs $(PKGS))) -lcsv $(LINEAR) -lm -lpthread

# One short line a command; V=1 shows them whole, -s none.
say = $(if $(V),,@$(if $(findstring s,$(firstword -$(MAKEFLAGS))),,echo '  $(1) $@';))

# Sorted, so that the archive is the same on every file system.
CMDS  := $(patsubst cmd/%.c,%,$(sort $(wildcard cmd/gz-*.c)))
LIBC  := $(sort $(wildcard lib/*/*.c))
LIBO  := $(LIBC:%.c=$O/%.o)
DATA  := $(sort $(shell find lib/data -type f))
UNITS := $(patsubst tests/unit/%_test.c,$O/tests/unit/%.t,$(sort $(wildcard tests/unit/*_test.c)))

# Messages in other languages, if gettext's msgfmt is here.
MSGFMT ?= msgfmt
ifneq ($(shell command -v $(MSGFMT) 2>/dev/null),)
CATALOGUES := $(patsubst lib/po/%.po,$O/locale/%/LC_MESSAGES/gongzhi.mo,$(sort $(wildcard lib/po/*.po)))
else
OFF += gettext
endif

all: $O/libgz.a $(CMDS:%=$O/%) $(CATALOGUES) $O/api/libgz.a $O/api/libgz.pc

$O/%.o: %.c $O/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$O/data.c: $(DATA) scripts/embed
	@mkdir -p $(@D)
	$(call say,GEN)scripts/embed lib/data > $@.tmp && mv $@.tmp $@
$O/data.o: $O/data.c
	$(call say,CC)$(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS) -c -o $@ $<

$O/libgz.a: $(LIBO) $O/data.o
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $^
$O/gz-%: $O/cmd/gz-%.o $O/libgz.a
	$(call say,LD)$(CC) $(CFLAGS) $(GZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(GZ_LIBS)

# What other programs get (lib/api/libgz.h): one object in which nothing but that header's
# names can be seen, with only those parts of the library that they need.
$O/api/libgz.a: $(patsubst %.c,$O/%.o,$(sort $(wildcard lib/api/*.c))) $O/libgz.a
	@mkdir -p $(@D)
	$(call say,AR)rm -f $@ && $(CC) -r -nostdlib -o $O/api/libgz.o $^ && \
	 $(OBJCOPY) --wildcard --keep-global-symbol='libgz_*' $O/api/libgz.o && \
	 $(AR) rcs $@ $O/api/libgz.o
$O/api/libgz.pc: scripts/libgz.pc $O/flags
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))|; s|@VERSION@|$(VERSION)|' \
	 -e 's|@PKGS@|$(filter-out libsodium libxxhash xlsxwriter,$(PKGS))|' $< > $@

$O/tests/unit/%.t: $O/tests/unit/%_test.o $O/libgz.a
	$(call say,LD)$(CC) $(CFLAGS) $(GZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(GZ_LIBS)

# Rebuild when the flags change, and only then; say once what is switched off.
FLAGS := $(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS)
$O/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || { echo '$(FLAGS)' > $@; \
	 for x in $(OFF); do echo "building without $$x (scripts/deps installs it)"; done; }

$O/locale/%/LC_MESSAGES/gongzhi.mo: lib/po/%.po
	@mkdir -p $(@D)
	$(call say,MSG)$(MSGFMT) --check-format --check-domain -o $@ $<

units: $(UNITS)

# Fuzz targets: replayed over their corpus by every compiler; driven by libFuzzer with
# `make fuzzers CC=clang` (scripts/fuzz runs them).
TARGETS := $(patsubst tests/fuzz/%.c,%,$(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c))))
REPLAYS := $(TARGETS:%=$O/tests/fuzz/%.replay)
$O/tests/fuzz/%.replay: $O/tests/fuzz/%.o $O/tests/fuzz/replay.o $O/libgz.a
	$(call say,LD)$(CC) $(CFLAGS) $(GZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(GZ_LIBS)
$O/tests/fuzz/%.fuzzer: $O/tests/fuzz/%.o $O/libgz.a
	$(call say,LD)$(CC) $(CFLAGS) $(GZ_LDFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(GZ_LIBS)
fuzzers: $(TARGETS:%=$O/tests/fuzz/%.fuzzer)

# The slow ones first, so that two jobs end together. Sanitizers watch programs at work;
# what only reads the sources, or comes before their runtime, is left out there.
SLOW  := tests/cli.t tests/man.t
QUICK := $(filter-out $(SLOW) $(if $(SAN),tests/layers.t tests/style.t tests/sample.t tests/fault.t \
           tests/install.t),\
         $(sort $(wildcard tests/*.t)))
TESTS ?= $(wildcard $(SLOW)) $(QUICK) $(UNITS)
PROVE ?= prove -j2
# Make one system call after another fail (tests/fault.t), try to break out of the sandbox
# (tests/sandbox.t).
PRELOADS := $O/tests/fault/preload.so $O/tests/fault/breakout.so
$O/tests/fault/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(call say,LD)$(CC) -std=c17 -D_GNU_SOURCE -O2 -fPIC -shared -o $@ $< -ldl

check: all units $(REPLAYS) $(PRELOADS)
	LC_ALL=C O='$(abspath $O)' CC='$(CC)' $(PROVE) $(TESTS)

demo: all
	O='$(abspath $O)' scripts/demo

lint:
	scripts/check-man
	scripts/check-lint

completions: all
	scripts/completions $O $O/completions

install: completions
	O='$O' DESTDIR='$(DESTDIR)' BINDIR='$(BINDIR)' LIBDIR='$(LIBDIR)' \
	 INCDIR='$(PREFIX)/include' MANDIR='$(MANDIR)' DATADIR='$(DATADIR)' scripts/install

uninstall:
	DESTDIR='$(DESTDIR)' DATADIR='$(DATADIR)' scripts/install --uninstall

# The committed tree; git makes the same bytes of the same commit.
dist:
	@mkdir -p $O
	git archive --format=tar --prefix=gongzhi-$(VERSION)/ HEAD | gzip -9n > $O/gongzhi-$(VERSION).tar.gz

# The Debian packages, built from what is committed, with every test.
deb:
	O='$O' scripts/deb

# On a real cluster of two Spark executors; one is killed. Needs Java 17 and PySpark.
check-spark: all
	scripts/spark/check '$O'

deps:
	scripts/deps

clean:
	rm -rf build build-*

-include $(LIBO:.o=.d) $(UNITS:.t=_test.d) $(TARGETS:%=$O/tests/fuzz/%.d) $(CMDS:%=$O/cmd/%.d)
.PHONY: all units fuzzers check demo lint check-spark completions install uninstall dist deb deps clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
