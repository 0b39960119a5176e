# The resolved configuration to providers. Input: what resolve.jq gives. Output: {problems: [text], providers: [...]}. A
# provider has
#	id, path, url
#	problems, warnings, hints	texts for people
#	fetch, map, emit	the stages' arguments
#	format, split, names, cache, requireBase	as configured: what pipeline.sh itself has to know; names and cache may be false
#	namespace	of the names
#	secret		where the private key or token is, {file} or {variable} or {text}, and .option, okta-fetch's for it
#	frequency, cron, manual, timeout, initialDelay		of the schedule, durations in milliseconds
#	transformOkta, transformEntities, publish	null, {jq: TEXT} or {command: TEXT or [ARGUMENT]}

include "marks";
include "forms";
include "roadie";
include "nearest";
include "keys";
include "credentials";
include "programs";
include "schedule";

def own_keys: ["id", "oktaUrl", "clientId", "privateKey", "keyId", "token", "oauth", "schedule", "names", "cache", "transform", "publish"];
def known_keys: own_keys + (keys_of_stages | keys_unsorted) + (roadie_keys | keys_unsorted);

# What stands in the tree as a mark of a problem, as {path, problem}.
def marked_problems($path):
	[marks_with(.problem // .missing) as $at
		| under($path; $at | path_text) as $where
		| {path: $where, problem: "\($where): \(getpath($at) | marked | .problem // .missing)"}];

# names and cache: a path, or false for none.
def kept($path):
	if . == null or . == true then null elif . == false or (type == "string" and . != "") then .
	else error("expected a path, or false for none, found \(found)") end;

def stage_options($path; $c; $names):
	keys_of_stages as $specs
	| [$c | to_entries[] | select(.key | in($specs)) | .key as $k | $specs[$k] as $spec
		| try {stage: $spec.stage, args: (.value | arguments($spec))} catch problem(under($path; $names[$k] // $k); .)]
	+ [("names", "cache") as $k | try {field: $k, value: ($c[$k] | kept(under($path; $k)))} catch problem(under($path; $k); .)]
	# What is wrong with it was said as for every option.
	+ [$c | select(.requireBase != null) | try {field: "requireBase", value: (.requireBase | truth)} catch empty];

# Keys that are right by themselves and wrong together.
def together($path; $c):
	[("nameHold", "namesFollow") as $k | select($c.names == false and $c[$k] != null)
		| problem(under($path; $k); "needs the ledger of names, which names: false switches off")]
	+ [select($c.cache == false and $c.cacheMaxAge != null)
		| problem(under($path; "cacheMaxAge"); "needs the cache, which cache: false switches off")]
	+ [select($c.userSearch != null and $c.users != null and $c.users != "all")
		| problem(under($path; "userSearch"); "goes with users: all; found users: \($c.users)")]
	+ [select($c.split != null and ($c.format == "json" or $c.format == "ndjson" or $c.format == "mutation"))
		| problem(under($path; "split"); "goes with the formats that Backstage reads as files, yaml and yaml-flow; found format: \($c.format)")]
	+ [select($c.format == "delta")
		| problem(under($path; "format"); "a delta is made from one mutation to the next, by hand; publish mutation")];

def id_problem($path): if type == "string" and test("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$") then []
	else [problem(under($path; "id"); "\(found) is no id: expected letters, digits, - and _, at most 63")] end;

# Everything that the provider's keys say, as an array of {stage, args}, {field, value}, {secret}, {problem},
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
	# Of a value that is not there, that it is missing is not said again.
	| def said_already: . as $p | any($marked[]; .path as $m | $p | startswith("\($m): "));
	{$id, $path, url: $t.config.oktaUrl,
		problems: ([$marked[].problem] + [$parts[].problem | select(. != null and (said_already | not))]),
		warnings: [$parts[].warning | select(. != null)],
		hints: $t.hints,
		fetch: [$parts[] | select(.stage == "fetch").args[]],
		map: [$parts[] | select(.stage == "map").args[]],
		emit: [$parts[] | select(.stage == "emit").args[]],
		format: ($t.config.format // "yaml"), split: $t.config.split,
		namespace: ($t.config.namespace // "default"),
		secret: ([$parts[].secret | select(. != null)] | first // null)}
	+ ([$parts[] | select(.field) | {key: .field, value}] | from_entries)
	+ ([$parts[] | select(.stage == null and .field == null) | del(.problem, .warning, .secret)] | add // {});

def expected: "expected a provider with oktaUrl, clientId, privateKey, keyId and schedule";

def read_provider:
	.id as $id | .path as $path
	| def wrong($what): {$id, $path, problems: ["\($path): \($what)"], warnings: [], hints: []};
	if .config | is_mark then wrong(.config | marked | .problem // .missing // "is text; \(expected)")
	elif .config | type != "object" then wrong("\(expected), found \(.config | type)")
	else read_object($id; $path; .config) end;

def same_ids: group_by(.id) | map(select(length > 1) | "\(.[1].path): has the id \(.[0].id), as \(.[0].path) has; give it an id of its own");

# A path from the root without //, . and .. in it.
def plain_path: reduce (split("/")[] | select(. != "" and . != ".")) as $name
		([]; if $name == ".." then .[:-1] else . + [$name] end)
	| "/\(join("/"))";

def same_ledgers:
	map(select(.names | type == "string")) | group_by(.names | plain_path)
	| map(.[0] as $first | .[1:][]
		| "\(under(.path; "names")): \(.names | plain_path) is the ledger of \(
			under($first.path; "names")); give each provider its own");

# Whether a catalog is fresh hangs on its schedule alone: a health check has no secret.
def of_schedule($path): startswith(under($path; "schedule")) or startswith(under($path; "id") + ":") or startswith("\($path): ");

# A stored stream is read without them.
def of_credentials($path): . as $problem
	| any("clientId", "keyId", "privateKey", "token", "oauth";
		under($path; .) as $key | $problem | startswith($key)
			and (.[($key | length):] | test("^[A-Za-z0-9_]") | not));

# $scope: which problems are wanted. all; schedule: those that keep one from
# knowing the schedules; stream: all but those of the credentials.
def providers($scope):
	.prefix as $prefix
	| ($prefix | split(".")) as $in
	| (.okta | provider_list($prefix)
		| map(.at as $at | read_provider | .path as $path
			| if .secret then .secret.path |= $in + $at + . else . end
			| .problems |= map(select($scope == "all"
				or ($scope == "schedule" and of_schedule($path))
				or ($scope == "stream"
					and (of_credentials($path) | not))))))
		as $providers
	| {$providers,
		problems: ([$providers[].problems[]]
			+ (if .okta | is_mark then ["\($prefix): \(.okta | marked | .problem // .missing // expected)"]
				elif ($providers | length) == 0 then ["catalog.providers.okta: missing; \(expected)"] else [] end)
			+ ($providers | same_ids)
			+ ($providers | if $scope == "schedule" then [] else same_ledgers end))};
