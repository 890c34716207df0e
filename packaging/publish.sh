#!/usr/bin/env bash
# publish.sh FOLDER: leaves the native binary at FOLDER/sessiond.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?publish.sh FOLDER}

packaging/require.sh dotnet=dotnet-sdk-10.0 gcc=gcc /usr/include/zlib.h=zlib1g-dev
case "$(uname -m)" in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
framework=$(packaging/framework.sh)
linker=()
command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
dotnet publish cli/Sessiond.Cli.csproj -nologo -v q --tl:off -c Release -r "$rid" \
  -p:PublishAot=true "-p:SessiondFramework=$framework" "${linker[@]}" -o "artifacts/publish"
mkdir -p "$target"
# Replaced by rename: a daemon that runs from the old file goes on, and never sees half of the new one.
cp artifacts/publish/sessiond "$target/.sessiond.new"
mv "$target/.sessiond.new" "$target/sessiond"
echo "$target/sessiond ($framework, $(stat -c %s "$target/sessiond") bytes)"
