# What one run needs, as a text for sh: variables, run_stage NAME and title_of NAME. Nothing of it is secret. Input:
# {providers} as providers.jq gives it; arguments: $id, $bin, $parts, $state and $run (folders of this provider), $output, $force,
# $verbosity, $pass and $log_format.

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

def fetch_words: ["\($bin)/okta-fetch"] + .fetch + kept(.cache; "--cache"; "\($state)/cache") + [.secret.option, "-"] + talk;
# The ledger that a good run replaces; "": none is kept.
def ledger: if .names == false then "" else .names // "\($state)/names.ndjson" end;

def map_words: ["\($bin)/okta-map"] + .map + (if .names != false then ["--names", "\($run)/names.ndjson"] else [] end) + talk;
def emit_words($published; $target): ["\($bin)/catalog-emit"] + .emit + ["-o", $target, "--base", $published, "--summary-file", "\($run)/summary.json"]
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
	{name: "emit", title: "catalog-emit", words: emit_words($published; if $split then $published else $staged end)} ] as $stages
| (.publish | command) as $publish
| ($published | variable("published")), ($staged | variable("staged")),
	secret_place, (schedule_json | variable("schedule")),
	(.timeout // 1800000 | seconds | variable("seconds")),
	([$stages[].name | select($split and . == "emit" | not)] | join(" ") | variable("stage_names")),
	(if $split then "emit" else "" end | variable("last_stage")),
	(ledger | variable("ledger")),
	(if $publish then "yes" else "" end | variable("has_publish")),
	($pass | variable("pass_messages")),
	"run_stage() {\n\tcase $1 in",
	"\tmessages) \(messages_words($several; $stages | speaker) | words) ;;",
	"\tpublish_messages) \(messages_words($several; "publish") | words) ;;",
	($stages[] | "\t\(.name)) \(.words | words) ;;"),
	(if $publish then "\tpublish) \($publish | words) ;;" else empty end),
	"\tesac\n}",
	"title_of() {\n\tcase $1 in",
	($stages[] | "\t\(.name)) echo \(.title) ;;"),
	"\t*) echo \"$1\" ;;",
	"\tesac\n}"
