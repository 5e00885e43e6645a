# gongzhi: see README.md. Set CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR, O freely.
#
#   make            build everything into build/ (O=DIR for elsewhere)
#   make check      every test; make demo: the main job on embedded sample data
#   make SAN=address,undefined check      the same under sanitizers

VERSION := 0.1.0
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share
O       ?= build
CFLAGS  ?= -O2 -g
PKG_CONFIG ?= pkg-config

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla \
        -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wcast-qual \
        -Wwrite-strings -Wundef -Wimplicit-fallthrough
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
ifdef SAN
override O := $(O)-$(subst $(comma),-,$(SAN))
EXTRA   := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN  :=
endif
comma := ,

# Libraries. The first line is required; each of the others switches one feature on.
PKGS := jansson libpcre2-8 libxxhash
have = $(shell $(PKG_CONFIG) --exists $(1) 2>/dev/null && echo 1)
ifeq ($(call have,opencc),1)
PKGS += opencc
FEATURES += -DGZ_HAVE_OPENCC
endif
ifeq ($(call have,libsodium),1)
PKGS += libsodium
FEATURES += -DGZ_HAVE_SODIUM
endif
ifeq ($(call have,xlsxwriter),1)
PKGS += xlsxwriter
FEATURES += -DGZ_HAVE_XLSXWRITER
endif
ifeq ($(call have,uchardet),1)
PKGS += uchardet
FEATURES += -DGZ_HAVE_UCHARDET
endif
ifeq ($(call have,libseccomp),1)
PKGS += libseccomp
FEATURES += -DGZ_HAVE_SECCOMP
endif
ifneq ($(wildcard /usr/include/linear.h),)
FEATURES += -DGZ_HAVE_LINEAR
LINEAR   := -llinear
endif

GZ_CPPFLAGS := -Ilib -D_GNU_SOURCE -DGZ_VERSION='"$(VERSION)"' \
               -DGZ_DATADIR='"$(DATADIR)"' $(FEATURES) \
               $(shell $(PKG_CONFIG) --cflags $(PKGS))
GZ_CFLAGS   := -std=c17 $(WARN) $(HARDEN) $(EXTRA) -ffile-prefix-map=$(CURDIR)/=
GZ_LDFLAGS  := $(EXTRA) -Wl,-z,relro,-z,now -Wl,--as-needed
GZ_LIBS     := $(shell $(PKG_CONFIG) --libs $(PKGS)) -lcsv $(LINEAR) -lm -lpthread

# Sorted, so that the archive is the same on every file system.
CMDS  := $(patsubst cmd/%.c,%,$(sort $(wildcard cmd/gz-*.c)))
LIBC  := $(sort $(wildcard lib/*/*.c))
LIBO  := $(LIBC:%.c=$O/%.o)
DATA  := $(sort $(shell find lib/data -type f))
UNITS := $(patsubst tests/unit/%_test.c,$O/tests/unit/%.t,$(sort $(wildcard tests/unit/*_test.c)))

all: $(CMDS:%=$O/%)

$O/%.o: %.c $O/flags
	@mkdir -p $(@D)
	$(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$O/data.c: $(DATA) scripts/embed
	@mkdir -p $(@D)
	scripts/embed lib/data > $@.tmp && mv $@.tmp $@
$O/data.o: $O/data.c
	$(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS) -c -o $@ $<

$O/libgz.a: $(LIBO) $O/data.o
	rm -f $@ && $(AR) rcs $@ $^
$O/gz-%: $O/cmd/gz-%.o $O/libgz.a
	$(CC) $(CFLAGS) $(GZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(GZ_LIBS)
$O/tests/unit/%.t: $O/tests/unit/%_test.o $O/libgz.a
	$(CC) $(CFLAGS) $(GZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(GZ_LIBS)

# Rebuild when the flags change, and only then.
$O/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS)' | cmp -s - $@ || \
	 echo '$(CC) $(GZ_CPPFLAGS) $(CPPFLAGS) $(GZ_CFLAGS) $(CFLAGS)' > $@

units: $(UNITS)

deps:
	scripts/deps

clean:
	rm -rf build build-*

-include $(LIBO:.o=.d) $(UNITS:.t=_test.d) $(CMDS:%=$O/cmd/%.d)
.PHONY: all units deps clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
