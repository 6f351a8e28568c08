# Every command that the program knows stands in the README.
for command in $(sed -n 's/^  \([a-z]*\))$/\1/p' "$here/../todo.sh"); do
  expect "README tells of '$command'" "1" \
    "$(grep -c "^    sh todo.sh $command" "$here/../README.md")"
done
