#!/usr/bin/env bash
# Starts the daemon on the example spec and says how to connect. Ctrl-C stops it and everything it started.
set -euo pipefail
cd "$(dirname "$0")/.."

run=${SESSIOND_DEMO_DIR:-$PWD/run}
mkdir -p "$run"
chmod 700 "$run"
token=$run/token
[ -s "$token" ] || (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$token")
cp packaging/examples/demo.toml "$run/demo.toml"

cat <<TXT

  sessiond runs in this terminal; ctrl-c stops it and its sessions.
  In a second terminal:

    export SESSIOND_SOCKET=$run/sessiond.sock
    out/sessiond list
    out/sessiond attach shell          (detach with ctrl-\\)

  The dashboard: http://127.0.0.1:7681/    sign in with the token in $token

TXT
exec out/sessiond serve --spec "$run/demo.toml" --socket "$run/sessiond.sock" --state-dir "$run/state"
