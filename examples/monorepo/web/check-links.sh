# Every page that index.html links to is there, and health.html is linked to.
set -eu
grep -q 'href="health.html"' index.html || { echo "index.html does not link to health.html"; exit 1; }
for page in $(sed -n 's/.*href="\([^"]*\)".*/\1/p' index.html); do
  test -f "$page" || { echo "index.html links to $page, which is not there"; exit 1; }
done
