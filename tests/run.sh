#!/usr/bin/env bash
# Runs the tests against a build with the sanitizers: all suites, or those
# named. Installs what is missing from Debian. The last line is
# "N passed, N failed", with ", N skipped" where a check could not run.
#
#   tests/run.sh                 everything
#   tests/run.sh unit story      some suites
#   tests/run.sh bench           what a message costs (a release build)
#   FAULTS_SCALE=10 tests/run.sh faults     at full size, half an hour
#
# IMGW_PRESET=check builds with another preset of CMakePresets.json.
set -uo pipefail
cd "$(dirname "$0")/.."

suites=(unit story rules fuzz cli conformance peers faults)
later=(federation operate)
byname=(bench) # measures; not one of "everything"
preset=${IMGW_PRESET:-asan}
build=build/$preset
export IMGW=${IMGW:-$PWD/$build/imgw}
export PYTHONDONTWRITEBYTECODE=1
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1

exists() {
	case $1 in
	unit | story | fuzz) compgen -G "tests/$1/*" >/dev/null ;;
	*) [ -d "tests/$1" ] ;;
	esac
}

usage() {
	echo "usage: $0 [SUITE...]" >&2
	echo "suites: ${suites[*]} ${byname[*]}" >&2
	exit 64
}

if [ $# -eq 0 ]; then
	for suite in "${suites[@]}"; do
		exists "$suite" && set -- "$@" "$suite"
	done
fi
for suite; do
	case " ${suites[*]} ${later[*]} ${byname[*]} " in
	*" $suite "*) ;;
	*) echo "$0: no suite is called $suite" >&2; usage ;;
	esac
	exists "$suite" || { echo "$0: no such suite yet: $suite" >&2; exit 64; }
done

groups=(build test)
for group in peers faults bench; do
	case " $* " in *" $group "*) groups+=("$group") ;; esac
done
tests/install.sh "${groups[@]}" || exit 1

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

run_build() {
	cmake --preset "$preset" >"$results/cmake.log" &&
		cmake --build --preset "$preset" >"$results/build.log" || {
		tail -n 40 "$results"/*.log
		echo "the build failed"
		echo "0 passed, 1 failed"
		exit 1
	}
}
[ "$*" = bench ] || run_build

# Every runner leaves one JUnit file a suite; tally.py counts them.
run_ctest() {
	ctest --test-dir "$build" -L "^$1\$" -j "$(nproc)" --output-on-failure \
		--test-output-size-passed 1000000 --no-tests=error \
		--output-junit "$results/$1.xml"
}

run_pytest() {
	/usr/bin/python3 -m pytest "tests/$1" --junit-xml="$results/$1.xml"
}

# The sanitizers would be measured, too.
run_bench() {
	cmake -G Ninja -S . -B build/bench -DCMAKE_BUILD_TYPE=Release \
		>"$results/cmake.log" &&
		cmake --build build/bench --target imgw store_bench \
			sip_load xmpp_sink >"$results/build.log" ||
		{ tail -n 40 "$results"/*.log; return 1; }
	IMGW=$PWD/build/bench/imgw BENCH_TOOLS=$PWD/build/bench/tests \
		run_pytest bench
}

for suite; do
	echo "--- $suite"
	case $suite in
	unit | story | fuzz) run_ctest "$suite" ;;
	bench) run_bench ;;
	*) run_pytest "$suite" ;;
	esac
	[ -s "$results/$suite.xml" ] || echo "$suite" >>"$results/broken"
done

/usr/bin/python3 tests/tally.py "$results"
