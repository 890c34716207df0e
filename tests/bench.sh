#!/usr/bin/env bash
# Measures out/sessiond (or $SESSIOND_BINARY) beside a raw pty, tmux and dtach: `make bench`, or
#   tests/bench.sh --only throughput,echo,attach,start,memory,interrupt,crowd,ticking,upgrade --payload ascii,sgr,utf8,redraw --quick --rounds N --no-peers
set -euo pipefail
cd "$(dirname "$0")/.."

packaging/require.sh dotnet=dotnet-sdk-10.0
packaging/require.sh --optional tmux=tmux dtach=dtach || true
dotnet build tests/bench/Sessiond.Bench.csproj -nologo -v q -c Release >&2
exec dotnet artifacts/net10.0/bin/Sessiond.Bench/Release/net10.0/Sessiond.Bench.dll "$@"
