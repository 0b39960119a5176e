# A provider's schedule, as Backstage's readSchedulerServiceTaskScheduleDefinitionFromConfig reads it. Input: its value, or
# null; output: an array of {problem}s and of what become the provider's fields: {frequency} in ms, {cron} or {manual}; {timeout}
# and {initialDelay} in ms.

include "duration";
include "cron";

def duration_or_problem($path): try {ms: bounded_duration} catch {problem: "\($path): \(.)"};

def at_least_a_second($path; $field):
	duration_or_problem($path)
	| if .problem then . elif .ms < 1000 then {problem: "\($path): is shorter than a second"} else {($field): .ms} end;

def cron_or_problem($path):
	. as $text
	| try (if cron_next(now | floor) == null then {problem: "\($path): no such day comes in the next eight years"} else {cron: $text} end)
		catch {problem: "\($path): \(.)"};

def frequency($path):
	if . == null then {problem: "\($path): missing; every 30 minutes is usual: { minutes: 30 }"}
	elif type == "object" and (.cron | type) == "string" and .cron != "" then .cron | cron_or_problem("\($path).cron")
	elif type == "object" and .trigger == "manual" then {manual: true}
	elif type == "string" and (gsub("^\\s+|\\s+$"; "") | startswith("@") or test("^\\S+(\\s+\\S+){4,5}$")) then
		{problem: "\($path): a cron expression stands in an object: { cron: '\(.)' }"}
	elif . == "manual" then {problem: "\($path): is no duration; a manual trigger is { trigger: manual }"}
	else at_least_a_second($path; "frequency") end;

def scope($path):
	if . == null or . == "global" or . == "local" then {} else {problem: "\($path): expected global or local; it changes nothing here"} end;

def schedule($path):
	if . == null then [{problem: "\($path): missing; expected { frequency: { minutes: 30 }, timeout: { minutes: 30 } }"}]
	elif type != "object" then [{problem: "\($path): is of type \(type); expected { frequency: { minutes: 30 }, timeout: { minutes: 30 } }"}]
	else [
		(.frequency | frequency("\($path).frequency")),
		(if .timeout == null then {problem: "\($path).timeout: missing; the same as frequency is usual"}
			else .timeout | at_least_a_second("\($path).timeout"; "timeout") end),
		(if .initialDelay == null then {initialDelay: 0}
			else .initialDelay | duration_or_problem("\($path).initialDelay") | if .problem then . else {initialDelay: .ms} end end),
		(.scope | scope("\($path).scope"))
	] end;
