# One provider for --print-config: comments about what will be done, then the three stages as commands to paste, after one that
# writes what okta-fetch has to know of renamed groups. They write into the current folder and never where the catalog is
# published or the names are kept. $source prints a secret that only the configuration has; $base, $reserved and $org are what a
# run would compare with; $parts is the folder of this file.

include "transform";
include "word";
include "published";
include "names";

def duration_text:
	if . % 86400000 == 0 then [. / 86400000, "day"] elif . % 3600000 == 0 then [. / 3600000, "hour"]
	elif . % 60000 == 0 then [. / 60000, "minute"] else [. / 1000, "second"] end
	| "\(.[0]) \(.[1])\(if .[0] == 1 then "" else "s" end)";

def schedule_text:
	if .cron != null then "at \(.cron) (cron)"
	elif .manual == true then "when triggered"
	elif .frequency != null then "every \(.frequency | duration_text)"
	else "with --once" end
	+ (if .timeout != null then ", for at most \(.timeout | duration_text)" else "" end)
	+ (if (.initialDelay // 0) > 0 then ", for the first time after \(.initialDelay | duration_text)" else "" end);

def words: map(word) | join(" ");
def program_text: if .jq then "jq program" else "command \(.command | if type == "array" then words else . end)" end;

# On one line, unless that would change it: a comment ends with its line.
def one_line: if contains("#") or (split("\n") | length) > 3 then . else split("\n") | join(" ") end;

# A transform as what stands before a stage, reading FILE: either gives the stage's operand or its standard input.
def through($transform; $name; $file):
	if $transform == null then {before: "", after: " \($file)"}
	elif $transform.jq then {before: "jq -c \($transform.jq | aborting($name) | one_line | @sh) \($file) | ", after: ""}
	else {before: "\($transform | command | words) < \($file) | ", after: ""} end;

# What a run keeps is used under the run's lock.
def kept($value; $option; $file): if $value == false then [] else [$option, ($value // "\($state)/\($file)")] end;
def locked($kept): if ($kept | length) > 0 then "flock \("\($state)/lock" | word) " else "" end;

def secret_pipe:
	if .file then {before: "", argument: (.file | word)}
	elif .variable then {before: "printf '%s' \"$\(.variable)\" | ", argument: "-"}
	elif $source != "" then {before: "\($source) | ", argument: "-"}
	else {before: "", argument: ("<secret>" | @sh)} end;

# A ledger that does not exist knows none.
def known_groups: needs_known_groups(ledger($state));
def known_groups_line: select(known_groups)
	| "cat \(ledger($state) | word) 2> /dev/null | \(["jq", "-n", "-R", "-r",
		"-f", "\($parts)/known_groups.jq"] | words) > known-groups";

def fetch_line:
	(.secret | secret_pipe) as $s
	| kept(.cache; "--cache"; "cache") as $kept
	| (if known_groups then ["--known-groups", "known-groups"] else [] end) as $known
	| "\($s.before)\(locked($kept))\(["\($bin)/okta-fetch"] + .fetch + $kept + $known + org_options($org) | words) \(.secret.option) \($s.argument) > org.ndjson";

def map_line:
	through(.transformOkta; "transform.okta"; "org.ndjson") as $in
	| "\($in.before)\(["\($bin)/okta-map"] + .map + names_options(
		ledger($state); ""; $base; $reserved; $org)
		| words)\($in.after) > entities.ndjson";

def emit_line:
	through(.transformEntities; "transform.entities"; "entities.ndjson") as $in
	| ($published | split(".") | last) as $ending
	| "\($in.before)\(["\($bin)/catalog-emit"] + .emit + ["--base", $base, "-o", "\(.id).new.\($ending)"] | words)\($in.after)";

first(.providers[] | select(.id == $id))
| "# \(.id): \(.url), \(schedule_text)",
	"# published as \($published); locks and status in \($state)",
	(if .transformOkta then "# transform.okta: \(.transformOkta | program_text)" else empty end),
	(if .transformEntities then "# transform.entities: \(.transformEntities | program_text)" else empty end),
	(if .publish then "# publish: \(.publish | program_text)" else empty end),
	(select(.secret.text and $source == "")
		| "# the secret stands in no file as it is: give it in one in place of <secret>"),
	known_groups_line, fetch_line, map_line, emit_line
