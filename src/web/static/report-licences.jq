# Licences to sell, by country and by what was said of each last at the year's end.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-licences.jq
($decisions | map(select((.type == "licence" or .type == "licence_changed") and .at[0:4] <= $year))) as $said
| ($said | map({key: (.id | tostring), value: .status}) | from_entries) as $status
| ["country", "status", "count"],
  ($said | map(select(.type == "licence") | {country, status: $status[.id | tostring]}) | group_by([.country, .status])[]
   | [.[0].country, .[0].status, length])
| @csv
