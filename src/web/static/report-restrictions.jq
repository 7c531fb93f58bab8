# Restrictions by storefront and ground: decided and lifted within the year.
# jq -n -r --arg year 2026 --slurpfile decisions entries.jsonl --slurpfile voices voices.jsonl -f report-restrictions.jq
def within: .at[0:4] == $year;
($decisions | map(select(.type == "restriction"))) as $restrictions
| ($decisions | map(select(.type == "lift" and within) | .id)) as $lifted
| ["storefront", "ground", "decided", "lifted"],
  ($restrictions
   | map((within) as $decided | (.id | IN($lifted[])) as $lift
         | select($decided or $lift) | .ground as $ground | .storefronts[]
         | {storefront: ., ground: $ground, decided: $decided, lifted: $lift})
   | group_by([.storefront, .ground])[]
   | [.[0].storefront, .[0].ground, (map(select(.decided)) | length), (map(select(.lifted)) | length)])
| @csv
