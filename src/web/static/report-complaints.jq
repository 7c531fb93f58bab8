# Complaints that came within the year, and how they had ended at its end.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-complaints.jq
($decisions | map(select(.type == "complaint_decision" and .at[0:4] <= $year)
                  | {key: (.complaint | tostring), value: .outcome}) | from_entries) as $outcomes
| ["received", "upheld", "rejected", "waiting"],
  ($decisions
   | map(select(.type == "complaint" and .at[0:4] == $year) | $outcomes[.id | tostring] // "waiting")
   | [length, (("upheld", "rejected", "waiting") as $o | map(select(. == $o)) | length)])
| @csv
