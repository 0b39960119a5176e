# status.json after a run, from the one before.

def text: if . == "" then null else . end;

($summary[0] // null) as $s
| . as $before
| (if $exit == 0 then "ok" elif $exit == 79 then "refused" else "failed" end) as $state
| {version: 1, $id, $state,
	lastRun: {$start, end: $finished, $seconds, $exit, stage: ($stage | text), message: ($message | text)},
	lastSuccess: (if $exit == 0 then $finished else $before.lastSuccess end),
	nextRun: ($next | text),
	published: (if $in_place != "" and $s != null then
		{$file, users: $s.users, groups: $s.groups, added: ($s.added | length), changed: ($s.changed | length),
			renamed: ($s.renamed | length), removed: ($s.removed | length)}
		else $before.published end),
	publishPending: $pending,
	okta: {calls: $s.calls, waitedSeconds: $s.waitedSeconds},
	consecutiveFailures: (if $exit == 0 then 0 else ($before.consecutiveFailures // 0) + 1 end),
	runs: ({ok: 0, failed: 0, refused: 0} + ($before.runs // {}) | .[$state] += 1)}
