#!/usr/bin/env bash
# Installs from Debian what is missing of the package groups named (see
# packages.txt). No service is started by that, and none is left enabled that
# was not installed before: the tests and the demo start servers of their own.
#
#   tests/install.sh build test peers
set -euo pipefail
list=$(dirname "$0")/packages.txt
policy=/usr/sbin/policy-rc.d

[ $# -gt 0 ] || { echo "usage: $0 GROUP..." >&2; exit 64; }

wanted=()
for group; do
	mapfile -t members < <(sed -n "s/^$group //p" "$list")
	[ ${#members[@]} -gt 0 ] || { echo "$0: no group $group" >&2; exit 64; }
	wanted+=("${members[@]}")
done

is_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${wanted[@]}"; do
	is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Packages of servers start and enable them. 101 means "not allowed": invoke-rc.d
# then starts nothing. What was enabled nevertheless is disabled again below.
own_policy=
if [ ! -e $policy ]; then
	own_policy=yes
	printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
	as_root chmod 755 $policy
fi
remove_policy() { [ -z "$own_policy" ] || as_root rm -f $policy; }
trap remove_policy EXIT

quiet() {
	local log
	log=$(mktemp)
	if ! as_root env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 </dev/null; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

echo "installing ${missing[*]}" >&2
quiet apt-get install -y --no-install-recommends "${missing[@]}" ||
	{ quiet apt-get update &&
	  quiet apt-get install -y --no-install-recommends "${missing[@]}"; }

for service in knot unbound prosody; do
	case " ${missing[*]} " in
	*" $service "*)
		as_root deb-systemd-helper disable $service.service >/dev/null 2>&1 || true
		as_root update-rc.d $service disable >/dev/null 2>&1 || true ;;
	esac
done
