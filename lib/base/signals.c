// SPDX-License-Identifier: MIT
#include "base/signals.h"

#include <pthread.h>

void
gz_signals_hold(struct gz_signals *s)
{
    sigset_t held;

    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigaddset(&held, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &held, &s->before);
}

void
gz_signals_release(const struct gz_signals *s)
{
    pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}
