#!/usr/bin/env bash
# Shows the gateway at work between real servers, all on loopback high ports: a
# message from a phone number's owner to an XMPP user, his answer, and one to a
# SIP user. Installs from Debian and builds what is missing.
#
#   sudo docker/demo.sh          stays until Ctrl-C
#   sudo docker/demo.sh --once   exits 0 if everything arrived, else 1
#
# IMGW=program uses that program instead of building one.
set -euo pipefail

usage="usage: $0 [--once]"
case $#:${1-} in
0: | 1:--once) ;;
1:--help | 1:-h) echo "$usage"; exit 0 ;;
*) echo "$usage" >&2; exit 64 ;;
esac

top=$(cd "$(dirname "$0")/.." && pwd)
program=${IMGW:-$top/build/release/imgw}

# What is built belongs to whoever called sudo.
as_caller() {
	if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER-}" ]; then
		sudo -u "$SUDO_USER" "$@"
	else
		"$@"
	fi
}

build() {
	"$top/tests/install.sh" build
	echo "building $program" >&2
	cd "$top"
	as_caller cmake --preset release >/dev/null
	as_caller cmake --build --preset release >/dev/null
}

"$top/tests/install.sh" demo
if [ -z "${IMGW-}" ]; then
	if [ ! -x "$program" ] || command -v cmake >/dev/null; then
		build
	fi
fi
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 "$top/docker/demo/demo.py" \
	"$program" "$@"
