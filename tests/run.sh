#!/bin/sh
# Runs every test: run.sh BUILD. The last line is `N passed, N failed`, with `, N skipped` where some were.
# LUSTRUM_SHARED names the folder of reference data (default ../shared); tests that need it are skipped where it is absent,
# which is a failure where LUSTRUM_DEMAND_SHARED is set, as it is in CI.
set -u
build=$1
here=$(dirname "$0")
shared=${LUSTRUM_SHARED:-../shared}
log=$build/test.log
: > "$log"
export LC_ALL=C.UTF-8 ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" TZ=UTC

# A runner that ends badly without a failed test of its own (a crash, a leak) is a failed test.
run() {
  "$@" > "$log.part" 2>&1
  code=$?
  cat "$log.part"
  cat "$log.part" >> "$log"
  if [ $code != 0 ] && ! grep -q '^not ok' "$log.part"; then echo "not ok - $* ended with exit code $code" | tee -a "$log"; fi
}

for unit in "$build"/tests/test_*; do
  case $unit in *.d | *.gcno | *.gcda) continue ;; esac
  CMOCKA_MESSAGE_OUTPUT=TAP run "$unit"
done
run perl "$here/cli/run.pl" "$build/lustrum" "$here"/cli/*.tests
run perl "$here/property/charts.pl" "$build/lustrum" "$shared"
run perl "$here/property/suppress.pl" "$build/lustrum"
run perl "$here/property/exact.pl" "$build/lustrum" 300
# What a browser makes of a page is the same of every build.
case $build in */*) ;; *) run perl "$here/property/browser.pl" "$build/lustrum" datasets/reports/stage4.md datasets/reports/rotterdam.md ;; esac
run perl "$here/cli/examples.pl" "$build/lustrum" README.md docs/man/*.md
run perl "$here/house/house.pl" "$build"
# A build with sanitizers has its own flags to link by.
case $build in */*) ;; *) run perl "$here/house/headers.pl" "$build" ;; esac
case $build in */*) ;; *) run perl "$here/bindings/run.pl" "$build" ;; esac
run perl "$here/house/opened_once.pl" "$build/lustrum"
run perl "$here/reference/run.pl" "$build/lustrum" embedded "$build/reference"
if [ -d "$shared/reference" ]; then
  run perl "$here/reference/run.pl" "$build/lustrum" "$shared" "$build/reference"
  run perl "$here/reference/relative.pl" "$build/lustrum" "$shared" "$build/reference"
  run perl "$here/reference/incidence.pl" "$build/lustrum" "$shared" "$build/reference"
  run perl "$here/reference/cox.pl" "$build/lustrum" "$shared" "$build/reference"
  run perl "$here/cli/run.pl" "$build/lustrum" --shared "$shared" "$here"/cli/shared/*.tests
elif [ -n "${LUSTRUM_DEMAND_SHARED:-}" ]; then
  echo "not ok - the reference data are not at $shared" | tee -a "$log"
else
  echo "ok - # SKIP the reference data are not at $shared (they are not part of the repository)" | tee -a "$log"
fi

rm -f "$log.part"
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
