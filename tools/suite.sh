# Sourced by tools/test and .ci/run: runs suites, adds up what they count.
#
#   step NAME COMMAND...   one thing that passes or fails
#   suite NAME COMMAND...  something whose last line "N passed, N failed, N skipped" counts
#   begin KEY COMMAND...   starts it beside what follows; `suite NAME ended KEY` waits and counts
#   total                  prints the sum in the same words; its status is the whole's
passed=0 failed=0 skipped=0
logs=$(mktemp -d "${TMPDIR:-/tmp}/colophon-suite-XXXXXX")
trap 'end_begun; rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In a group of its own, so that what it started ends with it.
begin() {
    begun=$logs/$1.begun
    shift
    {
        setsid "$@" > "$begun" 2>&1 &
        echo $! > "$begun.pid"
        wait $!
        { echo $? > "$begun.part" && mv "$begun.part" "$begun.status"; } 2> /dev/null
    } &
}

ended() {
    while [ ! -f "$logs/$1.begun.status" ]; do sleep 0.2; done
    cat "$logs/$1.begun"
    return "$(cat "$logs/$1.begun.status")"
}

end_begun() {
    for pid in "$logs"/*.begun.pid; do
        [ ! -f "$pid" ] || [ -f "${pid%.pid}.status" ] || kill -TERM "-$(cat "$pid")" 2> /dev/null || true
    done
}

# Shows and keeps what COMMAND says; its exit status.
told() {
    { "$@" 2>&1; echo $? > "$logs/status"; } | tee "$logs/said"
    return "$(cat "$logs/status")"
}

step() {
    printf '== %s\n' "$1"
    step_name=$1
    shift
    if told "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n' "$step_name"
    fi
}

suite() {
    printf '== %s\n' "$1"
    suite_name=$1 suite_status=0
    shift
    told "$@" || suite_status=$?
    line=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$logs/said" | tail -n 1)
    # shellcheck disable=SC2086 # three words
    set -- ${line:-0 0 0}
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    # It broke before it could count, or counted nothing.
    if [ -z "$line" ] || { [ "$suite_status" -ne 0 ] && [ "$2" -eq 0 ]; }; then
        failed=$((failed + 1))
        printf 'FAILED: %s (exit status %s)\n' "$suite_name" "$suite_status"
    fi
}

# Meson's tests, in the words that suite counts. meson_tests BUILD [OPTION...]
meson_tests() {
    meson_build=$1
    shift
    meson test -C "$meson_build" --no-rebuild --print-errorlogs "$@" > "$logs/meson" 2>&1
    meson_status=$?
    grep -vE '^(ninja|Ok|Expected Fail|Fail|Unexpected Pass|Skipped|Timeout):? ' "$logs/meson" | grep . || true
    awk -F: '/^Ok:/ || /^Expected Fail:/ {ok += $2} /^Fail:/ || /^Unexpected Pass:/ || /^Timeout:/ {bad += $2}
             /^Skipped:/ {left += $2} END {printf "%d passed, %d failed, %d skipped\n", ok, bad, left}' "$logs/meson"
    return $meson_status
}

# quietly COMMAND...: says nothing where it goes well.
quietly() {
    "$@" > "$logs/quiet" 2>&1 || { tail -n 40 "$logs/quiet"; return 1; }
}

total() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
