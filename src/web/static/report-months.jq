# Restrictions decided and lifted, by month.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-months.jq
def months($type): $decisions | map(select(.type == $type and .at[0:4] == $year) | .at[0:7]);
months("restriction") as $decided
| months("lift") as $lifted
| ["month", "decided", "lifted"],
  (range(1; 13) | $year + "-" + (if . < 10 then "0" else "" end) + tostring
   | . as $month
   | [$month, ($decided | map(select(. == $month)) | length), ($lifted | map(select(. == $month)) | length)])
| @csv
