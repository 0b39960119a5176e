#!/usr/bin/env bats
# pipeline/*.jq against what Backstage's own functions gave.

@test "all durations as Backstage reads them" {
	cd "$BATS_TEST_DIRNAME/../.."
	run jq -r -L pipeline 'include "duration";
		[.durations[] | . as $c | (try (.input | duration) catch "error") as $r
			| if $c.error then $r == "error"
				else ($r | type) == "number" and (($r - $c.milliseconds) | fabs) <= 1e-9 * (($c.milliseconds | fabs) + 1) end
			| if . then empty else "\($c.input): \($r)" end] as $wrong
		| ["checked \(.durations | length)", $wrong[]] | .[]' tests/data/duration-vectors.json
	[ "$output" = 'checked 143' ] || { echo "$output"; return 1; }
}

provider() {
	jq -n -c --argjson schedule "$1" '{needs: [], prefix: "", okta: {oktaUrl: "https://a.okta.com", clientId: "c", keyId: "k", privateKey: "p", schedule: $schedule}}' |
		jq -c -L "$BATS_TEST_DIRNAME/../../pipeline" -f "$BATS_TEST_DIRNAME/../../pipeline/providers.jq"
}

@test "schedules as Backstage reads them; cron and trigger with --once alone" {
	cd "$BATS_TEST_DIRNAME/../.."
	jq -c '.schedules[]' tests/data/duration-vectors.json > "$BATS_TEST_TMPDIR/all"
	count=0
	while IFS= read -r one; do
		found=$(provider "$(jq -c .input <<< "$one")" | jq -c '{problems: (.problems | length), frequency: .providers[0].frequency, timeout: .providers[0].timeout}')
		# What Backstage refuses is a problem. Ours also refuses runs less than a second apart; scope is not ours.
		jq -e -n --argjson one "$one" --argjson found "$found" '
			if $one.input.scope != null and $one.error != null then true
			elif $one.error != null or $one.frequency == 0 then $found.problems > 0
			elif ($one.frequency | type) == "object" then $found.problems == 0 and $found.frequency == null and $found.timeout == $one.timeout
			else $found == {problems: 0, frequency: $one.frequency, timeout: $one.timeout} end' > /dev/null || { echo "$one $found"; return 1; }
		count=$((count + 1))
	done < "$BATS_TEST_TMPDIR/all"
	[ "$count" -eq 26 ]
}
