# deploy.sh [--dry-run]: brings the parts to where they run.
set -eu
parts="api"
if [ "${1:-}" = --dry-run ]; then
  echo "would deploy $parts"
  exit 0
fi
echo "there is nowhere to deploy $parts to in an example" >&2
exit 1
