#!/bin/sh
# Runs every benchmark. Takes no arguments; each script says what it measures. Fails on no figure: those are for people,
# who see the load of the machine beside them.
set -eu
cd "$(dirname "$0")"
./startup.sh
echo
./tasks.sh
echo
./log.sh
echo
./memory.sh
echo
./jobs.sh
