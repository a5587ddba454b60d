# All tests: unit tests beside integration tests in each module, then the system tests, then one line of counts.

# run_tests [MAVEN OPTION...]
run_tests() {
  [[ $(id -u) -eq 0 ]] || say "Not root: tests that run containers or make networks are skipped and named at the end."
  find "$home"/*/target/surefire-reports "$home"/*/target/failsafe-reports -name 'TEST-*.xml' -delete 2>/dev/null || true
  local code=0
  (cd "$home" && mvn -B -ntp --fail-at-end verify "$@") || code=$?
  count_tests || code=1
  return "$code"
}

# Reads the reports of surefire and failsafe; fails when a test failed or none ran.
count_tests() {
  local reports=()
  mapfile -t reports < <(find "$home"/*/target/surefire-reports "$home"/*/target/failsafe-reports -name 'TEST-*.xml' 2>/dev/null)
  if [[ ${#reports[@]} -eq 0 ]]; then
    say "No test ran."
    return 1
  fi
  awk '
    function number(name,    found) {
      return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
    }
    /<testsuite / { ran += number("tests"); failed += number("failures") + number("errors"); skipped += number("skipped") }
    /<testcase /  {
      match($0, / name="[^"]*"/); test = substr($0, RSTART + 7, RLENGTH - 8)
      match($0, / classname="[^"]*"/); test = substr($0, RSTART + 12, RLENGTH - 13) "." test
    }
    /<skipped/    { print "skipped: " test }
    /<(failure|error)[ >]/ { print "failed: " test }
    END {
      printf "%d passed, %d failed, %d skipped\n", ran - failed - skipped, failed, skipped
      exit (failed > 0 || ran == 0)
    }' "${reports[@]}"
}
