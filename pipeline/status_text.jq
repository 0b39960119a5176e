# One line for people.
(if .lastSuccess != null and (now - (.lastSuccess | fromdate)) < $bound then "fresh" else "not fresh" end) as $fresh
| "\(.id): \($fresh), last success \(.lastSuccess // "never")"
	+ (if .published then ", \(.published.groups) groups and \(.published.users) users in \(.published.file)" else "" end)
	+ (if .lastRun.exit != 0 then "; \(.consecutiveFailures) failed since, the last at \(.lastRun.end): \(.lastRun.message)" else "" end)
