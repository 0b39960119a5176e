# Finds configured groups, whose names in Okta the ledger does not have, by the
# names of their entities. Output: "ID NAME" lines as those of known_groups.jq.
# Input, raw lines (jq -n -R -r): the stream of known_groups.jq, what okta-map
# made of it, and the ledger. A group of the ledger is not given if:
# - its own name in Okta is configured, too: the other name is another group's
# - some name is its name and a suffix such as okta-map gives if two groups
#   claim a name: either of them may be meant

def is_text: type == "string";

# The name that okta-map had a suffix for, shortened for it maybe, or null.
def without_suffix: if test("-[a-z2-7]{8}$") then .[:-9] else null end;

def set(names): [names | strings | {key: ., value: true}] | from_entries;

[inputs | fromjson? | objects] as $all
| set($all[] | select(.kind == "OktaOrg").taken[]) as $taken
| [$all[] | select(.kind == "Group" and .metadata == null)
	| select((.name | is_text) and (.id | is_text))
	| .name |= ascii_downcase] as $ledger
| [$all[] | select(.kind == "Group" and .metadata != null)
	| {id: .metadata.annotations["okta.com/group-id"],
		name: (.metadata.name | ascii_downcase)}] as $entities
| set($ledger[], $entities[] | .name | without_suffix) as $contested
# A name that its group gave up by --names-follow has left, the group has not.
| set($ledger[] | select(.left == null).id
	| select(test("^00g[A-Za-z0-9]{17}$"))) as $live
| ($ledger | map({key: .name, value: .id}) | from_entries) as $id_of
| ($entities | map({key: .id, value: .name}) | from_entries) as $name_of
| $all[] | select(.kind == "OktaGroup").group
| $name_of[.id] as $name
| select($name != null and ($contested[$name[:54]] | not))
| $id_of[$name] as $id
| select($id != null and $live[$id] and ($taken[$id] | not))
| "\($id) \(.profile.name)"
