// SPDX-License-Identifier: MIT
// signals: hold off those that end a process while a file is between two names.
#ifndef GZ_BASE_SIGNALS_H
#define GZ_BASE_SIGNALS_H

#include <signal.h>

struct gz_signals {
    sigset_t before;
};

// SIGINT, SIGTERM, SIGHUP and SIGPIPE wait until gz_signals_release(). For moments only.
void gz_signals_hold(struct gz_signals *s);
void gz_signals_release(const struct gz_signals *s);

#endif
