#!/bin/sh
# Runs every benchmark. Takes no arguments; each script says what it measures.
set -eu
cd "$(dirname "$0")"
./startup.sh
