# What the restrictions that were decided within the year withhold.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-features.jq
["feature", "decided"],
($decisions
 | map(select(.type == "restriction" and .at[0:4] == $year) | .features[])
 | group_by(.)[] | [.[0], length])
| @csv
