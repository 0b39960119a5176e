# Whether a ledger has a name that nobody else may get in $namespace: "yes" or "no". Input: its raw lines (jq -n -R). $which:
# "other" is of a provider that is configured for another namespace, so its header must say that the names are of this one.
# $before: when the last good run ended, or nothing.

def seconds: sub("\\.[0-9]+"; "") | fromdate;

# A line that cannot be read counts as a name: okta-map reports it.
def line: try (fromjson | objects) catch {};

def is_held($now; $hold):
	if .kind == "Ledger" then false elif .left then (try (.left | seconds + $hold >= $now) catch true) else true end;

(try ([now, ($before | seconds)] | min) catch now) as $now
| ((try input catch "") | line) as $first
| ($first | if .kind == "Ledger" then . else {} end) as $header
| ($header.hold // 15552000) as $hold
| ($first.kind | . == "Ledger" or . == "User" or . == "Group") as $is_ledger
| (if $header.namespace then $header.namespace == $namespace else $which != "other" end) as $is_here
# Not any(), whose break a try of jq 1.6 catches.
| (reduce ($first, (inputs | line)) as $line (false; . or ($line | is_held($now; $hold)))) as $holds
| if $is_ledger and $is_here and $holds then "yes" else "no" end
