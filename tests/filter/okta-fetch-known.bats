#!/usr/bin/env bats
# --known-groups: a configured group that was renamed in Okta is read by its id.

load org

setup() {
	KNOWN=$BATS_TEST_TMPDIR/known
}

teardown() {
	org_stop
}

id_of() {
	jq -r --arg name "$1" 'select(.profile.name == $name).id' "$ORG/groups.ndjson" | head -n 1
}

rename() {
	org_tell rename-group "{\"id\":\"$1\",\"name\":\"$2\"}"
}

# The ids of the groups in the stream, in a line.
read_groups() {
	jq -r 'select(.kind=="OktaGroup").group.id' "$BATS_TEST_TMPDIR/out" | sort | tr '\n' ' '
}

fetch_known() {
	fetch --users none --known-groups "$KNOWN" "$@"
}

group_calls() {
	org_requests '"/api/v1/groups?'
}

@test "a renamed group is read by its id, and the warning gives the new name; without the file: 78" {
	org_start --users 10 --groups 12
	id=$(id_of Payments)
	echo "$id Payments" > "$KNOWN"
	rename "$id" 'Search & Discovery'
	ends_with 78 fetch --users none --group Payments
	ends_with 0 fetch_known --group Payments
	says "warning: group \"Payments\" was renamed in Okta to \"Search & Discovery\": it is read by its id $id; change the configuration"
	[ "$(read_groups)" = "$id " ]
	ends_with 0 fetch --known-groups "$KNOWN" --group Payments --check
	grep -qF "ok    groups: group \"Payments\" was renamed in Okta to \"Search & Discovery\": it is read by its id $id; change" "$BATS_TEST_TMPDIR/out"
	grep -q '^ok    a whole run: .*1 group: ' "$BATS_TEST_TMPDIR/out"
}

@test "the same for names of --groups-file, and with --missing-groups warn" {
	org_start --users 10 --groups 12
	id=$(id_of Payments)
	echo "$id Payments" > "$KNOWN"
	rename "$id" Money
	printf 'Engineering\nPayments\nnowhere\n' > "$BATS_TEST_TMPDIR/names"
	ends_with 0 fetch_known --groups-file "$BATS_TEST_TMPDIR/names" --missing-groups warn
	says 'group "Payments" was renamed in Okta to "Money"'
	says 'no group "nowhere"'
	[ "$(read_groups | wc -w)" -eq 3 ]
	ends_with 78 fetch_known --groups-file "$BATS_TEST_TMPDIR/names"
	ends_with 78 fetch --known-groups "$KNOWN" --groups-file "$BATS_TEST_TMPDIR/names" --check
	[ "$(grep -c '^WRONG groups: "nowhere"' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
	[ "$(grep -c '^WRONG' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
}

@test "a group that has the name: the file is not asked, and no call is added" {
	org_start --users 10 --groups 12
	printf '%s Payments\n%s Payments\n' "$(id_of Platform)" 00gNotThere000000000 > "$KNOWN"
	ends_with 0 fetch_known --group Payments
	[ "$(read_groups)" = "$(id_of Payments) " ]
	[ "$(group_calls)" -eq 1 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
}

@test "a known group that was deleted is missing: 78" {
	org_start --users 10 --groups 12
	echo "$(id_of Payments) Payments" > "$KNOWN"
	org_tell delete-group '{"name":"Payments"}'
	ends_with 78 fetch_known --group Payments
	says 'no group "Payments"'
	ends_with 78 fetch --known-groups "$KNOWN" --group Payments --check
	grep -q '^WRONG groups: "Payments" is not among' "$BATS_TEST_TMPDIR/out"
}

@test "two groups that shared a name are both read by their ids; one that is left, alone" {
	org_start --users 10 --groups 12
	jq -r 'select(.profile.name == "Engineering") | .id + " Engineering"' "$ORG/groups.ndjson" > "$KNOWN"
	[ "$(wc -l < "$KNOWN")" -eq 2 ]
	rename "$(sed -n '1s/ .*//p' "$KNOWN")" One
	rename "$(sed -n '2s/ .*//p' "$KNOWN")" Two
	ends_with 0 fetch_known --group Engineering
	[ "$(read_groups | wc -w)" -eq 2 ]
	says 'renamed in Okta to "One"'
	says 'renamed in Okta to "Two"'
	org_tell delete-group '{"name":"Two"}'
	ends_with 0 fetch_known --group Engineering
	[ "$(read_groups)" = "$(sed -n '1s/ .*//p' "$KNOWN") " ]
}

@test "an id that two configured names lead to, or a search, is read once" {
	org_start --users 10 --groups 12
	id=$(id_of Payments)
	printf '%s Payments\n%s Pay\n%s Payments\n' "$id" "$id" "$id" > "$KNOWN"
	rename "$id" Money
	ends_with 0 fetch_known --group Payments --group Money --group Pay --group-search 'profile.name eq "Money"'
	[ "$(read_groups)" = "$id " ]
	[ "$(grep -c 'was renamed' "$BATS_TEST_TMPDIR/err")" -eq 2 ]
	ends_with 0 fetch --known-groups "$KNOWN" --group Payments --group Pay --check
	[ "$(grep -c 'was renamed' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
	grep -q '^ok    a whole run: .*1 group: ' "$BATS_TEST_TMPDIR/out"
}

@test "a search beside a renamed group reads its own groups, too; a built-in group is followed" {
	org_start --users 10 --groups 12
	id=$(id_of Payments)
	everyone=$(id_of Everyone)
	printf '%s Payments\n%s Everyone\n' "$id" "$everyone" > "$KNOWN"
	rename "$id" Money
	rename "$everyone" 'All hands'
	ends_with 0 fetch_known --group Payments --group Everyone --group-search 'profile.name eq "Platform"'
	[ "$(read_groups)" = "$(printf '%s\n' "$id" "$everyone" "$(id_of Platform)" | sort | tr '\n' ' ')" ]
}

@test "a swap of two names follows the names: each exists" {
	org_start --users 10 --groups 12
	a=$(id_of Payments)
	b=$(id_of Platform)
	printf '%s Payments\n%s Platform\n' "$a" "$b" > "$KNOWN"
	rename "$a" Platform
	rename "$b" Payments
	ends_with 0 fetch_known --group Payments
	[ "$(read_groups)" = "$b " ]
}

@test "the file: CR LF, a byte order mark, empty lines, no line feed at its end; an empty one knows nothing" {
	org_start --users 10 --groups 12
	id=$(id_of Payments)
	rename "$id" 'Money  \"x\"'
	printf '\xef\xbb\xbf%s QA  "East"\r\n\r\n\n%s Payments' 00gNotThere000000000 "$id" > "$KNOWN"
	ends_with 0 fetch_known --group Payments
	[ "$(read_groups)" = "$id " ]
	says 'renamed in Okta to "Money  "x""'
	: > "$KNOWN"
	ends_with 78 fetch_known --group Payments
	says 'no group "Payments"'
}

@test "a file that cannot be read, or is none: 78 with the line; standard input: 64" {
	org_start --users 5 --groups 3
	while IFS='|' read -r content text; do
		printf "$content" > "$KNOWN"
		ends_with 78 fetch_known --group Engineering
		says "$text"
		no_end
	done <<-'END'
		00gNotThere000000000 A\nnonsense\n|line 2: expected a group's id
		00gNotThere000000000\n|line 1: expected
		00gNotThere000000000 \n|line 1: expected
		00gNotThere"00000000 A\n|line 1: expected
		00uNotThere000000000 A\n|line 1: expected
		00gNotThere000000000 A\0B\n|a NUL byte
	END
	rm "$KNOWN"
	ends_with 78 fetch_known --group Engineering
	says "cannot read $KNOWN: No such file or directory"
	mkdir "$KNOWN"
	ends_with 78 fetch_known --group Engineering
	says "cannot read $KNOWN: Is a directory"
	ends_with 64 fetch --known-groups - --group Engineering
}

@test "ten thousand known groups and two thousand configured names cost no time and a call for twenty" {
	org_start --users 5 --groups 30
	id=$(id_of Payments)
	rename "$id" Money
	seq 2000 | sed 's/^/No such group /' > "$BATS_TEST_TMPDIR/names"
	echo Payments >> "$BATS_TEST_TMPDIR/names"
	{
		seq -f '00g%017.0f' 9900 | sed 's/$/ Some other group/'
		seq -f '00gA%016.0f No such group 7' 40
		echo "$id Payments"
	} > "$KNOWN"
	ends_with 0 timeout 60 okta-fetch --ca-file "$ORG/ca.pem" --users none --known-groups "$KNOWN" \
		--groups-file "$BATS_TEST_TMPDIR/names" --missing-groups warn
	[ "$(read_groups)" = "$id " ]
	[ "$(group_calls)" -eq $((101 + 3)) ]
}
