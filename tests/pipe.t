#!/bin/sh
# SPDX-License-Identifier: MIT
# Cases that join several tools.
exec "${0%/*}/run-cases" "${0%/*}/pipe"
