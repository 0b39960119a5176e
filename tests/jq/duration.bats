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
