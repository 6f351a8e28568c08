# Compiles what is here into a folder of its own and runs the checks: a JDK is all it needs.
set -eu
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
javac -d "$classes" src/main/java/example/*.java src/test/java/example/*.java
java -ea -cp "$classes" example.IntervalCheck
