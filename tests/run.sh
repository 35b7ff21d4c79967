#!/bin/sh
# Runs every test: run.sh BUILD. The last line is `N passed, N failed`, with `, N skipped` where some were.
# LUSTRUM_SHARED names the folder of reference data (default ../shared); tests that need it are skipped where it is absent,
# which is a failure where LUSTRUM_DEMAND_SHARED is set, as it is in CI.
set -u
build=$1
here=$(dirname "$0")
shared=${LUSTRUM_SHARED:-../shared}
log=$build/test.log
export LC_ALL=C.UTF-8 ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" TZ=UTC
# A build with sanitizers, which is below build, has its own flags to link by; and charts, pages and bindings are the same of every build.
case $build in */*) is_plain= ;; *) is_plain=yes ;; esac

# A runner that ends badly without a failed test of its own (a crash, a leak) is a failed test. $lane: where its lines go.
run() {
  "$@" > "$lane.part" 2>&1
  code=$?
  cat "$lane.part"
  cat "$lane.part" >> "$lane"
  if [ $code != 0 ] && ! grep -q '^not ok' "$lane.part"; then echo "not ok - $* ended with exit code $code" | tee -a "$lane"; fi
  rm -f "$lane.part"
}

# Two lanes side by side: command lines and the house; properties and reference numbers.
command_lines() {
  lane=$log.1
  run perl "$here/cli/run.pl" "$build/lustrum" "$here"/cli/*.tests
  [ ! -d "$shared/reference" ] || run perl "$here/cli/run.pl" "$build/lustrum" --shared "$shared" "$here"/cli/shared/*.tests
  run perl "$here/cli/examples.pl" "$build/lustrum" README.md docs/man/*.md
  run perl "$here/house/opened_once.pl" "$build/lustrum"
  [ -z "$is_plain" ] || run perl "$here/property/growth.pl" "$build/lustrum" recipe horizons 'rows, rates' 'words of'
}
numbers() {
  lane=$log.2
  [ -z "$is_plain" ] || run perl "$here/property/charts.pl" "$build/lustrum" "$shared"
  run perl "$here/property/suppress.pl" "$build/lustrum"
  run perl "$here/property/exact.pl" "$build/lustrum" 300
  [ -z "$is_plain" ] || run perl "$here/property/growth.pl" "$build/lustrum" 'strata, rates' files figures 'each on' 'blank lines'
  run perl "$here/reference/run.pl" "$build/lustrum" embedded "$build/reference"
  if [ -d "$shared/reference" ]; then
    run perl "$here/reference/run.pl" "$build/lustrum" "$shared" "$build/reference"
    run perl "$here/reference/relative.pl" "$build/lustrum" "$shared" "$build/reference"
    run perl "$here/reference/incidence.pl" "$build/lustrum" "$shared" "$build/reference"
    run perl "$here/reference/cox.pl" "$build/lustrum" "$shared" "$build/reference"
  elif [ -n "${LUSTRUM_DEMAND_SHARED:-}" ]; then
    echo "not ok - the reference data are not at $shared" | tee -a "$lane"
  else
    echo "ok - # SKIP the reference data are not at $shared (they are not part of the repository)" | tee -a "$lane"
  fi
}

lane=$log
: > "$log"; : > "$log.1"; : > "$log.2"
for unit in "$build"/tests/test_*; do
  case $unit in *.d | *.gcno | *.gcda) continue ;; esac
  CMOCKA_MESSAGE_OUTPUT=TAP run "$unit"
done
command_lines &
numbers
wait
cat "$log.1" "$log.2" >> "$log"
# These build and install; pages beside them.
pages() {
  lane=$log.1
  [ -z "$is_plain" ] || run perl "$here/property/browser.pl" "$build/lustrum" datasets/reports/stage4.md datasets/reports/rotterdam.md
}
: > "$log.1"
pages &
lane=$log
run perl "$here/house/house.pl" "$build"
if [ -n "$is_plain" ]; then
  run perl "$here/house/headers.pl" "$build"
  run perl "$here/bindings/run.pl" "$build"
fi
wait
cat "$log.1" >> "$log"

rm -f "$log.1" "$log.2"
awk '
  /^ok .*# *SKIP/ { skipped++; next }
  /^ok / { passed++ }
  /^not ok / { failed++ }
  END {
    printf "%d passed, %d failed", passed, failed
    if (skipped) printf ", %d skipped", skipped
    printf "\n"
    exit failed > 0
  }' "$log"
