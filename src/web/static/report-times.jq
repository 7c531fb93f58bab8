# By who asked: how many demands were confirmed to their senders within the year and the median
# from receipt to that; how many were decided, and the median from receipt to decision; how
# many restrictions followed, and the median from receipt to effect (Art. 15(1)(a)).
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-times.jq
def seconds($from; $to): [($to | fromdateiso8601) - ($from | fromdateiso8601), 0] | max;
def median: sort | if length == 0 then 0 else .[(length - 1) / 2 | floor] end;
def figures: map(values) | length, median;
($decisions | map(select(.type == "demand") | {key: (.id | tostring), value: .}) | from_entries) as $demands
| ($decisions | map(select(.at[0:4] == $year and .demand != null and $demands[.demand | tostring] != null)
                    | . as $e | $demands[.demand | tostring]
                    | {sender, told: (if $e.type == "acknowledged" then seconds(.received; $e.sent) else null end),
                       decided: (if $e.type == "decision" then seconds(.received; $e.at) else null end),
                       effect: (if $e.type == "restriction" then seconds(.received; $e.from) else null end)})
   | map(select(.told != null or .decided != null or .effect != null))) as $times
| ["sender", "acknowledged", "acknowledgement_median_seconds", "decided", "decision_median_seconds", "in_effect", "effect_median_seconds"],
  ($times | group_by(.sender)[]
   | [.[0].sender, (map(.told) | figures), (map(.decided) | figures), (map(.effect) | figures)])
| @csv
