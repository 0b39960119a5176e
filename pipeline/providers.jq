# Configuration to providers. Input: [{dir, config}, ...], one for each --config in order; later ones win, as in
# Backstage. Output: {problems: [text], warnings: [text], providers: [...]}; a provider has the three stages' arguments
# and, in .secret, where its private key is: {file}, {variable} or {text}.

include "schedule";
include "keys";

def merge($a; $b):
	if ($a | type) == "object" and ($b | type) == "object" then
		reduce ($b | keys_unsorted[]) as $k ($a; .[$k] = (if has($k) then merge($a[$k]; $b[$k]) else $b[$k] end))
	else $b end;

# Names of files are relative to the configuration that holds them.
def absolute($dir): if startswith("/") then . else $dir + "/" + . end;
def with_files($dir):
	if type == "object" then
		if has("$file") and (.["$file"] | type) == "string" then {"$file": (.["$file"] | absolute($dir))}
		else with_entries(if .key == "caFile" and (.value | type) == "string" then .value |= absolute($dir)
			else .value |= with_files($dir) end) end
	elif type == "array" then map(with_files($dir))
	else . end;

def looks_like_provider: type == "object" and (has("oktaUrl") or has("orgUrl") or has("clientId"));

# [{id, path, config}] of whatever form the configuration has.
def provider_list:
	"catalog.providers.okta" as $path
	| (if type == "object" then (.catalog.providers.okta? // .providers.okta? // .okta? // .) else null end)
	| if looks_like_provider then [{id: (.id // "default"), path: $path, config: .}]
		elif type == "array" then
			to_entries | map({id: (if .value | type == "object" then .value.id else null end // "default"), path: "\($path)[\(.key)]", config: .value})
		elif type == "object" then
			to_entries | map(select(.value | looks_like_provider) | {id: (.value.id // .key), path: "\($path).\(.key)", config: .value})
		else [] end;

# ${NAME} within a text, from the environment; $${ is a plain ${.
def substitute($path):
	if test("\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}") then
		. as $text
		| [match("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}"; "g").captures[0].string] as $names
		| ($names | map(select($ENV[.] == null))) as $missing
		| if ($missing | length) > 0 then {problem: "\($path): the environment has no variable \($missing | join(", "))"}
			else {text: (reduce $names[] as $n ($text; split("${\($n)}") | join($ENV[$n])))} end
	else {text: .} end;

# A value that should be text: {text} or {problem}; $env and $file are for secrets.
def text_value($path):
	if type == "string" then substitute($path)
	elif type == "object" and (.["$env"] | type) == "string" then
		.["$env"] as $n | if $ENV[$n] == null then {problem: "\($path): the environment has no variable \($n)"} else {text: $ENV[$n]} end
	else {problem: "\($path): is of type \(type); expected text"} end;

# A secret stays where it is until okta-fetch reads it.
def secret_value($path):
	if type == "object" and (.["$file"] | type) == "string" then {file: .["$file"]}
	elif type == "object" and (.["$env"] | type) == "string" then
		if $ENV[.["$env"]] == null then {problem: "\($path): the environment has no variable \(.["$env"])"} else {variable: .["$env"]} end
	elif type == "string" and test("^\\s*\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}\\s*$") then
		capture("\\$\\{(?<variable>[A-Za-z0-9_]+)\\}")
		| if $ENV[.variable] == null then {problem: "\($path): the environment has no variable \(.variable)"} else . end
	elif type == "string" and . != "" then {text: .}
	else {problem: "\($path): expected the key itself, ${NAME}, { $env: NAME } or { $file: PATH }"} end;

# One key's arguments: {stage, args} or {problem}.
def option_args($path; $spec; $value):
	if $value == null then {stage: $spec.stage, args: []}
	elif $spec.type == "boolean" then
		if ($value | type) == "boolean" then {stage: $spec.stage, args: (if $value then [$spec.option] else [] end)}
		else {problem: "\($path): expected true or false"} end
	elif $spec.type == "number" then
		if ($value | type) == "number" then {stage: $spec.stage, args: [$spec.option, ($value | tostring)]}
		else {problem: "\($path): expected a number"} end
	elif $spec.type == "list" then
		($value | if type == "array" then . else [.] end)
		| if all(.[]; type == "string" and . != "") then {stage: $spec.stage, args: (map([$spec.option, .]) | add // [])}
			else {problem: "\($path): expected a list of texts"} end
	elif ($value | type) == "string" then
		($value | substitute($path)) | if .problem then . else {stage: $spec.stage, args: [$spec.option, .text]} end
	elif ($value | type) == "number" then {stage: $spec.stage, args: [$spec.option, ($value | tostring)]}
	else {problem: "\($path): expected text"} end;

# A required text as [option, text] for okta-fetch.
def required($path; $option): 
	if . == null then {problem: "\($path): missing"} else text_value($path) | if .problem then . else {stage: "fetch", args: [$option, .text]} end end;

def url_problem($path): if type == "string" then
	if test("^https://[^/?#]*-admin\\.") then [{problem: "\($path): is the admin console's address; leave out \"-admin\""}]
	elif test("^https://[^/?#\\s]+/?$") | not then [{problem: "\($path): expected the org's address alone, such as https://acme.okta.com"}]
	else [] end else [] end;

def credentials($path; $c):
	if $c.token != null and $c.clientId == null and $c.oauth.clientId? == null then
		[$c.token | secret_value("\($path).token") | if .problem then . else {secret: (. + {option: "--token-file"})} end]
	else
		(if $c.oauth then ["oauth.", $c.oauth] else ["", $c] end) as [$in, $o]
		| [ ($o.clientId | required("\($path).\($in)clientId"; "--client-id")),
			(if $o.keyId == null then {} else $o.keyId | text_value("\($path).\($in)keyId") | if .problem then . else {stage: "fetch", args: ["--key-id", .text]} end end),
			(if $o.privateKey == null then {problem: "\($path).\($in)privateKey: missing"}
				else $o.privateKey | secret_value("\($path).\($in)privateKey") | if .problem then . else {secret: (. + {option: "--key-file"})} end end) ]
	end;

def read_provider:
	.path as $path | .id as $id | .config as $c
	| ($c.oktaUrl // $c.orgUrl) as $url
	| ([ (if ($id | type) == "string" and ($id | test("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")) then empty
			else {problem: "\($path).id: expected letters, digits, - and _, at most 63"} end),
		($url | required("\($path).\(if $c.orgUrl then "orgUrl" else "oktaUrl" end)"; "--org-url")),
		{stage: "fetch", args: ["--id", ($id | tostring)]} ]
	+ ($url | url_problem("\($path).oktaUrl"))
	+ credentials($path; $c)
	+ ($c.schedule | schedule("\($path).schedule"))
	+ [keys_of_stages as $specs | $c | to_entries[] | select(.key | in($specs)) | .key as $k | option_args("\($path).\($k)"; $specs[$k]; .value)]) as $parts
	| {id: $id, path: $path, url: $url,
		problems: [$parts[].problem | select(. != null)],
		warnings: [$c | keys_unsorted[] | . as $k | select(known_keys | index($k) | not)
			| nearest(.; known_keys) as $near | "\($path).\(.): nobody reads this key\(if $near then "; did you mean \($near)?" else "" end)"],
		fetch: [$parts[] | select(.stage == "fetch").args[]], map: [$parts[] | select(.stage == "map").args[]],
		emit: [$parts[] | select(.stage == "emit").args[]],
		format: ($c.format // "yaml"),
		secret: ([$parts[].secret | select(. != null)] | first // null),
		frequency: ([$parts[].frequency | select(. != null)] | first // null),
		whyNoFrequency: ([$parts[].why | select(. != null)] | first // null),
		timeout: ([$parts[].timeout | select(. != null)] | first // null),
		initialDelay: ([$parts[].initialDelay | select(. != null)] | first // 0)};

(reduce .[] as $f (null; merge(.; $f.dir as $dir | $f.config | with_files($dir))) | provider_list | map(read_provider)) as $providers
| {providers: $providers,
	problems: ([$providers[].problems[]]
		+ (if ($providers | length) == 0 then ["catalog.providers.okta: missing; expected a provider with oktaUrl, clientId, privateKey, keyId and schedule"] else [] end)
		+ ($providers | group_by(.id) | map(select(length > 1) | "\(.[1].path): two providers have the id \(.[0].id)"))),
	warnings: [$providers[].warnings[]]}
