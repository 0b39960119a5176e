# The forms that the providers' part of a configuration may have: one, several by their ids, a list.

include "marks";

# A provider, and not several by their ids.
def looks_like_provider: type == "object"
	and any(keys[]; . as $k | ["oktaUrl", "orgUrl", "clientId", "privateKey", "keyId", "token", "oauth", "schedule"] | index($k));
# Several, though one of the ids may be a word such as users.
def is_map: type == "object" and any(.[]; type == "object" and (has("oktaUrl") or has("orgUrl")));

# An id that an item may have, or $default.
def id_or($default): if type == "object" and (is_mark | not) then [.id | unmarked] | first // $default else $default end;

# [{id, path, at, config}] of whatever form the configuration has: path as people write it, at as an array below $prefix.
def provider_list($prefix):
	if . == null or is_mark then []
	elif type == "array" then to_entries | map({id: (.value | id_or("default")), path: under($prefix; .key), at: [.key], config: .value})
	elif is_map or (type == "object" and (looks_like_provider | not)) then
		to_entries | map(.key as $key | {id: (.value | id_or($key)), path: under($prefix; $key), at: [$key], config: .value})
	else [{id: id_or("default"), path: $prefix, at: [], config: .}] end;
