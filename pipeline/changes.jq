# What --dry-run prints. Input: raw lines (jq -n -R) of KEY<TAB>N<TAB>JSON,
# sorted; N is 0 for the item itself, 1 and 2 for the Okta id before and after,
# 3 and 4 for the document before and after. $provider; $format: text or json.

def without($others):
	(reduce $others[] as $one ({}; .[$one | tojson] = true)) as $have
	| map(select($have[tojson] | not));

def path_text: map(if . == null then "[]"
		elif test("^[A-Za-z_][A-Za-z0-9_]*$") then ".\(.)"
		else "[\(tojson)]" end)
	| join("") | ltrimstr(".");

# {path, from, to} of each field that differs; a field that is only on one side
# has only that one. Of lists, each element that came or went.
def differences($path; $a; $b):
	if ($a | type) == "object" and ($b | type) == "object" then
		($a + $b | keys[]) as $k
		| select($a[$k] != $b[$k] or ($a | has($k)) != ($b | has($k)))
		| ($path + [$k]) as $path
		| if $a | has($k) | not then {path: $path, to: $b[$k]}
			elif $b | has($k) | not then {path: $path, from: $a[$k]}
			else differences($path; $a[$k]; $b[$k]) end
	elif ($a | type) == "array" and ($b | type) == "array" then
		($a | without($b)) as $left
		| ($b | without($a)) as $came
		| if ($left | length) + ($came | length) == 0
			then {path: $path, from: $a, to: $b}
			else ($path + [null]) as $path
				| ($left[] | {path: $path, from: .}),
				($came[] | {path: $path, to: .}) end
	else {path: $path, from: $a, to: $b} end;

# changes is null if a document could not be read.
def item:
	.["0"] + ((.["2"] // .["1"] | values | {oktaId: .}) // {})
	+ if .["0"].action | . != "renamed" and . != "changed" then {}
		elif (has("3") and has("4")) | not then {changes: null}
		else {changes: [differences([]; .["3"]; .["4"])
			| .path |= path_text]} end;

# Terminals must not act on what people wrote into their profiles.
def hex: explode[0] as $n | [4096, 256, 16, 1
	| ($n / . | floor) % 16 | "0123456789abcdef"[. : . + 1]] | join("");
def unsafe: "[\\x{7f}-\\x{9f}\\x{61c}\\x{200b}-\\x{200f}\\x{2028}-\\x{202e}"
	+ "\\x{2060}-\\x{2069}\\x{feff}]";
def escaped: if test(unsafe) then gsub("(?<c>\(unsafe))"; "\\u" + (.c | hex))
	else . end;
def value($name): if has($name) then .[$name] | tojson else "(none)" end;
def word: if . == null then "(none)" else tojson[1:-1] end;
def id: .oktaId // empty | " \(word)";

def counts:
	[("added", "renamed", "changed", "removed") as $what
		| select(.[$what] > 0) | "\(.[$what]) \($what)"]
	+ [select(.takenOver > 0) | "\(.takenOver) taken over"]
	| join(", ");

def summary_text:
	"\($provider): "
	+ (counts | if . == "" then "no entity changes" else . end)
	+ if (.signIn.refused // 0) > 0
		then "; \(.signIn.refused) could not sign in (\(.signIn.resolver))"
		else "" end
	+ if .first then " (first publication)" else "" end
	+ if .refused then "; the guard would refuse this" else "" end;

def field_lines:
	"~ \(.ref | word)" as $start
	| if .changes == null then "\($start): its fields cannot be compared"
	elif .action == "changed" and .changes == [] then
		"\($start): written otherwise, with the same values"
	else .changes[]
		| "\($start) \(.path): \(value("from")) -> \(value("to"))"
	end;

def text:
	if .action == "summary" then summary_text
	elif .action == "added" then "+ \(.ref | word)\([id] | add // "")"
	elif .action == "removed" then "- \(.ref | word)\([id] | add // "")"
	elif .action == "takenOver" then
		"! \(.ref | word) \(.from | word) -> \(.to | word) (taken over)"
	elif .action == "renamed" then
		"> \(.from | word) -> \(.to | word)\([id] | add // "")",
		field_lines
	else field_lines end
	| escaped;

foreach ((inputs | split("\t")), null) as $line ({};
	if $line == null or $line[0] != .key
		then {key: $line[0], item: {}, done: .item}
	else .done = null end
	| if $line then .item[$line[1]] = ($line[2] | fromjson) else . end;
	.done // empty)
| item
| if $format == "json" then {$provider} + . | tojson else text end
