#!/bin/sh
# SPDX-License-Identifier: MIT
# Every case of every tool.
exec "${0%/*}/run-cases" "${0%/*}/cli"
