# The groups of a ledger as okta-fetch --known-groups reads them: "ID NAME", a line for each name that Okta had for a group.
# Input: the raw lines of the ledger (jq -n -R -r).

inputs | fromjson? | objects | select(.kind == "Group") | .id as $id
| .oktaNames[]? | strings | select(contains("\n") | not) | "\($id) \(.)"
