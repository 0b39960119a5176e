#!/usr/bin/env bats
# The ledger of names: whose it is, when a hold ends, what reads and what changes it.

load org
load records

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# The stream of an org: stream ORGID URL < records
stream() {
	printf '{"kind":"OktaOrg","version":1,"id":"default","oktaUrl":"%s","orgId":"%s","fetchedAt":"%s"}\n' "$2" "$1" "${3:-2026-11-24T04:00:00Z}"
	cat
	end 0 0 0
}

people() { for i in $(seq "$1" "$2"); do user "00u$i" 2024 "p$i@a.example"; done; }

ledger() { jq -r 'select(.kind != "Ledger") | [.kind, .name, .id, .since // "-", .left // "-"] | join(" ")' "${1:-names}"; }

header() { head -n 1 names | jq -r ".$1"; }

# The run left names as they were before, wrote no entity and left nothing beside it.
changed_nothing() {
	cmp names before
	[ ! -s out ]
	[ ! -e .names.tmp ]
}

@test "the header records org, address, namespace, hold and time, and what people added to it" {
	people 1 1 | stream 00oA https://a.okta.com > in
	ends_with 0 okta-map --names names --namespace emea --name-hold 2d in
	[ "$(head -n 1 names)" = '{"kind":"Ledger","version":1,"orgId":"00oA","oktaUrl":"https://a.okta.com","namespace":"emea","hold":172800,"fetchedAt":"2026-11-24T04:00:00Z"}' ]
	sed -i '1s/}$/,"comment":"ours"}/' names
	ends_with 0 okta-map --names names --namespace emea --name-hold 3d in
	[ "$(header hold)" = 259200 ]
	[ "$(header comment)" = ours ]
}

@test "an unchanged ledger is not written by a later run; a changed one records its time" {
	people 1 1 | map_on 2026-01-01T00:00:00Z
	cp names before
	was=$(stat -c '%i %y' names)
	people 1 1 | map_on 2026-01-02T00:00:00Z
	[ "$(stat -c '%i %y' names)" = "$was" ]
	cmp names before
	people 1 2 | map_on 2026-01-03T00:00:00Z
	[ "$(header fetchedAt)" = 2026-01-03T00:00:00Z ]
}

@test "End hands on the org's id and the time of the stream, if OktaOrg has them" {
	people 1 1 | stream 00oA https://a.okta.com > in
	ends_with 0 okta-map in
	[ "$(tail -n 1 out)" = '{"kind":"End","groups":0,"users":1,"id":"default","oktaUrl":"https://a.okta.com","orgId":"00oA","fetchedAt":"2026-11-24T04:00:00Z","calls":3,"waitedSeconds":0}' ]
	{ echo '{"kind":"OktaOrg","version":1}'; end 0 0 0; } > in
	ends_with 0 okta-map in
	[ "$(jq -c 'has("orgId"), has("fetchedAt")' out | paste -sd ' ')" = 'false false' ]
}

@test "a ledger of another org: 78 before anything is written, both orgs and the ways out are named" {
	people 1 1 | stream 00oA https://a.okta.com > in
	ends_with 0 okta-map --names names in
	cp names before
	# Nothing of the stream is needed but its first line.
	people 1 1 | stream 00oB https://b.okta.com | head -n 1 > in
	ends_with 78 okta-map --names names in
	says 'names: this ledger was made for the org 00oA (https://a.okta.com), and the stream is of the org 00oB (https://b.okta.com)'
	says 'another provider id, or another --state'
	[ "$(wc -l < err)" -eq 1 ]
	changed_nothing
	people 1 1 | stream 00oB https://b.okta.com > in
	ends_with 78 okta-map --names names --names-readonly in
	changed_nothing
}

@test "--expect-org refuses the stream of another org, and passes one without an id" {
	people 1 1 | stream 00oB https://b.okta.com > in
	ends_with 78 okta-map --expect-org 00oA in
	says 'the stream is of the org 00oB (https://b.okta.com), and the org 00oA was expected'
	[ ! -s out ]
	ends_with 0 okta-map --expect-org 00oB in
	{ org; people 1 1; end 0 1 0; } > in
	ends_with 0 okta-map --expect-org 00oA in
	ends_with 64 okta-map --expect-org '' in
}

@test "without an org's id the ids decide: ten live names, none in a stream with users, are of another org" {
	people 1 10 | map_on 2026-01-01T00:00:00Z
	cp names before
	people 11 30 | expect=78 map_on 2026-01-02T00:00:00Z
	says 'names: these names are of another org, https://acme.okta.com: the stream of https://acme.okta.com has none of the 10 Okta ids'
	changed_nothing
	# An id of the stream's org alone says nothing about that of the ledger.
	people 11 30 | stream 00oB https://b.okta.com > in
	ends_with 78 okta-map --names names in
	changed_nothing
	# One of them, or a group, or no user at all, is enough to go on.
	for records in "$(people 10 30)" "$(group 00g1 2024 x)" "$(people 11 30 | sed 's/ACTIVE/DEPROVISIONED/')"; do
		cp before names
		printf '%s\n' "$records" | map_on 2026-01-02T00:00:00Z
	done
	cp before names
	{ group 00g1 2024 x; people 1 9; } | map_on 2026-01-01T00:00:00Z
	sed -i '/"p10"/d' names
	{ group 00g1 2024 x; people 11 30; } | map_on 2026-01-03T00:00:00Z
	rm names
	people 1 9 | map_on 2026-01-01T00:00:00Z
	people 11 30 | map_on 2026-01-02T00:00:00Z
	[ "$(ledger | grep -c ' -$')" -eq 20 ]
}

@test "with the same org's id nobody needs to be left of ten" {
	people 1 10 | stream 00oA https://a.okta.com > in
	ends_with 0 okta-map --names names in
	people 11 30 | stream 00oA https://a.okta.com 2026-11-25T04:00:00Z > in
	ends_with 0 okta-map --names names in
	[ "$(header orgId)" = 00oA ]
}

@test "an excluded user's id shows the org, too; a held one does not" {
	people 1 10 | map_on 2026-01-01T00:00:00Z
	cp names before
	{ user 00u1 2024 p1@a.example p1@a.example SUSPENDED; people 11 12; } | map_on 2026-01-02T00:00:00Z --exclude-status SUSPENDED
	sed 's/}$/,"left":"2026-01-01T00:00:00Z"}/; 1s/,"left.*}/}/' before | sed 2d > names
	user 00u50 2024 x@a.example | map_on 2026-01-03T00:00:00Z
}

@test "a ledger without a header is adopted: nobody is renamed, its org is recorded" {
	cat > names <<-'END'
		{"kind":"User","name":"first","id":"00u1","since":"2025-01-01T00:00:00Z"}
		{"kind":"User","name":"gone","id":"00u9","since":"2025-01-01T00:00:00Z","left":"2026-11-01T00:00:00Z"}
	END
	{ people 1 1; user 00u2 2024 gone@a.example; } | stream 00oA https://a.okta.com > in
	ends_with 0 okta-map --names names in
	[ "$(header orgId)" = 00oA ]
	[ "$(header namespace)" = default ]
	[ "$(names User)" = "00u1 first
00u2 gone-$(suffix 00u2)" ]
	# A stream that does not say its org leaves the record alone.
	{ people 1 1; user 00u2 2024 gone@a.example; } | map_on 2026-11-25T00:00:00Z
	[ "$(header orgId)" = 00oA ]
}

@test "the same org under a new address, or another namespace: a note, and the header follows" {
	people 1 1 | stream 00oA https://a.okta.com > in
	ends_with 0 okta-map --names names in
	people 1 1 | stream 00oA https://id.acme.example > in
	ends_with 0 okta-map --names names in
	says 'names: the org of this ledger has a new address: it was https://a.okta.com and is https://id.acme.example'
	[ "$(header oktaUrl)" = https://id.acme.example ]
	ends_with 0 okta-map --names names --namespace emea in
	says 'names: the names of this ledger move from the namespace default to emea'
	[ "$(header namespace)" = emea ]
	ends_with 0 okta-map --names names --namespace emea in
	no grep -q 'names: ' err
}

@test "a damaged header: 65 with its line, and nothing is written" {
	while IFS='|' read -r line text; do
		printf '%s\n' "$line" '{"kind":"User","name":"bo","id":"00u1"}' > names
		cp names before
		expect=65 map_on 2026-01-01T00:00:00Z < /dev/null || { echo "$line"; return 1; }
		says "names: line $text" || { echo "$line"; return 1; }
		changed_nothing
	done <<-'END'
		{"kind":"Ledger"}|1: this okta-map reads ledgers of "version" 1
		{"kind":"Ledger","version":2}|1: this okta-map reads ledgers of "version" 1
		{"kind":"Ledger","version":"1"}|1: this okta-map reads ledgers of "version" 1
		{"kind":"Ledger","version":1,"orgId":7}|1: "orgId", "oktaUrl"
		{"kind":"Ledger","version":1,"fetchedAt":"now"}|1: "fetchedAt"
		{"kind":"Ledger","version":1|1: 
		{"kind":"Ledger","version":1},{}|1: 
	END
	printf '%s\n' '{"kind":"User","name":"bo","id":"00u1"}' '{"kind":"Ledger","version":1}' > names
	cp names before
	expect=65 map_on 2026-01-01T00:00:00Z < /dev/null
	says 'names: line 2: a header, which only the first line can be'
	for line in '"expired":7' '"expired":"x"'; do
		echo "{\"kind\":\"User\",\"name\":\"bo\",\"id\":\"00u1\",$line}" > names
		expect=65 map_on 2026-01-01T00:00:00Z < /dev/null
		says 'names: line 1: '
	done
	for list in 7 '"x"' '["x",7]' '{}'; do
		echo "{\"kind\":\"Group\",\"name\":\"bo\",\"id\":\"00g1\",\"oktaNames\":$list}" > names
		expect=65 map_on 2026-01-01T00:00:00Z < /dev/null
		says 'names: line 1: "oktaNames": expected an array of strings'
	done
}

@test "a ledger whose lines end in CRLF is read, and written with LF" {
	{ group 00g1 2024 x; people 1 2; } | map_on 2026-01-01T00:00:00Z
	cp names before
	sed -i 's/$/\r/' names
	{ group 00g1 2024 x; people 1 2; } | map_on 2026-01-01T00:00:00Z
	cmp names before
}

@test "a second OktaOrg: 65, of the same org or another" {
	for first in 00oA 00oB; do
		{ people 1 1 | stream 00oA https://a.okta.com | sed '$d'; people 2 2 | stream $first https://a.okta.com; } > in
		ends_with 65 okta-map --names names in
		says 'line 3: a second OktaOrg'
		[ ! -s out ]
		[ ! -e names ]
	done
}

# Holds

@test "a hold ends a second neither early nor late, and only in the second run that finds it over" {
	for second in 03:59:59 04:00:00; do
		rm -f names
		user 00u1 2024 bo@a.example | map_on 2026-01-01T00:00:00Z --name-hold 2d
		group 00g1 2024 x | map_on 2026-01-02T04:00:00Z --name-hold 2d
		group 00g1 2024 x | map_on 2026-01-04T$second"Z" --name-hold 2d
		cp err first
		{ group 00g1 2024 x; user 00u2 2024 bo@b.example; } | map_on 2026-01-05T00:00:00Z --name-hold 2d
		if [ $second = 04:00:00 ]; then
			grep -q '^okta-map: holds of names that are over for the first time, and end with the next run of a later time that agrees: 1 (user bo of 00u1)' first
			says 'holds of names that ended after two runs found them over, so that anybody may get these names: 1 (user bo of 00u1)'
			[ "$(names User)" = '00u2 bo' ]
		else
			no grep -q hold first
			[ "$(names User)" = "00u2 bo-$(suffix 00u2)" ]
		fi
	done
}

@test "one run with a clock in the future ends no hold, whatever the next one says" {
	{ people 1 1; user 00u9 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z
	people 1 1 | map_on 2026-01-02T00:00:00Z
	people 1 1 | map_on 2036-01-01T00:00:00Z
	[ "$(jq -r 'select(.name == "bo").expired' names)" = 2036-01-01T00:00:00Z ]
	# The clock is right again.
	{ people 1 1; user 00u2 2024 bo@b.example; } | map_on 2026-01-03T00:00:00Z
	says 'warning: names: the stream is of 2026-01-03T00:00:00Z, and an earlier run was of 2036-01-01T00:00:00Z: no hold of a name ends'
	[ "$(names User)" = "00u1 p1
00u2 bo-$(suffix 00u2)" ]
	[ "$(jq -r 'select(.name == "bo") | has("expired")' names)" = false ]
	[ "$(header fetchedAt)" = 2026-01-03T00:00:00Z ]
	{ people 1 1; user 00u2 2024 bo@b.example; } | map_on 2026-01-04T00:00:00Z
	no grep -q 'no hold' err
	ledger | grep -q '^User bo 00u9 2026-01-01T00:00:00Z 2026-01-02T00:00:00Z$'
}

@test "the same stream ends no hold, however often it is mapped" {
	user 00u9 2024 bo@a.example | map_on 2026-01-01T00:00:00Z
	people 1 1 | map_on 2026-01-02T00:00:00Z
	for run in 1 2 3; do
		people 1 1 | map_on 2026-01-04T00:00:00Z --name-hold 1d
		[ "$(jq -r 'select(.name == "bo").expired' names)" = 2026-01-04T00:00:00Z ]
		no grep -q ' ended' err
	done
	people 1 1 | map_on 2026-01-04T00:00:01Z --name-hold 1d
	no grep -q '"bo"' names
}

@test "time that goes back ends no hold, even one that two runs found over" {
	{ people 1 1; user 00u9 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z
	people 1 1 | map_on 2026-01-02T00:00:00Z --name-hold 1d
	people 1 1 | map_on 2026-01-04T00:00:00Z --name-hold 1d
	# A name that is given makes this the time of the ledger.
	people 1 2 | map_on 2026-01-03T12:00:00Z --name-hold 1d
	says 'no hold of a name ends'
	[ "$(jq -r 'select(.name == "bo").expired' names)" = 2026-01-03T12:00:00Z ]
	people 1 2 | map_on 2026-01-03T11:00:00Z --name-hold 1d
	[ "$(jq -r 'select(.name == "bo").expired' names)" = 2026-01-03T11:00:00Z ]
	people 1 2 | map_on 2026-01-03T12:00:00Z --name-hold 1d
	no grep -q '"bo"' names
	# Nor one that was found over before the time to which it goes back.
	cat > names <<-'END'
		{"kind":"Ledger","version":1,"namespace":"default","fetchedAt":"2026-01-10T00:00:00Z"}
		{"kind":"User","name":"bo","id":"00u9","left":"2026-01-01T00:00:00Z","expired":"2026-01-03T00:00:00Z"}
	END
	people 1 2 | map_on 2026-01-05T00:00:00Z --name-hold 1d
	[ "$(jq -r 'select(.name == "bo").expired' names)" = 2026-01-03T00:00:00Z ]
	people 1 2 | map_on 2026-01-05T00:00:01Z --name-hold 1d
	no grep -q '"bo"' names
}

@test "who leaves under a clock that is behind is not held for less time" {
	{ people 1 1; user 00u9 2024 bo@a.example; } | map_on 2026-06-01T00:00:00Z
	people 1 1 | map_on 2020-01-01T00:00:00Z
	ledger | grep -q '^User bo 00u9 2026-06-01T00:00:00Z 2026-06-01T00:00:00Z$'
	people 1 1 | map_on 2026-06-02T00:00:00Z
	people 1 1 | map_on 2026-06-03T00:00:00Z
	{ people 1 1; user 00u2 2024 bo@b.example; } | map_on 2026-06-04T00:00:00Z
	[ "$(names User | tail -n 1)" = "00u2 bo-$(suffix 00u2)" ]
	# Nor by a ledger that does not say when it was written.
	echo '{"kind":"User","name":"bo","id":"00u9","since":"2026-06-01T00:00:00Z"}' > names
	people 1 1 | map_on 2020-01-01T00:00:00Z
	ledger | grep -q '^User bo 00u9 2026-06-01T00:00:00Z 2026-06-01T00:00:00Z$'
}

@test "a time in the ledger that is later than the stream is reported by each run, until it is corrected" {
	cat > names <<-'END'
		{"kind":"User","name":"p1","id":"00u1","since":"2026-01-01T00:00:00Z"}
		{"kind":"User","name":"p2","id":"00u2","since":"2036-01-01T00:00:00Z"}
		{"kind":"Group","name":"x","id":"00g9","since":"2026-01-01T00:00:00Z","left":"2035-01-01T00:00:00Z"}
	END
	for day in 2 3 4; do
		people 1 2 | map_on 2026-01-0${day}T00:00:00Z
		says "warning: names: user p2 has the time 2036-01-01T00:00:00Z, which is later than the stream: the names of all who leave are held from that time on; if the time is wrong, correct it in the line by hand"
		[ "$(grep -c 'later than the stream' err)" -eq 1 ]
	done
	people 2 2 | map_on 2026-01-05T00:00:00Z
	ledger | grep -q '^User p1 00u1 2026-01-01T00:00:00Z 2036-01-01T00:00:00Z$'
	sed -i 's/2036-/2026-/' names
	people 2 2 | map_on 2026-01-06T00:00:00Z
	says 'names: group x has the time 2035-01-01T00:00:00Z'
	sed -i 's/2035-/2026-/' names
	people 2 2 | map_on 2026-01-07T00:00:00Z
	no grep -q 'later than' err
	# A time that is that of the stream is in order.
	people 2 3 | map_on 2026-01-08T00:00:00Z
	people 2 3 | map_on 2026-01-08T00:00:00Z
	no grep -q 'later than' err
}

@test "a ledger that would not change records a time that went back, and it is reported once" {
	people 1 1 | map_on 2026-06-01T00:00:00Z
	people 1 1 | map_on 2026-05-01T00:00:00Z
	says 'no hold of a name ends'
	[ "$(header fetchedAt)" = 2026-05-01T00:00:00Z ]
	people 1 1 | map_on 2026-05-02T00:00:00Z
	no grep -q 'no hold' err
}

@test "of two held names of one user the one left last comes back, in both orders of the ledger" {
	for names in 'alpha beta' 'beta alpha'; do
		set -- $names
		{ echo '{"kind":"User","name":"'"$1"'","id":"00u1","left":"2026-01-01T00:00:00Z"}'
		echo '{"kind":"User","name":"'"$2"'","id":"00u1","left":"2026-02-01T00:00:00Z"}'; } > names
		people 1 1 | map_on 2026-03-01T00:00:00Z
		[ "$(names User)" = "00u1 $2" ]
		ledger | grep -q "^User $1 00u1 - 2026-01-01T00:00:00Z$"
		tac names | grep -v Ledger > reversed && mv reversed names
	done
	# Left at the same time: by name.
	printf '{"kind":"User","name":"%s","id":"00u1","left":"2026-02-01T00:00:00Z"}\n' beta alpha > names
	people 1 1 | map_on 2026-03-01T00:00:00Z
	[ "$(names User)" = '00u1 alpha' ]
}

@test "the ledger is on the disk before it is in place, and its folder after that" {
	people 1 1 | map_on 2026-01-01T00:00:00Z
	{ org 2026-01-02T00:00:00Z; people 1 2; end 0 2 0; } > in
	: > calls
	env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="${B:-$ROOT/build}/fault/die_at.so" CALLS=calls \
		"$BIN/okta-map" -q --names names in > out
	[ "$(grep -E 'fsync|rename' calls | paste -sd ' ')" = 'fsync rename fsync' ]
}

# Names of groups in Okta

@test "a group's line keeps the names that it had in Okta, oldest first, each once" {
	group 00g1 2024 'okta-Search' | map_on 2026-01-01T00:00:00Z --strip-prefix okta-
	[ "$(jq -c 'select(.kind == "Group") | [.name, .oktaNames]' names)" = '["search",["okta-Search"]]' ]
	group 00g1 2024 'Search \"&\" \u0044iscovery' | map_on 2026-01-02T00:00:00Z
	group 00g1 2024 'okta-Search' | map_on 2026-01-03T00:00:00Z
	[ "$(jq -c 'select(.kind == "Group").oktaNames' names)" = '["okta-Search","Search \"&\" Discovery"]' ]
	# Left out or gone, it keeps them.
	group 00g1 2024 third | map_on 2026-01-04T00:00:00Z --exclude-type OKTA_GROUP
	people 1 1 | map_on 2026-01-05T00:00:00Z
	[ "$(jq -c 'select(.kind == "Group").oktaNames' names)" = '["okta-Search","Search \"&\" Discovery","third"]' ]
	[ "$(ledger | grep -c '^Group search 00g1 2026-01-01T00:00:00Z 2026-01-05T00:00:00Z$')" -eq 1 ]
}

@test "of more than 16 names that a group had, the first and the newest 15 are kept" {
	for i in $(seq 10 30); do
		group 00g1 2024 "n$i" | map_on "2026-01-01T00:00:${i}Z"
		[ $i -ne 25 ] || [ "$(jq -c 'select(.kind == "Group").oktaNames' names)" = "$(seq -f '"n%g"' 10 25 | jq -s -c .)" ]
	done
	[ "$(jq -c 'select(.kind == "Group").oktaNames' names)" = "$({ echo '"n10"'; seq -f '"n%g"' 16 30; } | jq -s -c .)" ]
}

# A ledger that is only read

@test "--names-readonly uses the ledger and never writes it, nor anything beside it" {
	user 00u1 2024 bo@a.example | map_on 2026-01-01T00:00:00Z
	cp -p names before
	{ user 00u2 2020 bo@b.example; user 00u3 2024 cy@b.example; } | map_on 2026-01-02T00:00:00Z --names-readonly
	[ "$(names User)" = "00u2 bo-$(suffix 00u2)
00u3 cy" ]
	cmp names before
	[ "$(stat -c %y names)" = "$(stat -c %y before)" ]
	mkdir folder
	cp names in folder
	chmod 500 folder
	ends_with 0 okta-map --names folder/names --names-readonly folder/in
	rm names
	people 1 1 | map_on 2026-01-02T00:00:00Z --names-readonly
	[ ! -e names ]
	[ ! -e .names.tmp ]
	ends_with 64 okta-map --names-readonly in
	says '--names-readonly needs --names FILE'
}

# From a published catalog

# publish FORM < records: makes the catalog of a run in January
publish() {
	{ org 2026-01-01T00:00:00Z; cat; end 0 0 0; } > in
	okta-map -q --group-name profile-name in > entities
	rm -rf catalog.yaml catalog
	case $1 in
	split) catalog-emit -q --split 3 -o catalog.yaml entities ;;
	*) catalog-emit -q --format "$1" -o catalog.yaml entities ;;
	esac
}

@test "without a ledger the names come from the published catalog, in each of its forms" {
	for form in yaml yaml-flow json ndjson mutation split; do
		rm -f names
		{ group 00g1 2024 Web.Team; group 00g2 2024 null; user 00u1 2024 Ana@a.example; user 00u2 2024 bo@a.example; user 00u3 2024 12e3@a.example; } | publish $form
		# Bo has left, and another Bo, who is older, came; Ana was renamed.
		{ group 00g1 2024 Renamed; user 00u1 2024 ann@a.example; user 00u4 2001 bo@b.example; user 00u5 2001 12E3@b.example; user 00u3 2024 x@a.example; } |
			map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
		[ "$(names User)" = "00u1 Ana
00u3 12e3
00u4 bo-$(suffix 00u4)
00u5 12E3-$(suffix 00u5)" ] || { echo $form; names User; return 1; }
		[ "$(names Group)" = '00g1 Web.Team' ]
		says 'names: there is no ledger, so it is made from the 5 names published in catalog.yaml; this ledger knows nothing of holders who had already left'
		[ "$(ledger | grep -c '2026-02-01T00:00:00Z$')" -eq 2 ]
		ledger | grep -qx 'User bo 00u2 - 2026-02-01T00:00:00Z'
		ledger | grep -qx 'User Ana 00u1 - -'
		ledger | grep -qx 'Group null 00g2 - 2026-02-01T00:00:00Z'
	done
}

@test "--names-from is ignored if there is a ledger, or no catalog; an empty ledger is none" {
	user 00u1 2024 bo@a.example | publish yaml
	user 00u2 2024 cy@a.example | map_on 2026-01-01T00:00:00Z
	echo damaged > catalog.yaml
	{ user 00u2 2024 cy@a.example; user 00u3 2024 bo@b.example; } | map_on 2026-01-02T00:00:00Z --names-from catalog.yaml
	[ "$(names User | tail -n 1)" = '00u3 bo' ]
	no grep -q catalog err
	rm names
	user 00u3 2024 bo@b.example | map_on 2026-01-02T00:00:00Z --names-from nowhere.yaml
	no grep -q nowhere err
	rm names
	user 00u3 2024 bo@b.example | map_on 2026-01-02T00:00:00Z --names-from nowhere.yaml -v
	says 'nowhere.yaml: does not exist, so no names are taken from there'
	: > names
	user 00u1 2024 bo@a.example | publish yaml
	user 00u3 2024 bo@b.example | map_on 2026-01-02T00:00:00Z --names-from catalog.yaml
	[ "$(names User)" = "00u3 bo-$(suffix 00u3)" ]
	ends_with 64 okta-map --names-from '' in
	ends_with 64 okta-map --names-from - in
}

@test "without --names the holders of the catalog keep their names in this run" {
	user 00u1 2024 bo@a.example | publish yaml
	{ org; user 00u1 2024 bo@a.example; user 00u2 2001 bo@b.example; end 0 2 0; } > in
	ends_with 0 okta-map --names-from catalog.yaml in
	[ "$(names User)" = "00u1 bo
00u2 bo-$(suffix 00u2)" ]
	no grep -q -e '--give' err
	ends_with 0 okta-map in
	[ "$(names User | head -n 1)" = "00u1 bo-$(suffix 00u1)" ]
}

@test "of the catalog only users and groups of this namespace with an Okta id count" {
	{ echo '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"bo","namespace":"emea","annotations":{"okta.com/user-id":"00u1"}},"spec":{"memberOf":[]}}'
	echo '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"cy"},"spec":{"memberOf":[]}}'
	echo '{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"di","annotations":{"okta.com/user-id":"00u3"}},"spec":{"type":"service","lifecycle":"x","owner":"me"}}'
	echo '{"kind":"End"}'; } > entities
	for form in yaml json mutation; do
		rm -f names
		catalog-emit -q --force --format $form -o catalog.yaml entities
		{ user 00u7 2024 bo@b.example; user 00u8 2024 cy@b.example; user 00u9 2024 di@b.example; } | map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
		[ "$(names User | cut -d ' ' -f 2 | paste -sd ' ')" = 'bo cy di' ]
		rm names
		user 00u7 2024 bo@b.example | map_on 2026-02-01T00:00:00Z --names-from catalog.yaml --namespace emea
		[ "$(names User)" = "00u7 bo-$(suffix 00u7)" ]
	done
}

both_ways='restore the published catalog, so that names stay with their Okta ids, or move the whole catalog away: names are then assigned anew by rule, and okta-catalog publishes them only with --force'

# damaged FORM SED-COMMAND PLACE: the catalog altered so is 65 with the place, and no ledger is made
damaged() {
	{ group 00g1 2024 web; people 1 3; } | publish "$1"
	perl -0pi -e "$2" "${4:-catalog.yaml}"
	rm -f names
	people 4 4 | expect=65 map_on 2026-02-01T00:00:00Z --names-from catalog.yaml || { echo "$1 $2"; return 1; }
	says "$3" || { echo "$1 $2"; return 1; }
	says "$both_ways"
	[ ! -e names ]
	[ ! -s out ]
}

@test "a damaged catalog: 65 with the place, and no ledger is made" {
	damaged yaml 'chop' 'catalog.yaml: line '
	damaged yaml 's/--- # user:default\/p2 .*\n//' 'is not one entity'
	damaged yaml 's/# user:default\/p2.*/# nonsense/' 'expected an index line'
	damaged yaml 's/--- # user:default\/p2.*/---/' 'a document without an index line'
	damaged yaml 's/user:default\/p2 /user:default\/p1 /' 'has the name of an earlier one'
	damaged yaml 's/^/x\n/' 'catalog.yaml: line 1: not a catalog that catalog-emit published'
	damaged yaml-flow 's/\}\n--- # user:default\/p2/\n--- # user:default\/p2/' 'cut off'
	damaged json 's/\]\n$//' 'the file is cut off'
	damaged json 's/"p2"/"p1"/' 'has the name of an earlier one'
	damaged json 's/\n\]/\n]\n]/' 'text after the end of the catalog'
	damaged json 's/\n\{[^\n]*p2[^\n]*\n/\nnonsense,\n/' 'catalog.yaml: line '
	damaged mutation 's/\]\}\n$//' 'the file is cut off'
	damaged ndjson 'chop' 'the file is cut off'
	damaged split 's/part=1\/3/part=1\/4/' 'expected a part that catalog-emit wrote' catalog/001.yaml
	{ group 00g1 2024 web; people 1 3; } | publish split
	cp catalog/001.yaml part.yaml
	people 4 4 | expect=65 map_on 2026-02-01T00:00:00Z --names-from part.yaml
	says 'part.yaml: line 1: one part of a split catalog, not its index'
	rm catalog/001.yaml
	people 4 4 | expect=65 map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
	says "catalog/001.yaml: is missing, a part of the catalog catalog.yaml: $both_ways"
	# The second way: names are those of the rule.
	rm -r catalog.yaml catalog
	people 2 2 | map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
	[ "$(names User)" = '00u2 p2' ]
	rm names
	mkfifo pipe
	people 4 4 | expect=65 map_on 2026-02-01T00:00:00Z --names-from pipe
	[ ! -e names ]
}

@test "a split catalog whose index is lost still names its holders; a catalog with CRLF, too" {
	user 00u1 2024 bo@a.example | publish split
	rm catalog.yaml
	user 00u2 2001 bo@b.example | map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
	[ "$(names User)" = "00u2 bo-$(suffix 00u2)" ]
	for form in yaml yaml-flow json mutation; do
		user 00u1 2024 bo@a.example | publish $form
		sed -i 's/$/\r/' catalog.yaml
		rm -f names
		user 00u2 2001 bo@b.example | map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
		[ "$(names User)" = "00u2 bo-$(suffix 00u2)" ]
	done
}

@test "a catalog of another org makes no ledger: ten names, none in the stream, are 78" {
	people 1 10 | publish yaml
	people 11 20 | expect=78 map_on 2026-02-01T00:00:00Z --names-from catalog.yaml
	says 'catalog.yaml: these names are of another org'
	[ ! -e names ]
}

# Names of other providers

# other NAME ID MEMBERS: the ledger of another provider
other() {
	printf '{"kind":"%s","name":"%s","id":"%s"%s}\n' "$@" >> other
}

@test "a name that another provider's ledger has, live or held, goes to no other Okta id" {
	other User bo 00uA ''
	other User cy 00uB ',"left":"2025-01-01T00:00:00Z"'
	other Group web 00gA ''
	other User x 00uC ''
	{ user 00u1 2024 BO@a.example; user 00u2 2024 cy@a.example; group 00g1 2024 web; group 00g2 2024 x; } > records
	map_on 2026-01-01T00:00:00Z --names-reserved other < records
	[ "$(names User)" = "00u1 BO-$(suffix 00u1)
00u2 cy-$(suffix 00u2)" ]
	[ "$(names Group)" = "00g1 web-$(suffix 00g1)
00g2 x" ]
	says "user 00u1 is named BO-$(suffix 00u1): user 00uA in other has the name BO already"
	says "user 00u2 is named cy-$(suffix 00u2): user 00uB in other keeps the name cy already"
	no grep -q -e '--give' err
	# Of the other ledger nothing comes into this one.
	[ "$(ledger | wc -l)" -eq 4 ]
	# What is taken back there is free here only for new claimants.
	rm other
	{ cat records; user 00u3 2024 bo@a.example; } | map_on 2026-01-02T00:00:00Z --names-reserved other
	[ "$(names User | tail -n 1)" = '00u3 bo' ]
	ends_with 65 okta-map --collisions fail --names-reserved names in
}

@test "a name that a user has in another provider's ledger is available to the same user, and to nobody else" {
	other User bo 00u1 ''
	{ user 00u2 2001 bo@b.example; user 00u1 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z --names-reserved other
	[ "$(names User)" = "00u1 bo
00u2 bo-$(suffix 00u2)" ]
	ledger | grep -qx 'User bo 00u1 2026-01-01T00:00:00Z -'
	# A second ledger that has the name for somebody else: it is available to neither, in whatever order.
	mv other first
	other User bo 00u9 ''
	for order in 'first other' 'other first'; do
		set -- $order
		rm -f names
		{ user 00u2 2001 bo@b.example; user 00u1 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z --names-reserved "$1" --names-reserved "$2"
		[ "$(names User)" = "00u1 bo-$(suffix 00u1)
00u2 bo-$(suffix 00u2)" ]
	done
}

@test "a suffix that another provider's ledger has is lengthened" {
	other User bo 00uA ''
	other User "bo-$(suffix 00u1)" 00uB ''
	user 00u1 2024 bo@a.example | map_on 2026-01-01T00:00:00Z --names-reserved other
	[ "$(names User | tr -d '\n' | wc -c)" -eq "$(printf '00u1 bo-123456789' | wc -c)" ]
}

@test "a ledger of another namespace reserves nothing; one without a header counts" {
	echo '{"kind":"Ledger","version":1,"orgId":"00oB","namespace":"emea"}' > other
	other User bo 00uA ''
	user 00u1 2024 bo@a.example | map_on 2026-01-01T00:00:00Z --names-reserved other
	[ "$(names User)" = '00u1 bo' ]
	rm names
	user 00u1 2024 bo@a.example | map_on 2026-01-01T00:00:00Z --names-reserved other --namespace emea
	[ "$(names User)" = "00u1 bo-$(suffix 00u1)" ]
}

@test "a name that both ledgers have is reported with both ids, and nobody is renamed" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; } > records
	map_on 2026-01-01T00:00:00Z < records
	cp names before
	other User Bo 00uA ''
	other User cy 00uB ',"left":"2025-12-01T00:00:00Z"'
	map_on 2026-01-02T00:00:00Z --names-reserved other < records
	[ "$(names User)" = '00u1 bo
00u2 cy' ]
	says 'warning: user 00u1 has the name bo in names, and user 00uA has it in other: change the name in one of the two lines, or give one of the providers another --namespace'
	says 'warning: user 00u2 has the name cy in names, and other has held it for user 00uB since 2025-12-01T00:00:00Z: remove that line from other if 00uB will not use the name again, or give one of the providers another --namespace'
	no grep -q -e --give err
	cmp names before
	# Held in both: nobody has it.
	people 1 1 | map_on 2026-01-03T00:00:00Z
	people 1 1 | map_on 2026-01-04T00:00:00Z --names-reserved other
	no grep -q 'name cy' err
	says 'user 00u1 has the name bo in names'
	# A returning holder gets it back all the same.
	map_on 2026-01-05T00:00:00Z --names-reserved other < records
	[ "$(names User)" = '00u1 bo
00u2 cy' ]
}

@test "many names in both ledgers are ten lines and their number" {
	people 1 25 | map_on 2026-01-01T00:00:00Z
	for i in $(seq 25); do other User "p$i" "00uX$i" ''; done
	people 1 25 | map_on 2026-01-02T00:00:00Z --names-reserved other
	[ "$(grep -c 'change the name in one of the two lines' err)" -eq 10 ]
	says 'more names that are both in names and, for another Okta id, in the ledger of another provider: 15'
}

@test "a conflict says whether the holder left in this run or was renamed, and passes the name on only to who is there" {
	{ user 00u1 2024 bo@a.example; group 00g1 2024 x; } | map_on 2026-01-01T00:00:00Z
	cp names before
	other User bo 00u2 ''
	group 00g1 2024 x | map_on 2026-01-02T00:00:00Z --names-reserved other
	says 'warning: names holds the name bo for user 00u1, who left at 2026-01-02T00:00:00Z, and user 00u2 has it in other: remove that line from names if 00u1 will not use the name again, or give one of the providers another --namespace'
	no grep -q -e --give err
	cp before names
	{ user 00u1 2024 di@a.example; user 00u2 2024 bo@a.example; } | map_on 2026-01-03T00:00:00Z --names-follow --names-reserved other
	says 'names holds the name bo for user 00u1, who was renamed at 2026-01-03T00:00:00Z, and user 00u2 has it in other: '
	says 'or pass the name on: okta-map --names names --names-reserved other --give user:default/bo=00u2'
	cp names renamed
	ends_with 0 $(sed -n 's/.*or pass the name on: //p' err)
	{ user 00u1 2024 di@a.example; user 00u2 2024 bo@a.example; } | map_on 2026-01-04T00:00:00Z --names-follow --names-reserved other
	[ "$(names User)" = '00u1 di
00u2 bo' ]
	no grep -q 'in other' err
	# A third ledger forbids that.
	cp renamed names
	echo '{"kind":"User","name":"bo","id":"00uZ"}' > third
	{ user 00u1 2024 di@a.example; user 00u2 2024 bo@a.example; } | map_on 2026-01-04T00:00:00Z --names-follow --names-reserved other --names-reserved third
	[ "$(grep -c 'holds the name bo' err)" -eq 2 ]
	no grep -q -e --give err
	# A catalog in the place of a ledger holds no name.
	user 00u1 2024 bo@a.example | publish yaml
	{ org; user 00u2 2024 bo@a.example; end 0 1 0; } > in
	ends_with 0 okta-map --names-from catalog.yaml --names-reserved third in
	no grep -q third err
}

@test "a damaged ledger of another provider: 65 with its name and line; the own one as another: 64" {
	people 1 1 | map_on 2026-01-01T00:00:00Z
	cp names before
	other User bo 00uA ''
	echo nonsense >> other
	people 1 1 | expect=65 map_on 2026-01-02T00:00:00Z --names-reserved other
	says 'other: line 2: expected one JSON object a line'
	changed_nothing
	ln -s names link
	for same in names ./names link; do
		people 1 1 | expect=64 map_on 2026-01-02T00:00:00Z --names-reserved $same
		says "--names-reserved $same: is the ledger of this run (--names)"
	done
	ends_with 64 okta-map --names-reserved '' in
	mkfifo pipe
	people 1 1 | expect=78 map_on 2026-01-02T00:00:00Z --names-reserved pipe
	changed_nothing
}

@test "--names-lock waits for the lock, reads the other ledgers after that, and leaves the lock to its caller" {
	other User bo 00uA ''
	{ org; user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; end 0 2 0; } > in
	exec 8> lock
	flock 8
	okta-map -v --names names --names-reserved other --names-lock 9 in > out 2> err 8>&- 9> lock 3>&- &
	pid=$!
	until grep -q 'another run has the lock' err; do kill -0 $pid; done
	other User cy 00uB ''
	flock -u 8
	wait $pid
	[ "$(names User)" = "00u1 bo-$(suffix 00u1)
00u2 cy-$(suffix 00u2)" ]
	# The lock lasts until the process that opened the descriptor closes it.
	exec 9> lock
	ends_with 0 okta-map --names-lock 9 in
	no flock -s -n 8
	exec 9>&-
	flock -n 8
	exec 8>&-
}

@test "a descriptor that is closed, or is none, is a usage error" {
	{ org; end 0 0 0; } > in
	ends_with 64 okta-map --names-lock 77 in
	says '--names-lock 77: this descriptor is not open'
	for value in 2 -1 x '' 99999999999; do
		ends_with 64 okta-map --names-lock "$value" in
	done
}

# Passing names on

@test "a group that was deleted and created anew gets its name by the command that the finding names" {
	group 00g1 2024 Web | map_on 2026-01-01T00:00:00Z
	{ group 00g9 2026 Web; people 1 1; } | map_on 2026-01-02T00:00:00Z
	[ "$(names Group)" = "00g9 web-$(suffix 00g9)" ]
	says 'to pass the name on: okta-map --names names --give group:default/web=00g9'
	ends_with 0 $(sed -n 's/.*to pass the name on: //p' err)
	[ ! -s out ]
	says 'names: the name web passed from group 00g1 to 00g9'
	says "names: the name web-$(suffix 00g9), which group 00g9 had until now, is held"
	{ group 00g9 2026 Web; people 1 1; } | map_on 2026-01-03T00:00:00Z
	[ "$(names Group)" = '00g9 web' ]
	no grep -q 00g1 names
	[ "$(header fetchedAt)" = 2026-01-02T00:00:00Z ]
	# The former name of 00g9 is held, and not given back.
	[ "$(ledger | grep -c "^Group web-$(suffix 00g9) 00g9 2026-01-02")" -eq 1 ]
}

@test "a group that was created anew gets its name also if the run that reports it is not published" {
	{ group 00gA 2024 Engineering; people 1 1; } | map_on 2026-01-01T00:00:00Z
	sed -i '/00gA/s/}$/,"comment":"ours"}/' names
	cp names before
	for collisions in suffix fail; do
		cp before names
		expect=0
		[ $collisions = suffix ] || expect=65
		{ group 00gB 2026 Engineering; people 1 1; } | map_on 2026-01-02T00:00:00Z --names-readonly --collisions $collisions
		cmp names before
		says '; to pass the name on: okta-map --names names --give group:default/engineering=00gB:00gA'
		ends_with 0 $(sed -n 's/.*to pass the name on: //p' err)
		[ ! -s out ]
		says 'names: the name engineering passed from group 00gA to 00gB'
		no grep -q 00gA names
		expect=0
		{ group 00gB 2026 Engineering; people 1 1; } | map_on 2026-01-03T00:00:00Z --collisions $collisions
		[ "$(names Group)" = '00gB engineering' ]
		[ "$(jq -r 'select(.id == "00gB").comment' names)" = ours ]
	done
	# A former holder who comes back has no name: it gets one anew.
	{ group 00gA 2024 Engineering; group 00gB 2026 Engineering; people 1 1; } | map_on 2026-01-04T00:00:00Z
	[ "$(names Group)" = "00gA engineering-$(suffix 00gA)
00gB engineering" ]
}

@test "the command with the former holder works also if the run that reports it is published" {
	{ group 00gA 2024 web; user 00u1 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z
	{ group 00gB 2026 web; user 00u1 2024 di@a.example; user 00u2 2026 bo@b.example; } | map_on 2026-01-02T00:00:00Z --names-follow
	says '--give group:default/web=00gB:00gA'
	says '--give user:default/bo=00u2:00u1'
	sed -n 's/.*to pass the name on: //p' err > commands
	[ "$(wc -l < commands)" -eq 2 ]
	while read -r command; do
		ends_with 0 $command
		no grep -q 'is not in the ledger' err
	done < commands
	ledger | grep -q '^Group web 00gB .* -$'
	ledger | grep -q '^User bo 00u2 .* -$'
	ledger | grep -q '^User di 00u1 .* -$'
	no grep -q 00gA names
	# Again, the command changes nothing.
	cp names before
	while read -r command; do
		ends_with 0 $command
		says ' already'
	done < commands
	cmp names before
}

@test "a user who was renamed in a run that is not published is named as the former holder, too" {
	user 00u1 2024 bo@a.example | map_on 2026-01-01T00:00:00Z
	{ user 00u1 2024 di@a.example; user 00u2 2026 bo@b.example; } | map_on 2026-01-02T00:00:00Z --names-follow --names-readonly
	says '--give user:default/bo=00u2:00u1'
	ends_with 0 $(sed -n 's/.*to pass the name on: //p' err)
	{ user 00u1 2024 di@a.example; user 00u2 2026 bo@b.example; } | map_on 2026-01-03T00:00:00Z --names-follow
	[ "$(names User)" = '00u1 di
00u2 bo' ]
}

@test "the finding leaves the former holder out if the ledger says that the holder has left" {
	{ group 00gA 2024 web; group 00gX 2024 x; } | map_on 2026-01-01T00:00:00Z
	group 00gX 2024 x | map_on 2026-01-02T00:00:00Z
	{ group 00gB 2026 web; group 00gX 2024 x; } | map_on 2026-01-03T00:00:00Z
	[ "$(sed -n 's/.*to pass the name on: //p' err)" = 'okta-map --names names --give group:default/web=00gB' ]
}

@test "a name passes only from the former holder that --give names" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; user 00u3 2024 di@a.example; } | map_on 2026-01-01T00:00:00Z
	{ user 00u1 2024 bo@a.example; user 00u3 2024 di@a.example; } | map_on 2026-01-02T00:00:00Z
	cp names before
	ends_with 65 okta-map --names names --give user:default/bo=00u3:00u2
	says '--give user:default/bo=00u3:00u2: the holder of the name is user 00u1, not 00u2'
	changed_nothing
	ends_with 65 okta-map --names names --give user:default/cy=00u3:00u1
	says 'the holder of the name is user 00u2, not 00u1'
	changed_nothing
	# The holder had not left: the message says how to pass the name on all the same.
	ends_with 65 okta-map --names names --give user:default/bo=00u3
	says 'if user 00u1 has left since, add it as the former holder: --give user:default/bo=00u3:00u1'
	changed_nothing
	# A held name passes from its holder, too; what the new holder had is held.
	ends_with 0 okta-map --names names --give user:default/bo=00u3:00u1 --give user:default/cy=00u1:00u2
	[ "$(ledger | cut -d ' ' -f 2,3 | paste -sd ' ')" = 'bo 00u3 cy 00u1 di 00u3' ]
	[ "$(jq -r 'select(.left).name' names)" = di ]
}

@test "--give to an Okta id that is not in the ledger warns of its spelling" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; user 00u3 2024 di@a.example; } | map_on 2026-01-01T00:00:00Z
	user 00u3 2024 di@a.example | map_on 2026-01-02T00:00:00Z
	ends_with 0 okta-map --names names --give user:default/bo=00u3
	no grep -q 'is not in the ledger' err
	ends_with 0 okta-map --names names --give user:default/cy=00U3
	says "warning: names: 00U3 is not in the ledger: check its spelling; Okta's ids are case-sensitive"
	ledger | grep -q '^User cy 00U3 '
}

@test "a finding says whether the holder of the name has left or was renamed" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; group 00g1 2024 x; } | map_on 2026-01-01T00:00:00Z
	{ user 00u1 2024 di@a.example; user 00u3 2024 bo@b.example; user 00u4 2024 cy@b.example; } | map_on 2026-01-02T00:00:00Z --names-follow
	says "user 00u3 is named bo-$(suffix 00u3): user 00u1, who was renamed, keeps the name bo already; to pass"
	says "user 00u4 is named cy-$(suffix 00u4): user 00u2, who has left, keeps the name cy already; to pass"
	{ user 00u1 2024 di@a.example; user 00u5 2024 cy@c.example; } | map_on 2026-01-03T00:00:00Z --names-follow
	says 'user 00u2, who has left, keeps the name cy already'
}

@test "the command of a finding is quoted for the shell" {
	{ org; user 00u1 2024 bo@a.example; end 0 1 0; } > in
	ends_with 0 okta-map --names "it's mine" in
	{ org 2026-12-01T00:00:00Z; user 00u2 2024 bo@a.example; end 0 1 0; } > in
	ends_with 0 okta-map --names "it's mine" in
	says "okta-map --names 'it'\\''s mine' --give user:default/bo=00u2"
	sed -i '/00u2/d' "it's mine"
	ends_with 0 okta-map --names "it's mine" --names-reserved 'a b' --names-reserved c in
	says "okta-map --names 'it'\\''s mine' --names-reserved 'a b' --names-reserved c --give user:default/bo=00u2"
}

# Ledgers of two providers in one namespace: names holds NAME for 00u1, who left;
# other has what the arguments of other() say.
two_ledgers() {
	rm -f names other
	{ user 00u1 2024 bob@a.example; group 00g1 2024 x; } | map_on 2026-01-01T00:00:00Z
	group 00g1 2024 x | map_on 2026-01-02T00:00:00Z
	[ $# -eq 0 ] || other User "$@"
	{ user 00u8 2024 bob@a.example; group 00g1 2024 x; } | map_on 2026-01-03T00:00:00Z --names-reserved other
	cp names before
}

@test "a name that another provider's ledger has for another id is not passed on, and the finding says why" {
	two_ledgers Bob 00uA ''
	[ "$(names User)" = "00u8 bob-$(suffix 00u8)" ]
	no grep -q -e --give err
	says 'the name cannot be passed on while user 00uA has it in other: keep the suffix, or give one of the providers another --namespace'
	ends_with 65 okta-map --names names --names-reserved other --give user:default/bob=00u8
	says '--give user:default/bob=00u8: the name cannot be passed on while user 00uA has it in other: keep the suffix'
	changed_nothing
	# Without that ledger nobody else is known to have it.
	ends_with 0 okta-map --names names --give user:default/bob=00u8
	# The id that the name passes to may be any: that of the other holder, or one that escapes spell.
	for id in 00u8 '00u\u0038'; do
		two_ledgers bob "$id" ''
		says 'to pass the name on: okta-map --names names --names-reserved other --give user:default/bob=00u8'
		ends_with 0 $(sed -n 's/.*to pass the name on: //p' err)
		ledger | grep -q '^User bob 00u8 '
	done
}

@test "a name that another provider's ledger holds for another id is not passed on until its line is removed" {
	two_ledgers bob 00uA ',"left":"2026-01-01T00:00:00Z"'
	no grep -q -e --give err
	obstacle='the name cannot be passed on while other holds it for user 00uA (since 2026-01-01T00:00:00Z): remove that line from other if 00uA will not use the name again'
	says "$obstacle"
	ends_with 65 okta-map --names names --names-reserved other --give user:default/bob=00u8
	says "--give user:default/bob=00u8: $obstacle"
	changed_nothing
	: > other
	{ user 00u8 2024 bob@a.example; group 00g1 2024 x; } | map_on 2026-01-04T00:00:00Z --names-reserved other
	ends_with 0 $(sed -n 's/.*to pass the name on: //p' err)
}

@test "--give looks only at the kind and the namespace of the name in the ledgers of other providers" {
	two_ledgers
	echo '{"kind":"Ledger","version":1,"namespace":"emea"}' > emea
	echo '{"kind":"User","name":"bob","id":"00uA"}' >> emea
	other Group bob 00gA ''
	other User bobby 00uB ''
	ends_with 0 okta-map --names names --names-reserved emea --names-reserved other --names-reserved nowhere --give user:default/bob=00u8
	cp before names
	echo damaged >> other
	ends_with 65 okta-map --names names --names-reserved other --give user:default/bob=00u8
	says 'other: line 3: '
	changed_nothing
	ends_with 64 okta-map --names names --names-reserved names --give user:default/bob=00u8
	changed_nothing
}

@test "--give takes the lock of --names-lock before reading the ledgers of other providers" {
	two_ledgers
	exec 8> lock
	flock 8
	okta-map -v --names names --names-reserved other --names-lock 9 --give user:default/bob=00u8 2> err 8>&- 9> lock 3>&- &
	pid=$!
	until grep -q 'another run has the lock' err; do kill -0 $pid; done
	other User bob 00uA ''
	flock -u 8
	exec 8>&-
	status=0
	wait $pid || status=$?
	[ $status -eq 65 ]
	cmp names before
}

@test "--give changes only the names that it is given, and keeps what people noted" {
	cat > names <<-'END'
		{"kind":"Ledger","version":1,"orgId":"00oA","namespace":"emea","hold":86400,"fetchedAt":"2026-01-01T00:00:00Z","x":1}
		{"kind":"Group","name":"web","id":"00g1","left":"2026-01-01T00:00:00Z","expired":"2026-01-02T00:00:00Z","oktaNames":["Web"],"comment":"ours"}
		{"kind":"User","name":"ana","id":"00u1","since":"2025-01-01T00:00:00Z","left":"2026-01-01T00:00:00Z","expired":"2026-01-02T00:00:00Z"}
		{"kind":"User","name":"bo","id":"00u2","since":"2025-01-01T00:00:00Z","comment":"bo's"}
	END
	cp names before
	ends_with 0 okta-map --names names --give Group:EMEA/WEB=00g9
	[ "$(jq -c 'select(.kind != "Group")' names)" = "$(jq -c 'select(.kind != "Group")' before)" ]
	[ "$(jq -c 'select(.kind == "Group") | del(.since)' names)" = '{"kind":"Group","name":"web","id":"00g9","comment":"ours"}' ]
	# Without a namespace it is that of the ledger; several pass, in order.
	ends_with 0 okta-map --names names --give user:ana=00u7
	[ "$(jq -c 'select(.id == "00u7").name' names)" = '"ana"' ]
	no grep -q '"left"' names
}

@test "what --give cannot do is refused, and the ledger stays as it was" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; } | map_on 2026-01-01T00:00:00Z
	user 00u1 2024 bo@a.example | map_on 2026-01-02T00:00:00Z
	cp names before
	while IFS='|' read -r status gift text; do
		ends_with "$status" okta-map --names names --give user:default/cy=00u8 --give "$gift" || { echo "$gift"; return 1; }
		says "$text" || { echo "$gift"; return 1; }
		changed_nothing
		[ "$(wc -l < err)" -eq 1 ]
	done <<-'END'
		65|user:default/bo=00u9|user 00u1 has the name and had not left when okta-map last ran
		65|user:default/di=00u9|names has no user of this name
		65|group:default/cy=00g9|names has no group of this name
		65|user:emea/cy=00u9|the names of names are in the namespace default
		65|user:default/cy=00u9|user 00u8 has the name and had not left
		64|user:default/cy=00g9|00g9 is the Okta id of a group, and the name is of a user
		64|group:default/web=00u9|00u9 is the Okta id of a user, and the name is of a group
		64|user:default/cy|expected REF=ID
		64|user:default/cy=|expected REF=ID
		64|cy=00u9|expected REF=ID
		64|component:default/cy=00u9|expected REF=ID
		64|user:/cy=00u9|expected REF=ID
		64|user:default/=00u9|expected REF=ID
		64|user:default/c y=00u9|expected REF=ID
		64|user:default/cy=00u9=1|expected REF=ID
		64|user:default/cy=00u9:|expected REF=ID
		64|user:default/cy=:00u2|expected REF=ID
		64|user:default/cy=00u9:00u2:|expected REF=ID
		64|user:default/cy=00u9:00u2:00u3|expected REF=ID
		64|user:default/cy=00u9:00u2/x|expected REF=ID
		64|=00u9|expected REF=ID
	END
	ends_with 64 okta-map --give user:default/cy=00u9
	says '--give needs --names FILE'
	ends_with 64 okta-map --names names --names-readonly --give user:default/cy=00u9
	ends_with 64 okta-map --names names --give user:default/cy=00u9 in
	ends_with 65 okta-map --names nowhere --give user:default/cy=00u9
	says 'nowhere: there is no ledger'
	[ ! -e nowhere ]
	changed_nothing
}

@test "--give to the id that has the name changes nothing; to the one that left, the name is live" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; } | map_on 2026-01-01T00:00:00Z
	user 00u1 2024 bo@a.example | map_on 2026-01-02T00:00:00Z
	cp names before
	ends_with 0 okta-map --names names --give user:default/bo=00u1
	says 'user 00u1 has the name bo already'
	cmp names before
	ends_with 0 okta-map --names names --give user:default/cy=00u2
	[ "$(ledger | cut -d ' ' -f 2,5 | paste -sd ' ')" = 'bo - cy -' ]
}

@test "--give under another run that writes the ledger: 75, and nothing is lost" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; } | map_on 2026-01-01T00:00:00Z
	user 00u1 2024 bo@a.example | map_on 2026-01-02T00:00:00Z
	{ org 2026-01-03T00:00:00Z; user 00u1 2024 bo@a.example; user 00u3 2024 di@a.example; end 0 2 0; } > more
	env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="${B:-$ROOT/build}/fault/die_at.so" STOP_AT=2 \
		"$BIN/okta-map" -q --names names more > first 3>&- &
	pid=$!
	until [ "$(ps -o stat= -p $pid | cut -c1)" = T ]; do kill -0 $pid; done
	ends_with 75 okta-map --names names --give user:default/cy=00u9
	kill -CONT $pid
	wait $pid
	[ "$(ledger | cut -d ' ' -f 2,3 | paste -sd ' ')" = 'bo 00u1 cy 00u2 di 00u3' ]
}

@test "a ledger that root changes stays its owner's" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example; } | map_on 2026-01-01T00:00:00Z
	user 00u1 2024 bo@a.example | map_on 2026-01-02T00:00:00Z
	chmod 640 names
	chown 65533:65534 names 2> why || skip "needs root: $(cat why)"
	cp -p names before
	as_owner() { setpriv --reuid 65533 --regid 65534 --clear-groups "$@"; }
	ends_with 0 okta-map --names names --give user:default/cy=00u9
	[ "$(stat -c '%u:%g %a' names)" = '65533:65534 640' ]
	[ "$(as_owner jq -r 'select(.name == "cy").id' names)" = 00u9 ]
	# Without the permission it becomes root's, as before; any other failure is one.
	export ASAN_OPTIONS=detect_leaks=0
	for error in EPERM:0 EIO:74; do
		cp -p before names
		ends_with "${error#*:}" strace -f -qq -e trace=fchown -e "inject=fchown:error=${error%:*}" -o log okta-map --names names --give user:default/cy=00u9
		grep -q INJECTED log
	done
	says '.names.tmp: cannot be given its owner: Input/output error'
	changed_nothing
}

# Memory

# same A B C: the file A is B or C
same() { cmp -s "$1" "$2" || cmp "$1" "$3"; }

# after_exhaustion STATUS: what a run leaves that ended with it. Called in a
# condition, where errexit is off: each command has its own way out.
after_exhaustion() {
	if [ "$1" -eq 0 ]; then
		cmp out expected || return 1
		cmp names names.after || return 1
		cmp catalog.yaml catalog.after || return 1
		return 0
	fi
	[ "$1" -eq 70 ] || return 1
	grep -q 'out of memory' err || return 1
	same names names.before names.after || return 1
	same catalog.yaml catalog.before catalog.after || return 1
}

# exhaust COMMAND [STEP]: lets each (STEPth) of its allocations fail, alone and
# with all later ones. It ends with 70, and every file is as before or complete.
exhaust() {
	local mode n good status
	cp names.before names
	cp catalog.before catalog.yaml
	"$bin/"$1 > expected
	cp names names.after
	cp catalog.yaml catalog.after
	for mode in AT SINCE; do
		n=0 good=0
		# A library may do without a buffer: the end is where many calls change nothing.
		while [ $good -lt 10 ]; do
			n=$((n + ${2:-1})) status=0
			cp names.before names
			cp catalog.before catalog.yaml
			env "NO_MEMORY_$mode=$n" LD_PRELOAD="$ROOT/build/fault/no_memory.so" "$bin/"$1 > out 2> err || status=$?
			after_exhaustion $status || { echo "$1: $mode $n: status $status"; cat err; return 1; }
			good=$((status == 0 ? good + 1 : 0))
		done
		[ $n -gt 12 ]
	done
}

@test "memory that runs out, anywhere: 70, and ledger and catalog are as before or complete" {
	# A sanitizer has malloc itself.
	bin=$BIN
	case $BIN in */sanitized/*) bin=$ROOT/bin ;; esac
	{ group 00g1 2024 x; people 1 3; } | map_on 2026-01-01T00:00:00Z
	cp out entities
	catalog-emit -q -o catalog.yaml entities
	cp names names.before
	cp catalog.yaml catalog.before
	sed 's/"title":"x"/"title":"y"/' entities > changed
	printf 'a: &x [1, {b: "c"}]\nd: *x\n' > some.yaml
	{ org 2026-01-02T00:00:00Z; group 00g1 2024 y; people 2 4; end 1 3 0; } > in
	exhaust "okta-map -q --names names in"
	no cmp -s names.before names.after
	exhaust "okta-map -q --names missing --names-readonly --names-from catalog.yaml --names-reserved names in"
	exhaust "catalog-emit -q -o catalog.yaml changed"
	no cmp -s catalog.before catalog.after
	exhaust "yaml2json some.yaml"
	# libcrypto allocates thousands of times.
	{ org 2026-01-02T00:00:00Z; user 00u1 2024 bo@a.example; user 00u2 2024 bo@b.example; end 0 2 0; } > in
	exhaust "okta-map -q --names names in" 97
}
