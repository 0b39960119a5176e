# A provider's schedule, as Backstage's readSchedulerServiceTaskScheduleDefinitionFromConfig reads it. Input: its value, or
# null; output: an array of what becomes the provider's fields (frequency, why, timeout, initialDelay) or {problem}.

include "duration";

def duration_or_problem($path): try {ms: duration} catch {problem: "\($path): \(.)"};

def schedule($path):
	if . == null then [{problem: "\($path): missing; expected { frequency: { minutes: 30 }, timeout: { minutes: 30 } }"}]
	elif type != "object" then [{problem: "\($path): expected frequency and timeout"}]
	else
		[ (if .frequency == null then {problem: "\($path).frequency: missing; every 30 minutes is usual"}
			elif (.frequency | type) == "object" and (((.frequency.cron | type) == "string" and .frequency.cron != "") or .frequency.trigger == "manual") then
				{frequency: null, why: "\($path).frequency: only --once can run this, from cron(8) or by hand: expected a duration such as { minutes: 30 }"}
			else .frequency | duration_or_problem("\($path).frequency") | if .ms then
				(if .ms >= 1000 then {frequency: .ms} else {problem: "\($path).frequency: is shorter than a second"} end) else . end end),
		  (if .timeout == null then {problem: "\($path).timeout: missing; the same as frequency is usual"}
			else .timeout | duration_or_problem("\($path).timeout") | if .ms then
				(if .ms >= 1000 then {timeout: .ms} else {problem: "\($path).timeout: is shorter than a second"} end) else . end end),
		  (if .initialDelay == null then {initialDelay: 0}
			else .initialDelay | duration_or_problem("\($path).initialDelay") | if .ms then {initialDelay: .ms} else . end end) ]
	end;
