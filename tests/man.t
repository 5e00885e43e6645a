#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples of the manuals print what the manuals say.
cd "${0%/*}/.." && exec tests/run-examples man/*.[1-8] man/zh_CN/*.[1-8]
