# What the stages say (a JSON object a line, or the text of a transform) to what the wrapper passes on. Input: raw lines (jq -n -R).
# $known: what earlier runs found, one key a line; $all: known or not; $several: say which provider; $by: whose what is no JSON
# is; $format: text or json; $copy is what okta-map has of $ledger.

include "finding";
include "word";

(reduce ($known | split("\n"))[] as $key ({}; .[$key] = true)) as $known
| inputs | message($by)
| select($all or (is_summary | not))
| select($all or (is_finding | not) or ($known[finding_key] | not))
| .message |= with_place($copy; $ledger)
| if $format == "json" then . + {$provider} | tojson else text($several; $provider) end
