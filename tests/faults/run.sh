#!/bin/sh
# Failing allocations: run.sh BUILD SANITIZED_BUILD STEP. Each allocation of each case fails once; with 2 threads, with all later
# ones failing too, and under the sanitizers, each STEP-th does. The last line is `N passed, N failed`.
set -u
here=$(dirname "$0")
log=$1/faults.log
: > "$log"
run() {
  perl "$here/run.pl" "$@" | tee "$log.part"
  grep -q '^1\.\.' "$log.part" || echo "not ok - run.pl $*: it did not end" | tee -a "$log.part"
  cat "$log.part" >> "$log"
}
run "$1/lustrum" --shim "$1/faults.so"
run "$1/lustrum" --shim "$1/faults.so" --step "$3" --threads 2
run "$1/lustrum" --shim "$1/faults.so" --step "$3" --stays
run "$2/lustrum-faults" --step "$3"
rm -f "$log.part"
awk '/^ok / { passed++ } /^not ok / { failed++ } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$log"
