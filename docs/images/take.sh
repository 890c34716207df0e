#!/usr/bin/env bash
# Takes the pictures of this folder: the real daemon, the real page, a Chromium without a window. Needs `make build`, chromium, vim and htop.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'kill "$daemon" 2>/dev/null && wait "$daemon" || true; rm -rf "$work"' EXIT
echo demo-token-of-the-picture >"$work/token"
cat >"$work/spec.toml" <<TOML
schema = 1
[labels]
project = "sessiond"
environment = "dev"
[daemon]
listen = ["127.0.0.1:7691"]
token_file = "token"
[defaults]
size = [110, 34]
[[sessions]]
name = "editor"
command = ["vim", "-n", "-u", "NONE", "-c", "syntax on | set number background=dark laststatus=2 | 40", "$PWD/daemon/Sessions/Session.Output.cs"]
[[sessions]]
name = "server"
port = 3000
command = "printf '\\\\033[32mready\\\\033[0m in 312 ms  http://localhost:3000\\\\n'; sleep infinity"
labels = { tier = "web" }
[[sessions]]
name = "top"
command = ["htop"]
[[sessions]]
name = "tests"
command = "for i in 1 2 3 4 5; do echo \"\\\\033[32mok\\\\033[0m case \$i\"; done"
TOML
"${SESSIOND_BINARY:-out/sessiond}" serve --spec "$work/spec.toml" --socket "$work/s" --state-dir "$work/state" 2>"$work/log" &
daemon=$!
until [ -S "$work/s" ]; do sleep 0.05; done
node docs/images/take.mjs http://127.0.0.1:7691/ "$(cat "$work/token")" "$work/profile" docs/images
