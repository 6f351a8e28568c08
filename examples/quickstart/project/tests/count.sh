expect "count of an empty list" "0" "$(todo count 2>&1)"
todo add Buy milk
todo add Call Ada
expect "count of two" "2" "$(todo count 2>&1)"
