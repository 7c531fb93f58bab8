# From a demand to its restriction's entry, from the entry to its effect, from the effect
# to the lift, from a demand and a complaint to their decisions: how many within the year,
# the median (the lower of two), the slowest.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-delays.jq
def table($type): $decisions | map(select(.type == $type) | {key: (.id | tostring), value: .}) | from_entries;
def seconds($from; $to): [($to | fromdateiso8601) - ($from | fromdateiso8601), 0] | max;
def row($name): sort | [$name, length, (if length == 0 then 0, 0 else .[(length - 1) / 2 | floor], .[-1] end)];
table("demand") as $demands
| table("complaint") as $complaints
| table("restriction") as $restrictions
| ($decisions | map(select(.at[0:4] == $year))) as $news
| ["from_to", "count", "median_seconds", "slowest_seconds"],
  ($news | map(select(.type == "restriction" and .demand != null and $demands[.demand | tostring] != null)
               | seconds($demands[.demand | tostring].received; .at)) | row("received-published")),
  ($news | map(select(.type == "restriction") | seconds(.at; .from)) | row("published-in-effect")),
  ($news | map(select(.type == "lift") | seconds($restrictions[.id | tostring].from; .at)) | row("in-effect-lifted")),
  ($news | map(select(.type == "decision") | seconds($demands[.demand | tostring].received; .at)) | row("received-decided")),
  ($news | map(select(.type == "complaint_decision") | seconds($complaints[.complaint | tostring].at; .at)) | row("complaint-decided"))
| @csv
