# RoadieHQ's form of a provider, over to the one that is read here.

include "marks";

# RoadieHQ's names for what has a name of its own here.
def roadie_keys: {orgUrl: "oktaUrl", userFilter: "userSearch", groupFilter: "groupSearch"};

def read_as: if length > 0 then " (\(map("\(.key) is read as \(.value)") | join(", ")))" else "" end;

# Over to one form: what RoadieHQ's keys say, under the names here. Gives {config, hints, problems}.
def translated($path):
	. as $c
	| (has("orgUrl") or has("oauth")) as $roadie
	| [roadie_keys | to_entries[] | select(.key as $k | $c | has($k))] as $used
	| {config: (reduce $used[] as $u ($c; (if has($u.value) then . else .[$u.value] = .[$u.key] end) | del(.[$u.key]))
			| if $roadie and (has("dropEmptyGroups") | not) then .dropEmptyGroups = true else . end),
		keys: (reduce $used[] as $u ({}; .[$u.value] = $u.key)),
		hints: (if $roadie then ["\($path): RoadieHQ's form\($used | read_as); "
			+ "groups without members are left out, as there, unless dropEmptyGroups is false"] else [] end),
		problems: [$used[] | select(.value as $v | $c | has($v))
			| "\(under($path; .key)): stands beside \(.value), which is the same; keep one"]};
