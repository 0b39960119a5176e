# What the stages say (a JSON object a line, or the text of a transform) to what the wrapper passes on. Input: raw lines.
# $known: what earlier runs found, one key a line; $all: known or not; $several: say which provider; $by: whose what is no JSON
# is; $format: text or json.

include "finding";

($known | split("\n")) as $known
| message($by)
| select($all or (is_summary | not))
| select($all or (is_finding | not) or ([finding_key] - $known | length) > 0)
| if $format == "json" then . + {$provider} | tojson else text($several; $provider) end
