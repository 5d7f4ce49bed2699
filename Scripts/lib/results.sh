# Counts tests over several runs. Sourced, never run.
# shellcheck shell=bash

passed=0
failed=0

# Takes the colours out of a text.
plain_text() {
  sed -u 's/\x1b\[[0-9;]*m//g'
}

# Leaves out of the tests' output what only says that all goes well.
show_test_output() {
  grep --line-buffered -v \
    -e ' started\.$' -e '^◇ ' -e '^↳ \(Testing Library\|Target Platform\)' \
    -e '^✔ \(Test\|Suite\) .* passed after ' || true
}

# count_tests XML LOG STATUS: adds a run's tests to `passed` and `failed`. The XML is the run's
# xUnit file. Where it is missing the process died, and the tests are those that the log names.
count_tests() {
  local xml=$1 log=$2 status=$3 counted run_passed run_failed
  if [[ -s $xml ]]; then
    counted=$(awk '
      function finish() { if (open) { if (bad) failed++; else if (!skipped) passed++ }; open = 0 }
      /<testcase / { finish(); open = 1; bad = 0; skipped = 0 }
      open && /<(failure|error)/ { bad = 1 }
      open && /<skipped/ { skipped = 1 }
      END { finish(); print passed + 0, failed + 0 }' "$xml")
    read -r run_passed run_failed <<<"$counted"
  else
    run_passed=$(grep -cE '^. Test ("|[^ ]+\().* passed after ' "$log" || true)
    run_failed=$(grep -cE '^. Test ("|[^ ]+\().* failed after ' "$log" || true)
    # What was at work when the process ended.
    run_failed=$((run_failed + 1))
    status=1
  fi
  if ((status != 0 && run_failed == 0)); then run_failed=1; fi
  if ((run_passed + run_failed == 0)); then run_failed=1; fi
  passed=$((passed + run_passed))
  failed=$((failed + run_failed))
}
