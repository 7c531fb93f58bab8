# Ratings, reviews and comments. Their log has no times; the heads of it that stand in the
# decisions say how long it was, and when.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-voices.jq
def size_by($last_year): [$decisions[] | select(.type == "head" and .at[0:4] <= $last_year) | .size] | last // 0;
$voices[size_by($year | tonumber - 1 | tostring):size_by($year)] as $news
| ["kind", "accepted", "changed", "withdrawn", "erased"],
  ("rating", "review", "comment" | . as $kind
   | [$kind, (("accepted", "changed", "withdrawn", "erased") as $type
              | $news | map(select(.type == $type and .kind == $kind)) | length)])
| @csv
