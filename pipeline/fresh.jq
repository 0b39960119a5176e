# How long a catalog is fresh. Input: status.json; $schedule: {frequency, cron, manual, timeout} in milliseconds.

include "cron";

# What of a provider (the input) it hangs on.
def schedule_json: {frequency, cron, manual, timeout} | tojson;

# Seconds since 1970 of the last good run, or null. One in the future never was: the clock was wrong then, or is now.
def last_success: if .lastSuccess == null then null else .lastSuccess | fromdate | if . > now then null else . end end;

# Seconds since 1970 until which it is; 0 when it is not, null when no time makes it old.
def fresh_until($schedule):
	(($schedule.timeout // 0) / 1000) as $timeout
	| last_success as $last
	| if $last == null or .publishPending == true then 0
		elif $schedule.cron then ($schedule.cron as $cron | $cron | cron_next($last) as $next | $cron | cron_next($next)) + $timeout
		elif $schedule.frequency then $last + 2 * $schedule.frequency / 1000 + $timeout
		elif (.lastRun.exit // 0) != 0 then 0
		else null end;

def is_fresh($schedule): fresh_until($schedule) as $until | $until == null or now < $until;
