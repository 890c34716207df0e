#!/usr/bin/env bash
# Everything that `make test` runs: the formatting gate, every test project, the dashboard's suites, and the page in a browser against the
# published binary. Installs or names what is missing. The last line is `N passed, N failed` over all; a suite that crashes counts as one failed.
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
logs=artifacts/test-logs
mkdir -p "$logs"

# count NAME PASSED FAILED: adds a suite to the sum and says so.
count() {
  passed=$((passed + $2))
  failed=$((failed + $3))
  printf '== %-28s %5d passed, %d failed\n' "$1" "$2" "$3"
}

# fail NAME LOG: a suite that did not come to its counts.
fail() {
  tail -n 60 "$2"
  count "$1" 0 1
}

# gate NAME COMMAND...: passes or fails as a whole.
gate() {
  local name=$1 log="$logs/$1.log"
  shift
  if "$@" >"$log" 2>&1; then count "$name" 1 0; else fail "$name" "$log"; fi
}

# project CSPROJ: runs a test project's executable; its summary has "Total: T, Errors: E, Failed: F, Skipped: S, Not Run: N".
project() {
  local name log summary status
  name=$(basename "$1" .csproj)
  log="$logs/$name.log"
  "artifacts/net10.0/bin/$name/Release/net10.0/$name" -noColor >"$log" 2>&1
  status=$?
  summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+' "$log" | tail -n 1)
  if [[ ! $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    fail "$name" "$log"
    return
  fi
  local total=${BASH_REMATCH[1]} bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])) skipped=$((BASH_REMATCH[4] + BASH_REMATCH[5]))
  [ "$bad" -eq 0 ] && [ "$status" -ne 0 ] && bad=1
  [ "$bad" -gt 0 ] && cat "$log"
  grep -E '\[SKIP\]' "$log"
  count "$name" $((total - skipped - BASH_REMATCH[2] - BASH_REMATCH[3])) "$bad"
}

# node_suite NAME FOLDER COMMAND...: vitest ("Tests  1 failed | 2 passed"), node --test ("# pass 2"), or a last line "N passed, N failed".
node_suite() {
  local name=$1 folder=$2 log="$PWD/$logs/$1.log" status good bad
  shift 2
  (cd "$folder" && NO_COLOR=1 CI=1 "$@") >"$log" 2>&1
  status=$?
  good=$(grep -oE '^ +Tests .*|^(#|ℹ) pass [0-9]+|^[0-9]+ passed, [0-9]+ failed$' "$log" | grep -oE '[0-9]+ passed|pass [0-9]+' | awk -F'[^0-9]+' '{ for (i = 1; i <= NF; i++) sum += $i } END { print sum + 0 }')
  bad=$(grep -oE '^ +Tests .*|^(#|ℹ) fail [0-9]+|^[0-9]+ passed, [0-9]+ failed$' "$log" | grep -oE '[0-9]+ failed|fail [0-9]+' | awk -F'[^0-9]+' '{ for (i = 1; i <= NF; i++) sum += $i } END { print sum + 0 }')
  [ "$bad" -eq 0 ] && [ "$status" -ne 0 ] && bad=1
  [ $((good + bad)) -eq 0 ] && bad=1
  [ "$bad" -gt 0 ] && tail -n 200 "$log"
  count "$name" "$good" "$bad"
}

packaging/require.sh dotnet=dotnet-sdk-10.0 node=nodejs npm=npm git=git
packaging/require.sh --optional bash=bash vim=vim htop=htop nano=nano less=less tmux=tmux curl=curl python3=python3 ps=procps \
  fish=fish zsh=zsh setpriv=util-linux chromium=chromium tini=tini systemd-nspawn=systemd-container /lib/systemd/systemd=systemd

gate dashboard-build packaging/dashboard.sh
gate publish packaging/publish.sh out
gate build dotnet build sessiond.sln -nologo -v q -c Release
gate format dotnet format sessiond.sln --verify-no-changes --no-restore -v q

# The reference terminals and other node parts that test projects drive.
packages=$(find tests -name package.json -not -path '*/node_modules/*' | sort)
for package in $packages; do
  folder=$(dirname "$package")
  gate "install-${folder//\//-}" npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error
done

for csproj in tests/*/*.csproj; do
  case "$csproj" in *[Bb]ench*) continue ;; esac
  project "$csproj"
done

gate dashboard-lint npm --prefix dashboard run --silent lint
node_suite dashboard-unit dashboard npm run --silent test
browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -n "$browser" ]; then
  export CHROMIUM=$browser
  node_suite dashboard-browser dashboard npm run --silent test:browser
  node_suite dashboard-real dashboard sh -c 'node --test --test-concurrency=1 tests/real/*.test.mjs'
else
  echo "== the browser suites are skipped: there is no chromium"
fi

for package in $packages; do
  folder=$(dirname "$package")
  if grep -q '"test":' "$package"; then node_suite "${folder//\//-}" "$folder" npm run --silent test; fi
done

[ "$failed" -eq 0 ]
status=$?
echo "$passed passed, $failed failed"
exit $status
