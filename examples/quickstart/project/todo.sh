#!/bin/sh
# todo: a list of things to do, in a text file, one a line.
set -eu

file=${TODO_FILE:-todo.txt}
touch "$file"

usage() {
  echo "usage: todo.sh add TEXT | list | done NUMBER" >&2
  exit 2
}

command=${1:-}
[ $# -gt 0 ] && shift

case $command in
  add)
    [ $# -gt 0 ] || usage
    echo "$*" >>"$file"
    ;;
  list)
    awk '{ print NR ". " $0 }' "$file"
    ;;
  done)
    [ $# -eq 1 ] || usage
    # Keep every line but the one that is done.
    awk -v n="$1" 'NR != n + 1' "$file" >"$file.new"
    mv "$file.new" "$file"
    ;;
  *)
    usage
    ;;
esac
