# The resolved configuration to providers. Input: what resolve.jq gives. Output: {problems: [text], warnings: [text],
# hints: [text], variables: [NAME], providers: [...]}. variables hold secrets. A provider has
#	id, path, url
#	fetch, map, emit	the stages' arguments
#	format, split, names, cache	as configured: what pipeline.sh itself has to know; names and cache may be false
#	secret		where the private key or token is, {file} or {variable} or {text}, and .option, okta-fetch's for it
#	frequency, cron, manual, timeout, initialDelay		of the schedule, durations in milliseconds
#	transformOkta, transformEntities, publish	null, {jq: TEXT} or {command: TEXT or [ARGUMENT]}

include "marks";
include "nearest";
include "keys";
include "secret";
include "schedule";

# RoadieHQ's names for what has a name of its own here.
def roadie_keys: {orgUrl: "oktaUrl", userFilter: "userSearch", groupFilter: "groupSearch"};
def own_keys: ["id", "oktaUrl", "clientId", "privateKey", "keyId", "token", "oauth", "schedule", "names", "cache", "transform", "publish"];
def known_keys: own_keys + (keys_of_stages | keys_unsorted) + (roadie_keys | keys_unsorted);

# The path of a key below another, as people write it.
def under($path; $key): if $path == "" then $key elif ($key | type) == "number" then "\($path)[\($key)]" else "\($path).\($key)" end;

# A provider, and not several by their ids.
def looks_like_provider: type == "object"
	and any(keys[]; . == "oktaUrl" or . == "orgUrl" or . == "clientId" or . == "privateKey" or . == "keyId" or . == "token" or . == "oauth" or . == "schedule");
def is_map: type == "object" and any(.[]; type == "object" and (has("oktaUrl") or has("orgUrl")));

# [{id, path, config}] of whatever form the configuration has.
def provider_list($prefix):
	if . == null or is_mark then []
	elif type == "array" then
		to_entries | map({id: (if .value | type == "object" then (.value.id | unmarked?) // "default" else "default" end), path: under($prefix; .key), at: [.key], config: .value})
	elif type == "object" and (is_map or (looks_like_provider | not)) then
		to_entries | map(.key as $key | {id: (if .value | type == "object" then (.value.id | unmarked?) // $key else $key end), path: under($prefix; $key), at: [$key], config: .value})
	elif type == "object" then [{id: ((.id | unmarked?) // "default"), path: $prefix, at: [], config: .}]
	else [{id: "default", path: $prefix, at: [], config: .}] end;

# What stands in the tree as a mark of a problem, as {path, problem}.
def marked_problems($path):
	[marks_with(.problem // .missing) as $at
		| under($path; $at | path_text) as $where
		| getpath($at) | marked
		| {path: $where, problem: "\($where): \(.problem // .missing)\(
			if .missing and ($at[0] == "publish" or $at[0] == "transform") then "; for a variable of the command's own write $${NAME}" else "" end)"}];

# Over to one form: what RoadieHQ's keys say, under the names here. Gives {config, hints, problems}.
def translated($path):
	. as $c
	| (has("orgUrl") or has("oauth")) as $roadie
	| [roadie_keys | to_entries[] | select(.key as $k | $c | has($k))] as $used
	| {config: (reduce $used[] as $u ($c; (if has($u.value) then . else .[$u.value] = .[$u.key] end) | del(.[$u.key]))
			| if $roadie and (has("dropEmptyGroups") | not) then .dropEmptyGroups = true else . end),
		keys: (reduce $used[] as $u ({}; .[$u.value] = $u.key)),
		hints: (if $roadie then ["\($path): RoadieHQ's form\(
			if ($used | length) > 0 then " (\($used | map("\(.key) is read as \(.value)") | join(", ")))" else "" end); groups without members are left out, as there, unless dropEmptyGroups is false"] else [] end),
		problems: [$used[] | select(.value as $v | $c | has($v)) | "\(under($path; .key)): stands beside \(.value), which is the same; keep one"]};

def url_problem:
	if type != "string" then "expected the org's address, such as https://acme.okta.com, found \(found)"
	elif test("^https://[^/?#]*-admin\\.") then "is the admin console's address; leave out \"-admin\": \(capture("^(?<a>https://[^/?#]*)-admin(?<b>\\.[^/?#]*)") | .a + .b)"
	elif test("^https://[^/?#\\s@]+/$") then "ends in a slash; write \(rtrimstr("/"))"
	elif test("^https://[^/?#\\s@]+$") then null
	elif test("^[A-Za-z0-9.-]+(:[0-9]+)?/?$") then "https:// is missing; expected https://\(rtrimstr("/"))"
	else "expected the org's address alone, such as https://acme.okta.com, found \(found)" end;

def url($path):
	if . == null then [{problem: "\($path): missing; expected the org's address, such as https://acme.okta.com"}]
	else
		url_problem as $wrong
		| if $wrong != null then [{problem: "\($path): \($wrong)"}] else [{stage: "fetch", args: ["--org-url", .]}] end
	end;

def text_argument($path; $option): [try {stage: "fetch", args: [$option, text]} catch {problem: "\($path): \(.)"}];

# One of the secrets, from the tree with its marks. $at is its path as an array, below the provider.
def secret_parts($path; $at; $option):
	secret($option == "--key-file") as $s
	| [{variables: $s.variables}, (if $s.problem then {problem: "\($path): \($s.problem)"} else {secret: ($s.secret + {$option, path: $at})} end)];

# Client ID, key and key ID, in oauth or beside it, or an SSWS token. $raw is the same with marks.
def credentials($path; $c; $raw):
	if $c.oauth != null and ($c.oauth | type) != "object" then [{problem: "\(under($path; "oauth")): expected clientId, keyId and privateKey, found \($c.oauth | type)"}]
	else
		(if $c.oauth != null then [under($path; "oauth"), $c.oauth, $raw.oauth, ["oauth"]] else [$path, $c, $raw, []] end) as [$at, $o, $o_raw, $in]
		| if $raw.token != null and ($o.clientId == null or $o_raw.privateKey == null) then $raw.token | secret_parts(under($path; "token"); ["token"]; "--token-file")
		else
			($o.clientId | if . == null then [{problem: "\(under($at; "clientId")): missing"}] else text_argument(under($at; "clientId"); "--client-id") end)
			+ ($o.keyId | if . == null then [] else text_argument(under($at; "keyId"); "--key-id") end)
			+ ($o_raw.privateKey | if . == null then [{problem: "\(under($at; "privateKey")): missing; expected the key itself, ${NAME}, { $env: NAME } or { $file: PATH }"}]
				else secret_parts(under($at; "privateKey"); $in + ["privateKey"]; "--key-file") end)
			+ ($c.oauth | unread_keys($at; ["clientId", "keyId", "privateKey"]) | map({warning: .}))
		end
	end;

# A jq program or a command, as {jq} or {command}.
def program($path; $jq):
	if . == null then null
	elif type == "string" and $jq then {jq: .}
	elif type == "string" then {command: .}
	elif type == "object" and (.command | (type == "string" and . != "") or (type == "array" and length > 0 and all(.[]; type == "string"))) then {command}
	else error("expected \(if $jq then "a jq program or " else "" end){ command: ... }, the command as one text or a list of texts") end;

def programs($path; $c):
	(if $c.transform == null or ($c.transform | type) == "object" then [] else [{problem: "\(under($path; "transform")): expected okta and entities, found \($c.transform | type)"}] end)
	+ [("okta", "entities") as $which | under(under($path; "transform"); $which) as $at
		| try {field: "transform\($which | (.[:1] | ascii_upcase) + .[1:])", value: ($c.transform[$which]? | program($at; true))} catch {problem: "\($at): \(.)"}]
	+ [under($path; "publish") as $at | try {field: "publish", value: ($c.publish | program($at; false))} catch {problem: "\($at): \(.)"}]
	+ ($c.transform | unread_keys(under($path; "transform"); ["okta", "entities"]) | map({warning: .}))
	+ ([[under($path; "publish"), $c.publish], [under($path; "transform.okta"), $c.transform.okta?], [under($path; "transform.entities"), $c.transform.entities?]]
		| map(.[0] as $at | .[1] | unread_keys($at; ["command"])[] | {warning: .}));

# names and cache: a path, or false for none.
def kept($path):
	if . == null or . == true then null elif . == false or (type == "string" and . != "") then .
	else error("expected a path, or false for none, found \(found)") end;

def stage_options($path; $c; $names):
	keys_of_stages as $specs
	| [$c | to_entries[] | select(.key | in($specs)) | .key as $k | $specs[$k] as $spec
		| try {stage: $spec.stage, args: (.value | arguments($spec))} catch {problem: "\(under($path; $names[$k] // $k)): \(.)"}]
	+ [("names", "cache") as $k | try {field: $k, value: ($c[$k] | kept(under($path; $k)))} catch {problem: "\(under($path; $k)): \(.)"}];

# Keys that are right by themselves and wrong together, as {problem}.
def together($path; $c):
	[ (if $c.names == false then ("nameHold", "namesFollow") as $k | select($c[$k] != null) | "\(under($path; $k)): needs the ledger of names, which names: false switches off" else empty end),
		(if $c.cache == false and $c.cacheMaxAge != null then "\(under($path; "cacheMaxAge")): needs the cache, which cache: false switches off" else empty end),
		(if $c.userSearch != null and $c.users != null and $c.users != "all" then "\(under($path; "userSearch")): goes with users: all; found users: \($c.users)" else empty end),
		(if $c.format == "delta" then "\(under($path; "format")): a delta is made from one mutation to the next, by hand; publish mutation" else empty end)
	| {problem: .}];

def id_problem($path): if type == "string" and test("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$") then []
	else [{problem: "\(under($path; "id")): \(found) is no id: expected letters, digits, - and _, at most 63"}] end;

# Everything that the provider's keys say, as an array of {stage, args}, {field, value}, {secret}, {variables}, {problem},
# {warning} and what the schedule gives.
def parts_of($id; $path; $raw; $t):
	$t.config as $c
	| ($id | id_problem($path))
	+ [$t.problems[] | {problem: .}]
	+ ($c.oktaUrl | url(under($path; $t.keys.oktaUrl // "oktaUrl")))
	+ [{stage: "fetch", args: ["--id", ($id | tostring)]}]
	+ credentials($path; $c; $raw)
	+ ($c.schedule | schedule(under($path; "schedule")))
	+ ($c.schedule | unread_keys(under($path; "schedule"); ["frequency", "timeout", "initialDelay", "scope"]) | map({warning: .}))
	+ stage_options($path; $c; $t.keys)
	+ together($path; $c)
	+ programs($path; $c)
	+ ($raw | unread_keys($path; known_keys) | map({warning: .}));

def read_object($id; $path; $raw):
	($raw | marked_problems($path)) as $marked
	| ($raw | [unmarked] | first // {} | translated($path)) as $t
	| parts_of($id; $path; $raw; $t) as $parts
	| {$id, $path, url: $t.config.oktaUrl,
		# Of a value that is not there, that it is missing is not said again.
		problems: ([$marked[].problem] + [$parts[].problem | select(. != null) | . as $p | select(any($marked[]; .path as $m | $p | startswith("\($m): ")) | not)]),
		warnings: [$parts[].warning | select(. != null)],
		hints: $t.hints,
		variables: [$parts[].variables // [] | .[]],
		fetch: [$parts[] | select(.stage == "fetch").args[]],
		map: [$parts[] | select(.stage == "map").args[]],
		emit: [$parts[] | select(.stage == "emit").args[]],
		format: ($t.config.format // "yaml"), split: $t.config.split,
		secret: ([$parts[].secret | select(. != null)] | first // null)}
	+ ([$parts[] | select(.field) | {key: .field, value}] | from_entries)
	+ ([$parts[] | select(.stage == null and .field == null) | del(.problem, .warning, .secret, .variables)] | add // {});

def read_provider:
	.id as $id | .path as $path
	| if (.config | is_mark) then {problems: ["\($path): \(.config | marked | .problem // .missing // "is text; expected a provider")"], warnings: [], hints: [], variables: [], $id, $path}
		elif .config | type != "object" then {problems: ["\($path): expected a provider with oktaUrl, clientId, privateKey, keyId and schedule, found \(.config | type)"], warnings: [], hints: [], variables: [], $id, $path}
		else read_object($id; $path; .config) end;

.prefix as $prefix
| ($prefix | split(".")) as $in
| (.okta | provider_list($prefix) | map(.at as $at | read_provider | if .secret then .secret.path |= $in + $at + . else . end)) as $providers
| {$providers,
	problems: ([$providers[].problems[]]
		+ (if .okta | is_mark then ["\($prefix): \(.okta | marked | .problem // .missing // "expected a provider, or several")"]
			elif ($providers | length) == 0 then ["catalog.providers.okta: missing; expected a provider with oktaUrl, clientId, privateKey, keyId and schedule"] else [] end)
		+ ($providers | group_by(.id) | map(select(length > 1) | "\(.[1].path): has the id \(.[0].id), as \(.[0].path) has; give it an id of its own"))),
	warnings: [$providers[].warnings[]],
	hints: [$providers[].hints[]],
	variables: ([$providers[].variables[]] | unique)}
