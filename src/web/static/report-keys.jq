# Keys that began to sign within the year, by what they sign, and those of them that took the place of one before.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-keys.jq
($decisions
 | map(select((.type == "key" or .type == "refusal_key") and .at[0:4] == $year)
       | if .type == "refusal_key" then {signs: "refusals", before: has("replaces")}
         else {signs: (if .log | endswith("/voices") then "voices" else "decisions" end), before: true} end)) as $keys
| ["signs", "began", "replaced"],
  (("decisions", "voices", "refusals") as $s | [$s, ($keys | map(select(.signs == $s)) | length, (map(select(.before)) | length))])
| @csv
