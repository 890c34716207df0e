#!/usr/bin/env bash
# Prints the framework that the native binary is published from: net10.0 as soon as its native AOT pack can be restored, else net9.0.
# That it can be is kept in artifacts/ until `make clean`; that it cannot may be the network's fault, and is asked again.
set -euo pipefail
cd "$(dirname "$0")/.."

answer=artifacts/publish-framework
if [ ! -s "$answer" ]; then
  mkdir -p artifacts
  probe=$(mktemp -d)
  trap 'rm -rf "$probe"' EXIT
  cat >"$probe/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>Exe</OutputType>
    <PublishAot>true</PublishAot>
  </PropertyGroup>
</Project>
XML
  case "$(uname -m)" in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
  if dotnet restore "$probe/probe.csproj" -r "$rid" -v q >/dev/null 2>&1; then
    echo net10.0 >"$answer"
  fi
fi
cat "$answer" 2>/dev/null || echo net9.0
