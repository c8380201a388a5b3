#!/usr/bin/env bash
# Installs from Debian what is missing of the package groups named (see
# packages.txt). No service is started by that, and none is left enabled that
# was not installed before: the tests and the demo start servers of their own.
#
#   tests/install.sh build test peers
set -euo pipefail
list=$(dirname "$0")/packages.txt
policy=/usr/sbin/policy-rc.d
services="knot unbound prosody"

[ $# -gt 0 ] || { echo "usage: $0 GROUP..." >&2; exit 64; }

is_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for group; do
	members=$(sed -n "s/^$group //p" "$list")
	[ -n "$members" ] || { echo "$0: no group $group" >&2; exit 64; }
	for package in $members; do
		is_installed "$package" || missing+=("$package")
	done
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Says what a command printed only if it fails.
quietly() {
	local said
	said=$(as_root env DEBIAN_FRONTEND=noninteractive "$@" 2>&1 </dev/null) ||
		{ echo "$said" | tail -n 20 >&2; return 1; }
}

# Packages of servers start them. 101 means "not allowed": nothing is started.
own_policy=
forbid_services() {
	[ ! -e $policy ] || return 0
	own_policy=yes
	printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
	as_root chmod 755 $policy
}
allow_services() {
	[ -z "$own_policy" ] || as_root rm -f $policy
}

# They enable them, too.
disable_services() {
	local service
	for service in $services; do
		case " ${missing[*]} " in
		*" $service "*)
			as_root env DPKG_MAINTSCRIPT_PACKAGE="$service" \
				deb-systemd-helper disable "$service.service" &&
				as_root update-rc.d "$service" disable ||
				echo "$0: cannot disable $service" >&2 ;;
		esac
	done
}

install() {
	quietly apt-get install -y --no-install-recommends "${missing[@]}"
}

echo "installing ${missing[*]}" >&2
trap allow_services EXIT
forbid_services
# The lists may be missing or old: then the first try fails.
install 2>/dev/null || { quietly apt-get update && install; }
disable_services >/dev/null
