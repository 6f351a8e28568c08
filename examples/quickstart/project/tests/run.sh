#!/bin/sh
# Runs every test and counts: sh tests/run.sh [NAME ...]
here=$(cd "$(dirname "$0")" && pwd)
passed=0
failed=0

# expect NAME WANTED GOT
expect() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
    echo "ok      $1"
  else
    failed=$((failed + 1))
    echo "FAILED  $1"
    echo "  expected: [$2]"
    echo "  got:      [$3]"
  fi
}

todo() {
  sh "$here/../todo.sh" "$@"
}

for name in ${*:-basics}; do
  TODO_FILE=$(mktemp)
  export TODO_FILE
  . "$here/$name.sh"
  rm -f "$TODO_FILE"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
