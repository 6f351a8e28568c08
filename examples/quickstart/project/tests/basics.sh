todo add Buy milk
todo add Call Ada
todo add Water the plants
expect "list numbers the lines" "1. Buy milk
2. Call Ada
3. Water the plants" "$(todo list)"

todo done 2
expect "done takes away the one named" "1. Buy milk
2. Water the plants" "$(todo list)"

todo done 1
expect "done takes away the first" "1. Water the plants" "$(todo list)"
