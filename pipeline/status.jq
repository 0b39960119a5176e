# status.json: what was there before a run, while it is under way, and afterwards.

def text: if . == "" then null else . end;

# Input: the file's text. An empty object when there is none, or it was damaged by a crash of the machine.
def status_before: (try fromjson catch null) | objects // {};

# Input: what was before; $run: {id, start, next}.
def status_running($run): {version: 1, id: $run.id} + . + {state: "running", runningSince: $run.start, nextRun: ($run.next | text)};

# Whose state it is and where everything is: what a later run compares with. A stream without an org's id leaves the one that
# is known.
def recorded($run):
	{org: {id: ($run.summary[0].orgId // .org.id), url: ($run.url | text)}, clientId: ($run.client | text),
		configuration: ($run.configuration | split("\n")), output: $run.output, ledger: ($run.ledger | text)};

# Input: what was before; $run: what end.jq is given.
def status_ended($run):
	. as $before
	| $run.summary[0] as $s
	| (now | todate) as $finished
	| (if $run.exit == 0 then "ok" elif $run.exit == 79 then "refused" else "failed" end) as $state
	| {version: 1, id: $run.id, $state,
		lastRun: {start: $run.start, end: $finished, seconds: $run.seconds, exit: $run.exit, stage: ($run.stage | text), message: ($run.message | text)},
		lastSuccess: (if $run.exit == 0 then $finished else $before.lastSuccess end),
		nextRun: ($run.next | text),
		published: (if $run.in_place != "" and $s != null then
			{file: $run.file, users: $s.users, groups: $s.groups, added: ($s.added | length), changed: ($s.changed | length),
				renamed: ($s.renamed | length), removed: ($s.removed | length)}
			else $before.published end),
		publishPending: $run.pending}
	+ (if $run.in_place != "" then $before | recorded($run)
		else $before | {org, clientId, configuration, output, ledger} | with_entries(select(.value != null)) end)
	+ {
		okta: {calls: $s.calls, waitedSeconds: $s.waitedSeconds},
		consecutiveFailures: (if $run.exit == 0 then 0 else ($before.consecutiveFailures // 0) + 1 end),
		runs: ({ok: 0, failed: 0, refused: 0} + ($before.runs // {}) | .[$state] += 1)};
