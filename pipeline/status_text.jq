# status.json as one line for people. Input: its text (jq -R -s -r). $running: whether a run holds the lock.

include "fresh";
include "status";

status_before
| (if .version == null or .lastRun == null then "not fresh, no run has ended yet"
	else (if is_fresh($schedule) then "fresh" else "not fresh" end)
		+ ", last success \(.lastSuccess // "never")"
		+ (if .lastSuccess != null and last_success == null then ", which is in the future: a clock was wrong" else "" end)
		+ (if .published then ", \(.published.groups) groups and \(.published.users) users in \(.published.file)" else "" end)
		+ (if .publishPending then "; not published on" else "" end)
		+ (if .lastRun.exit != 0 then "; \(.consecutiveFailures) failed since, the last at \(.lastRun.end): \(.lastRun.message)" else "" end) end) as $text
| "\($id): \($text)"
	+ (if $running then "; a run is under way since \(.runningSince // "just now")" elif .state == "running" then "; the run of \(.runningSince) was cut off" else "" end)
	+ (if .nextRun and ($running | not) then "; next run \(.nextRun)" else "" end)
