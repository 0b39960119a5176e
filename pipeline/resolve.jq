# The provider's part of all configurations, resolved and merged. Input: the array of what is known, in any order but that
# of the configurations:
#	{config: PATH, dir, value}		a file given with --config; later ones win
#	{variable: NAME, text}, {file: PATH, text}, {readable: PATH, value: boolean}, {include: PATH, value} or {include: PATH, problem}
# Output: {needs: [{variable} or {file} or ...], prefix, okta, variables: [NAME]}; when needs is empty, okta is the tree, marks
# in it, that providers.jq reads, prefix its path in the files, and variables are those that hold a secret, whether a later file
# replaces it or not.

include "marks";
include "merge";
include "substitute";

def facts: {
	variables: (map(select(has("variable")) | {key: .variable, value: .text}) | from_entries),
	files: (map(select(has("file")) | {key: .file, value: .text}) | from_entries),
	readable: (map(select(has("readable")) | {key: .readable, value}) | from_entries),
	includes: (map(select(has("include")) | {key: .include, value: .}) | from_entries)};

# A key that only a provider has: what is no app-config is a provider, or several.
def is_provider: type == "object" and (has("oktaUrl") or has("orgUrl") or has("clientId") or has("privateKey") or has("oauth") or has("keyId"));
def is_part: is_provider or any(.[]; is_provider);

# {value, dir, depth}: what an include at this place stands for.
def opened($facts):
	if .value | is_include then
		. as $at | (.value | resolved($facts; $at.dir; false)) as $new
		| {value: $new.value, dir: ($new.dir // .dir), depth: (.depth + 1)}
	else . end;

# Down a path, without reading what stands beside it: {value, dir, depth}, or nothing when a key is not there.
def down($facts; $path):
	if ($path | length) == 0 then .
	else
		opened($facts)
		| if .value == null or (.value | is_mark) then .
			elif .value | type != "object" then .value |= ({problem: "\($path[0]) is looked for in a \(type)"} | mark)
			elif .value | has($path[0]) then .value |= .[$path[0]] | down($facts; $path[1:])
			else empty end
	end;

def prefix_of: if type == "object" and (is_mark | not) then
		if has("catalog") then ["catalog", "providers", "okta"] elif has("providers") then ["providers", "okta"]
		elif has("okta") then ["okta"] elif is_part then [] else null end
	elif is_mark or type == "array" then [] else null end;

# One file's part: {prefix, okta} or nothing.
def part($facts):
	{value, dir, depth: 0}
	| (opened($facts).value | prefix_of) as $path
	| if $path == null then empty
		else down($facts; $path) | . as $at | .value | substitute($facts; $at.dir; $at.depth; null) | {prefix: ($path | join(".")), okta: .}
		end;

def secret_variables: [.. | objects | select(is_mark | not) | .[secret_keys[]] | .. | select(is_mark) | marked.variables // [] | .[]] | unique;

def needs: .. | select(is_mark) | marked.need | select(. != null);

def resolve:
	facts as $facts
	| [.[] | select(has("config") and has("value")) | part($facts)] as $parts
	| (reduce $parts[] as $p (null;
		if $p.okta == null then null
		elif . == null then $p.okta | without_nulls
		else merge($p.okta) end)) as $okta
	# What an include gives may be merged with what a later file has; a text that is replaced need not be known.
	| {needs: ([($parts[].okta | needs | select(.include)), ($okta | needs)] | unique),
		prefix: ($parts | map(select(.okta != null).prefix) | unique | if length == 1 then .[0] else "catalog.providers.okta" end),
		$okta,
		variables: ([$parts[].okta] | secret_variables)};
