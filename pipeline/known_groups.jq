# The groups of a ledger as okta-fetch --known-groups reads them: "ID NAME", a
# line for each name that Okta had for a group. Input: the raw lines of the
# ledger (jq -n -R -r). okta-fetch takes ids of the form that Okta's have, and
# no others.
#
# Optional arguments: $names, the configured groups as a JSON array, and $lines,
# more of them, one on each line. If the ledger has some of them as no group's
# name in Okta, a stream of groups with these names comes first: okta-map names
# them for followed.jq.

def is_id: test("^00g[A-Za-z0-9]{17}$");

# $taken: the groups of the ledger whose own names in Okta are configured.
def stream($taken):
	{kind: "OktaOrg", version: 1, id: "default",
		oktaUrl: "https://example.okta.com", $taken},
	(to_entries[] | {kind: "OktaGroup", group: {
		id: "00g\("0000000000000000\(.key)"[-17:])",
		profile: {name: .value}}}),
	{kind: "End", groups: length, users: 0, memberships: 0};

def configured:
	($ARGS.named.names // "[]" | fromjson)
	+ ($ARGS.named.lines // "" | split("\n") | map(split("\r")[]))
	| map(select(. != "" and (contains("\n") or is_id | not))) | unique;

configured as $configured
| [inputs | fromjson? | objects | select(.kind == "Group") | .id as $id
	| select($id | is_id?)
	| .oktaNames[]? | strings | select(contains("\n") | not)
	| {$id, name: .}] as $known
| ($configured | map({key: ., value: true}) | from_entries) as $is_configured
| ($known | map({key: .name, value: true}) | from_entries) as $is_known
| ([$known[] | select($is_configured[.name]).id] | unique) as $taken
| ($configured | map(select($is_known[.] | not)) | select(length > 0)
	| stream($taken) | tojson),
	($known[] | "\(.id) \(.name)")
