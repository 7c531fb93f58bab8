# Demands that came within the year, by who sent them, the country of an authority or
# court, and ground; and how they had ended at the year's end.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-demands.jq
($decisions | map(select(.type == "decision" and .at[0:4] <= $year) | {key: (.demand | tostring), value: .outcome})
 | from_entries) as $outcomes
| ["sender", "country", "ground", "received", "granted", "narrowed", "refused", "waiting"],
  ($decisions
   | map(select(.type == "demand" and .at[0:4] == $year)
         | {sender, country: (.country // ""), ground, outcome: ($outcomes[.id | tostring] // "waiting")})
   | group_by([.sender, .country, .ground])[]
   | [.[0].sender, .[0].country, .[0].ground, length,
      (("granted", "narrowed", "refused", "waiting") as $o | map(select(.outcome == $o)) | length)])
| @csv
