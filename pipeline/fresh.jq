# How long a catalog is fresh. Input: status.json; $schedule: {frequency, cron, manual, timeout} in milliseconds.

include "cron";

# What of a provider (the input) it hangs on.
def schedule_json: {frequency, cron, manual, timeout} | tojson;

# Seconds since 1970 until which it is; 0 when it is not, null when no time makes it old.
def fresh_until($schedule):
	(($schedule.timeout // 0) / 1000) as $timeout
	| if .lastSuccess == null or .publishPending == true then 0
		else (.lastSuccess | fromdate) as $last
			| if $schedule.cron then ($schedule.cron as $cron | $cron | cron_next($last) as $next | $cron | cron_next($next)) + $timeout
				elif $schedule.frequency then $last + 2 * $schedule.frequency / 1000 + $timeout
				elif (.lastRun.exit // 0) != 0 then 0
				else null end
		end;

def is_fresh($schedule): fresh_until($schedule) as $until | $until == null or now < $until;
