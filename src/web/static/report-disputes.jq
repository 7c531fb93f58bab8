# Disputes that were brought before bodies out of court within the year (Art. 24(1)(a)), by body:
# how they stood at its end, of those reversed, wholly or in part, how many the shop implemented
# (the restriction was lifted or had ended, the demand was decided anew), how many were settled,
# and the median from bringing to settling.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-disputes.jq
def seconds($from; $to): [($to | fromdateiso8601) - ($from | fromdateiso8601), 0] | max;
def median: sort | if length == 0 then 0 else .[(length - 1) / 2 | floor] end;
def table(key): map({key: (key | tostring), value: .}) | from_entries;
($decisions | to_entries | map(.value + {index: .key} | select(.at[0:4] <= $year))) as $all
| ($all | map(select(.type == "settlement" or .type == "dispute_corrected"))) as $noted
| ($all | map(select(.type == "restriction")) | table(.id)) as $restrictions
| ($all | map(select(.type == "lift")) | table(.id)) as $lifts
| ($all | map(select(.type == "decision")) | table(.demand)) as $decided
# What was noted last counts: of what the dispute is, its correction; of how it ended, that or a settlement.
| ($all | map(select(.type == "dispute")
               | . as $d | ($noted | map(select(.dispute == $d.id))) as $mine
               | ($mine | map(select(.type == "dispute_corrected")) | last // $d) as $now
               | ($mine | last | if .outcome then . else null end) as $s
               | select($now.state != "void" and $now.submitted[0:4] == $year)
               | {body: $now.body, outcome: ($s.outcome // "waiting"),
                  seconds: (if $s then seconds($now.submitted; $s.settled) else null end),
                  done: (if $s.outcome != "reversed" and $s.outcome != "partly" then false
                         elif .of.restriction then $lifts[.of.restriction | tostring] != null
                              or ($restrictions[.of.restriction | tostring] | .until // .review) <= $s.at
                         else $decided[.of.decision | tostring].index > $s.index end)})) as $disputes
| ["body", "brought", "waiting", "confirmed", "reversed", "partly", "no_result", "implemented", "settled", "median_seconds"],
  ($disputes | group_by(.body)[]
   | [.[0].body, length, (("waiting", "confirmed", "reversed", "partly", "none") as $o | map(select(.outcome == $o)) | length),
      (map(select(.done)) | length), (map(.seconds | values) | length, median)])
| @csv
