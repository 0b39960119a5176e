# Several configurations made one, as @backstage/config does: objects are merged key by key, anything else of a later
# one replaces what an earlier one has, and null takes a key away.

include "marks";

def is_branch: type == "object" and (is_mark | not);

# A tree without the keys that are null. What an array holds is left as it is.
def without_nulls: if is_branch then with_entries(select(.value != null) | .value |= without_nulls) else . end;

# The later tree over the earlier one (the input); neither may be null itself.
def merge($later):
	. as $earlier
	| if $later | is_branch then
		(if is_branch then . else {} end)
		| reduce ($later | to_entries[]) as $e (.;
			if $e.value == null then del(.[$e.key])
			elif has($e.key) then .[$e.key] |= merge($e.value)
			else .[$e.key] = ($e.value | without_nulls) end)
	# A variable that is not set leaves the earlier value, as in Backstage.
	elif ($later | marked.missing) != null then $earlier
	else $later end;
