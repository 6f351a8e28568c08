grep -qx 'Copyright 2026, the shop' notice.txt || { echo "notice.txt does not name 2026"; exit 1; }
