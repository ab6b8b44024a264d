#!/bin/bash
# Installs the Debian packages of the named lists (tools/packages/NAME.txt), those that are missing only.
#   tools/setup.sh build demo test
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
missing=()
for list in "$@"; do
  while read -r package command _; do
    case "$package" in ''|'#'*) continue ;; esac
    if [ -n "${command:-}" ] && command -v "$command" >/dev/null 2>&1; then continue; fi
    # ${db:Status-Status} is "installed" only for a package whose files are there.
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ]; then continue; fi
    missing+=("$package")
  done < "$here/packages/$list.txt"
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "packages ($*): all there"
  exit 0
fi
echo "packages ($*): installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "setup: run as root, or install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"
}
apt update
# An interrupted installation, the machine's own or an earlier run's, would fail every later one.
apt check >/dev/null 2>&1 || apt --fix-broken --yes --no-install-recommends install >/dev/null
apt install --yes --no-install-recommends "${missing[@]}" >/dev/null
