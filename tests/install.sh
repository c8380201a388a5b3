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

# They enable them, too, as units and as init scripts.
disable_services() {
	local package name
	for package in "${missing[@]}"; do
		for name in $(names_in "$package" /lib/systemd/system); do
			as_root env DPKG_MAINTSCRIPT_PACKAGE="$package" \
				deb-systemd-helper disable "$name" ||
				echo "$0: cannot disable $name" >&2
		done
		for name in $(names_in "$package" /etc/init.d); do
			as_root update-rc.d "$name" disable ||
				echo "$0: cannot disable $name" >&2
		done
	done
}

# The files of a package in a folder, without templates of units.
names_in() {
	dpkg-query -L "$1" | sed -n "s|^$2/\([^/@]*\)\$|\1|p"
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
