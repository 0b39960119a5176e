# status.json after a run, from the one before.
($summary[0] // null) as $s
| . as $before
| {version: 1, id: $id, state: $state,
	lastRun: {start: $start, end: $finished, seconds: $seconds, exit: $exit,
		stage: (if $stage == "" then null else $stage end), message: (if $message == "" then null else $message end)},
	lastSuccess: (if $exit == 0 then $finished else $before.lastSuccess end),
	nextRun: null,
	published: (if $exit == 0 and $s != null then
		{file: $file, users: $s.users, groups: $s.groups, added: ($s.added | length), changed: ($s.changed | length),
			renamed: ($s.renamed | length), removed: ($s.removed | length)}
		else $before.published end),
	okta: {calls: $s.calls, waitedSeconds: $s.waitedSeconds},
	consecutiveFailures: (if $exit == 0 then 0 else ($before.consecutiveFailures // 0) + 1 end)}
