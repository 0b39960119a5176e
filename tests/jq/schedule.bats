#!/usr/bin/env bats
# pipeline/schedule.jq and cron.jq against what Backstage's own functions gave; the judge of cron's times is tests/judges/cron.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
}

@test "all schedules as Backstage reads them" {
	# Beyond what Backstage refuses: a frequency or timeout of less than a second, and cron expressions that its
	# scheduler would refuse when it starts.
	run jq -r -L pipeline 'include "schedule";
		[.schedules[] | . as $one
			| (.input.schedule // .input | schedule("s")) as $parts | ($parts | add) as $got | [$parts[].problem | values] as $problems
			| if .error or .frequency == 0 or .frequency.cron? == "nonsense" then ($problems | length) > 0
				else ($problems | length) == 0 and $got.timeout == .timeout and $got.initialDelay == (.initialDelay // 0)
					and (if .frequency | type == "object" then $got.cron == .frequency.cron and ($got.manual == true) == (.frequency.trigger == "manual")
						else $got.frequency == .frequency end) end
			| if . then empty else "\($one): \($parts)" end] as $wrong
		| ["checked \(.schedules | length)", $wrong[]] | .[]' tests/data/duration-vectors.json
	[ "$output" = 'checked 26' ] || { echo "$output"; return 1; }
}

@test "all cron expressions as Backstage's scheduler reads them" {
	TZ=UTC run jq -r -L pipeline 'include "cron";
		[.crons[] | . as $one | (try (.input | cron_next(1767225630)) catch "error") as $got
			| if .valid then $got == (.next | sub("\\.000Z$"; "Z") | fromdate) else $got == "error" or $got == null end
			| if . then empty else "\($one): \($got)" end] as $wrong
		| ["checked \(.crons | length)", $wrong[]] | .[]' tests/data/duration-vectors.json
	[ "$output" = 'checked 41' ] || { echo "$output"; return 1; }
}

# The times of an expression in a zone: due ZONE EXPRESSION 'LOCAL TIME BEFORE' COUNT
due() {
	TZ=$1 jq -n -r -L pipeline --arg expression "$2" --argjson count "$4" --argjson after "$(TZ=$1 date -d "$3" +%s)" '
		include "cron"; limit($count + 1; $after | recurse(. as $after | $expression | cron_next($after)))' |
		tail -n +2 | while read -r at; do TZ=$1 date -d "@$at" '+%m-%d %H:%M %Z'; done | paste -s -d ,
}

@test "a time that daylight saving leaves out comes at the change, one that comes twice is meant once" {
	[ "$(due Europe/Berlin '30 2 * * *' '2026-03-28 12:00' 2)" = '03-29 03:00 CEST,03-30 02:30 CEST' ]
	[ "$(due Europe/Berlin '30 2 * * *' '2026-10-24 12:00' 2)" = '10-25 02:30 CEST,10-26 02:30 CET' ]
	[ "$(due Africa/Cairo '0 0 * * *' '2026-04-23 12:00' 2)" = '04-24 01:00 EEST,04-25 00:00 EEST' ]
	[ "$(due Australia/Lord_Howe '15 2 * * *' '2026-10-03 12:00' 2)" = '10-04 02:30 +11,10-05 02:15 +11' ]
}

@test "what is meant every hour comes in both hours, and never twice at the change" {
	[ "$(due Europe/Berlin '30 * * * *' '2026-10-25 01:00' 4)" = '10-25 01:30 CEST,10-25 02:30 CEST,10-25 02:30 CET,10-25 03:30 CET' ]
	[ "$(due Europe/Berlin '*/30 * * * *' '2026-03-29 01:10' 3)" = '03-29 01:30 CET,03-29 03:00 CEST,03-29 03:30 CEST' ]
}

@test "what is wrong in a schedule is said with its path" {
	says() {
		jq -n -r -L pipeline 'include "schedule"; '"$1"' | schedule("s")[].problem | values' | grep -qF -- "$2"
	}
	says '{timeout: "1m", frequency: "0 * * * *"}' "s.frequency: a cron expression stands in an object: { cron: '0 * * * *' }"
	says '{timeout: "1m", frequency: {cron: "61 * * * *"}}' 's.frequency.cron: the minute 61 is out of range: 0 to 59'
	says '{timeout: "1m", frequency: {cron: "0 0 30 2 *"}}' 's.frequency.cron: no such day'
	says '{timeout: "1m", frequency: {cron: "@reboot"}}' 'expected one of @daily'
	says '{timeout: "1m", frequency: "manual"}' '{ trigger: manual }'
	says '{frequency: "10ms"}' 's.frequency: is shorter than a second'
	says '{frequency: "10m"}' 's.timeout: missing'
	says '"30m"' 'is of type string'
}
