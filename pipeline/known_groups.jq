# The groups of a ledger as okta-fetch --known-groups reads them: "ID NAME", a line for each name that Okta had for a group.
# Input: the raw lines of the ledger (jq -n -R -r). okta-fetch takes ids of the form that Okta's have, and no others.

inputs | fromjson? | objects | select(.kind == "Group") | .id as $id
| select($id | test("^00g[A-Za-z0-9]{17}$")?)
| .oktaNames[]? | strings | select(contains("\n") | not) | "\($id) \(.)"
