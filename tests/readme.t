#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples of README.md print what it says. To renew: tests/run-examples --accept README.md
cd "${0%/*}/.." && exec tests/run-examples README.md
