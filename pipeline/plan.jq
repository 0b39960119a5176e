# What one run needs, as a text for sh: variables, run_stage NAME and title_of NAME. Nothing of it is secret. Input:
# {providers} as providers.jq gives it; arguments: $id, $bin, $parts, $state and $run (folders of this provider), $output, $force,
# $verbosity, $pass and $log_format; of identity.sh $base, $base_missing ("" or yes), $reserved and $org (the Okta id that the
# state recorded, or ""); $dry: "", or for a run that writes nothing outside $run where its records come from, okta or stream.

include "transform";
include "published";
include "fresh";
include "secret";
include "names";

def words: map(tostring | @sh) | join(" ");
def variable($name): "\($name)=\(tostring | @sh)";
def seconds: . / 1000 | ceil;

# Text for a person's terminal, else for messages.jq.
def talk: (if $verbosity == "" then [] else [$verbosity] end) + (if $pass == "" then [] else ["--log-format", "json"] end);

# The value of an option of okta-fetch, or "".
def value_of($option): .fetch | index($option) as $at | if $at then .[$at + 1] else "" end;

def ledger: ledger($state);

# Where okta-fetch reads the names that the configured groups had; "": it needs none.
def known_groups: if needs_known_groups(ledger) then "\($run)/known-groups" else "" end;

# A dry run uses a copy.
def cache: if .cache == false then "" else .cache // "\($state)/cache" end;
def cache_words: cache | if . == "" then []
	else ["--cache", if $dry != "" then "\($run)/cache" else . end] end;

def fetch_words: ["\($bin)/okta-fetch"] + .fetch + cache_words
	+ (known_groups | if . == "" then [] else ["--known-groups", .] end)
	+ org_options($org) + [.secret.option, "-"] + talk;

def map_words: ["\($bin)/okta-map"] + .map + names_options(ledger;
		if $dry != "" then "" else "\($run)/names.ndjson" end;
		$base; $reserved; $org) + talk;

# A catalog that was published must be there, unless the configuration says that none is expected.
def base_words($base): ["--base", $base] + (if $base_missing != "" and .requireBase == null then ["--require-base"] else [] end);

def emit_words($target; $base; $summary; $force): ["\($bin)/catalog-emit"] + .emit + ["-o", $target] + base_words($base) + ["--summary-file", "\($run)/\($summary)"]
	+ (if $force == "" then [] else [$force] end) + talk;

# What a dry run has in place of a publication: catalog-emit once more if the
# guard refused, and the comparison. $name: of the catalog's file.
def dry_stages($name): select($dry != "")
	| {name: "forced", title: "catalog-emit", words: emit_words(
		"\($run)/forced/\($name)"; $base; "forced.json"; "--force")},
	{name: "changes", title: "the comparison", words: ["sh",
		"\($parts)/changes.sh", $run, $base, $name, $id, $log_format,
		"\($bin)/yaml2json"]};

# jq that passes on what the stages say; nothing when it goes to a person's terminal as it is. $copy: the path that they see of $place.
def messages_words($several; $by; $copy; $place): ["jq", "-n", "-R", "-r", "--unbuffered", "-L", $parts, "--arg", "format", $log_format, "--arg", "provider", $id,
	"--arg", "by", $by, "--argjson", "several", $several, "--argjson", "all", ($verbosity == "-v"),
	"--arg", "copy", $copy, "--arg", "ledger", $place, "--rawfile", "known", "\($run)/known", "-f", "\($parts)/messages.jq"];

# Who of the stages says what is no JSON: the transform, or where there is none, sh of a stage that it cannot run.
def speaker: map(.title | select(startswith("transform."))) | if length == 0 then "sh" elif length == 1 then .[0] else "transform" end;

(.providers | length > 1) as $several
| first(.providers[] | select(.id == $id))
| (.split != null) as $split
| published($output) as $published
| $published[($output | length) + 1:] as $name
| (if $dry != "" then "\($run)/new/\($name)" else "\($output)/.\($name).staged" end) as $staged
# A catalog in parts is replaced in place: a dry run's is a copy.
| (if $split | not then [$staged, $base]
	elif $dry == "" then [$published, $base]
	else [$staged, if $base == $published then $staged else $base end] end)
	as [$target, $target_base]
| [ (select($dry != "stream") | {name: "fetch", title: "okta-fetch", words: fetch_words}),
	(.transformOkta | transform("transform.okta")),
	{name: "map", title: "okta-map", words: map_words},
	(.transformEntities | transform("transform.entities")),
	{name: "emit", title: "catalog-emit", words: emit_words($target; $target_base; "summary.json"; $force)} ] as $stages
| (if $dry != "" then null else .publish | command end) as $publish
| (if $dry != "" then [$staged, $published] else ["\($run)/names.ndjson", ledger] end) as [$copy, $place]
| ($published | variable("published")), ($staged | variable("staged")),
	secret_place, (schedule_json | variable("schedule")),
	(.timeout // 1800000 | seconds | variable("seconds")),
	([$stages[].name | select(($split or $dry != "") and . == "emit" | not)] | join(" ") | variable("stage_names")),
	(if $split then "emit" else "" end | variable("last_stage")),
	(select($dry != "") | (cache | variable("cache")), (.split // "" | variable("parts_of"))),
	(ledger | variable("ledger")), (namespace | variable("namespace")), (known_groups | variable("known_groups")),
	(select(known_groups != "") | group_variables),
	(.url // "" | variable("url")), (value_of("--client-id") | variable("client")),
	(if $publish then "yes" else "" end | variable("has_publish")),
	($pass | variable("pass_messages")),
	"run_stage() {\n\tcase $1 in",
	"\tmessages) \(messages_words($several; $stages | speaker; $copy; $place) | words) ;;",
	# On a person's terminal, where nothing else of it is changed.
	"\tmap_messages) \(["jq", "-R", "-r", "--unbuffered", "-L", $parts, "--arg", "copy", "\($run)/names.ndjson", "--arg", "ledger", ledger,
		"include \"word\"; with_place($copy; $ledger)"] | words) ;;",
	"\tpublish_messages) \(messages_words($several; "publish"; $copy; $place) | words) ;;",
	($stages[], dry_stages($name) | "\t\(.name)) \(.words | words) ;;"),
	(if $publish then "\tpublish) \($publish | words) ;;" else empty end),
	"\tesac\n}",
	"title_of() {\n\tcase $1 in",
	($stages[], dry_stages($name) | "\t\(.name)) echo \(.title | @sh) ;;"),
	"\t*) echo \"$1\" ;;",
	"\tesac\n}"
