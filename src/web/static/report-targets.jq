# What was withheld, by its kind: restrictions decided and lifted within the year.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-targets.jq
($decisions | map(select(.type == "restriction") | {key: (.id | tostring), value: .target.kind}) | from_entries) as $kinds
| ($decisions | map(select((.type == "restriction" or .type == "lift") and .at[0:4] == $year)
                    | {kind: $kinds[.id | tostring], type})) as $news
| ["target", "decided", "lifted"],
  ($news | group_by(.kind)[]
   | [.[0].kind, (("restriction", "lift") as $t | map(select(.type == $t)) | length)])
| @csv
