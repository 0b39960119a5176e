# What one run needs, as a text for sh: variables, run_stage NAME and title_of NAME. Nothing of it is secret. Input:
# {providers} as providers.jq gives it; arguments: $id, $bin, $parts, $state and $run (folders of this provider), $output, $force,
# $verbosity, $pass and $log_format; of identity.sh $base, $base_missing ("" or yes), $reserved and $org (the Okta id that the
# state recorded, or "").

include "transform";
include "published";
include "fresh";
include "secret";

def words: map(tostring | @sh) | join(" ");
def variable($name): "\($name)=\(tostring | @sh)";
def seconds: . / 1000 | ceil;

# Text for a person's terminal, else for messages.jq.
def talk: (if $verbosity == "" then [] else [$verbosity] end) + (if $pass == "" then [] else ["--log-format", "json"] end);

def kept($value; $option; $default): if $value == false then [] else [$option, $value // $default] end;

# The value of an option of okta-fetch, or "".
def value_of($option): .fetch | index($option) as $at | if $at then .[$at + 1] else "" end;

def ledger: ledger($state);

# Where okta-fetch reads the names that the configured groups had; "": it needs none.
def known_groups: if ledger != "" and (.fetch | index("--group") or index("--groups-file")) then "\($run)/known-groups" else "" end;

def fetch_words: ["\($bin)/okta-fetch"] + .fetch + kept(.cache; "--cache"; "\($state)/cache")
	+ (known_groups | if . == "" then [] else ["--known-groups", .] end) + [.secret.option, "-"] + talk;

# What names depend on beside the stream: the ledger, the catalog, the ledgers of the other providers.
def names_words:
	(if ledger != "" then ["--names", "\($run)/names.ndjson"] else [] end)
	+ ["--names-from", $base] + ($reserved | map("--names-reserved", .)) + ["--names-lock", "5"];

def map_words: ["\($bin)/okta-map"] + .map + names_words + (if $org == "" then [] else ["--expect-org", $org] end) + talk;

# A catalog that was published must be there, unless the configuration says that none is expected.
def base_words: ["--base", $base] + (if $base_missing != "" and .requireBase == null then ["--require-base"] else [] end);

def emit_words($target): ["\($bin)/catalog-emit"] + .emit + ["-o", $target] + base_words + ["--summary-file", "\($run)/summary.json"]
	+ (if $force == "" then [] else [$force] end) + talk;

# jq that passes on what the stages say; nothing when it goes to a person's terminal as it is.
def messages_words($several; $by): ["jq", "-n", "-R", "-r", "--unbuffered", "-L", $parts, "--arg", "format", $log_format, "--arg", "provider", $id,
	"--arg", "by", $by, "--argjson", "several", $several, "--argjson", "all", ($verbosity == "-v"),
	"--arg", "copy", "\($run)/names.ndjson", "--arg", "ledger", ledger, "--rawfile", "known", "\($run)/known", "-f", "\($parts)/messages.jq"];

# Who of the stages says what is no JSON: the transform, or where there is none, sh of a stage that it cannot run.
def speaker: map(.title | select(startswith("transform."))) | if length == 0 then "sh" elif length == 1 then .[0] else "transform" end;

(.providers | length > 1) as $several
| first(.providers[] | select(.id == $id))
| (.split != null) as $split
| published($output) as $published
| "\($output)/.\($published[($output | length) + 1:]).staged" as $staged
| [ {name: "fetch", title: "okta-fetch", words: fetch_words},
	(.transformOkta | transform("transform.okta")),
	{name: "map", title: "okta-map", words: map_words},
	(.transformEntities | transform("transform.entities")),
	{name: "emit", title: "catalog-emit", words: emit_words(if $split then $published else $staged end)} ] as $stages
| (.publish | command) as $publish
| ($published | variable("published")), ($staged | variable("staged")),
	secret_place, (schedule_json | variable("schedule")),
	(.timeout // 1800000 | seconds | variable("seconds")),
	([$stages[].name | select($split and . == "emit" | not)] | join(" ") | variable("stage_names")),
	(if $split then "emit" else "" end | variable("last_stage")),
	(ledger | variable("ledger")), (namespace | variable("namespace")), (known_groups | variable("known_groups")),
	(.url // "" | variable("url")), (value_of("--client-id") | variable("client")),
	(if $publish then "yes" else "" end | variable("has_publish")),
	($pass | variable("pass_messages")),
	"run_stage() {\n\tcase $1 in",
	"\tmessages) \(messages_words($several; $stages | speaker) | words) ;;",
	# On a person's terminal, where nothing else of it is changed.
	"\tmap_messages) \(["jq", "-R", "-r", "--unbuffered", "--arg", "copy", "\($run)/names.ndjson", "--arg", "ledger", ledger,
		"split($copy) | join($ledger)"] | words) ;;",
	"\tpublish_messages) \(messages_words($several; "publish") | words) ;;",
	($stages[] | "\t\(.name)) \(.words | words) ;;"),
	(if $publish then "\tpublish) \($publish | words) ;;" else empty end),
	"\tesac\n}",
	"title_of() {\n\tcase $1 in",
	($stages[] | "\t\(.name)) echo \(.title) ;;"),
	"\t*) echo \"$1\" ;;",
	"\tesac\n}"
