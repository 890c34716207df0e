#!/usr/bin/env bash
# Builds the dashboard into dashboard/dist when a source is newer than what is there.
set -euo pipefail
cd "$(dirname "$0")/../dashboard"

if [ -f dist/index.html ] && [ -z "$(find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -newer dist/index.html -print -quit)" ]; then
  exit 0
fi
../packaging/require.sh node=nodejs npm=npm
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error
npm run --silent build
