#!/usr/bin/env bash
# require.sh PROGRAM=PACKAGE ...: installs what is missing with apt when root, else says exactly what to install.
# With --optional first, what cannot be installed is only said.
set -euo pipefail

optional=false
if [ "${1:-}" = --optional ]; then
  optional=true
  shift
fi

missing=()
for pair in "$@"; do
  program=${pair%%=*}
  package=${pair#*=}
  case "$program" in
    /*) [ -e "$program" ] || missing+=("$package") ;;
    *) command -v "$program" >/dev/null || missing+=("$package") ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "installing: ${missing[*]}" >&2
  apt-get update -qq >&2 || true
  if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    exit 0
  fi
fi

echo "missing: ${missing[*]} (Debian packages). Install them with: apt-get install ${missing[*]}" >&2
$optional
