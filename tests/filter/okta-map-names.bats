#!/usr/bin/env bats
# Names are identities: the ledger, and what --collisions=fail refuses.

load org
load records

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# The lines of names, without the header.
ledger() { jq -r 'select(.kind != "Ledger") | [.kind, .name, .id, .since // "-", .left // "-"] | join(" ")' names; }

@test "the first run writes a header and a line a name, for jq and for people" {
	{ group 00g1 2024 'Team Web'; user 00u1 2024 ana.ruiz@a.example; } | map_on 2026-11-24T04:00:00Z
	[ "$(cat names)" = '{"kind":"Ledger","version":1,"oktaUrl":"https://acme.okta.com","namespace":"default","hold":15552000,"fetchedAt":"2026-11-24T04:00:00Z"}
{"kind":"Group","name":"team-web","id":"00g1","since":"2026-11-24T04:00:00Z","oktaNames":["Team Web"]}
{"kind":"User","name":"ana.ruiz","id":"00u1","since":"2026-11-24T04:00:00Z"}' ]
	[ "$(stat -c %a names)" = 600 ]
}

@test "a name once given stays through renames in Okta; with --names-follow it moves, and the old one is held" {
	{ group 00g1 2024 x; user 00u1 2024 ana.ruiz@a.example; } | map_on 2026-01-01T00:00:00Z
	{ group 00g1 2024 y; user 00u1 2024 ana.moreno@a.example; } | map_on 2026-02-01T00:00:00Z
	[ "$(names User)" = '00u1 ana.ruiz' ]
	[ "$(names Group)" = '00g1 x' ]
	{ group 00g1 2024 y; user 00u1 2024 ana.moreno@a.example; user 00u2 2025 ana.ruiz@a.example; } | map_on 2026-03-01T00:00:00Z --names-follow
	[ "$(names User)" = "00u1 ana.moreno
00u2 ana.ruiz-$(suffix 00u2)" ]
	[ "$(names Group)" = '00g1 y' ]
	says 'user 00u1'
	ledger | grep -qx 'User ana.ruiz 00u1 2026-01-01T00:00:00Z 2026-03-01T00:00:00Z'
	# Renamed back, the name is there again; the suffix of the other stays.
	{ group 00g1 2024 y; user 00u1 2024 ana.ruiz@a.example; user 00u2 2025 ana.ruiz@a.example; } | map_on 2026-04-01T00:00:00Z --names-follow
	[ "$(names User)" = "00u1 ana.ruiz
00u2 ana.ruiz-$(suffix 00u2)" ]
}

@test "the name of somebody who left goes to nobody else for 180 days, and comes back with them" {
	{ group 00g1 2024 x; user 00u1 2024 ana.ruiz@a.example; } | map_on 2026-01-01T00:00:00Z
	{ group 00g1 2024 x; user 00u2 2026 ana.ruiz@b.example; } | map_on 2026-02-01T00:00:00Z
	[ "$(names User)" = "00u2 ana.ruiz-$(suffix 00u2)" ]
	says 'user 00u2 is named ana.ruiz-'
	says 'user 00u1'
	ledger | grep -qx 'User ana.ruiz 00u1 2026-01-01T00:00:00Z 2026-02-01T00:00:00Z'
	{ group 00g1 2024 x; user 00u1 2024 ana.ruiz@a.example; user 00u2 2026 ana.ruiz@b.example; } | map_on 2026-03-01T00:00:00Z
	[ "$(names User | head -n 1)" = '00u1 ana.ruiz' ]
	no grep -q '"left"' names
	group 00g1 2024 x | map_on 2026-03-02T00:00:00Z
	{ group 00g1 2024 x; user 00u3 2026 ana.ruiz@c.example; } | map_on 2026-08-28T00:00:00Z
	[ "$(names User)" = "00u3 ana.ruiz-$(suffix 00u3)" ]
	# 180 days after 2 March, in two runs.
	{ group 00g1 2024 x; user 00u3 2026 ana.ruiz@c.example; } | map_on 2026-08-29T00:00:00Z
	{ group 00g1 2024 x; user 00u3 2026 ana.ruiz@c.example; user 00u4 2026 ana.ruiz@d.example; } | map_on 2026-08-30T00:00:00Z
	[ "$(names User)" = "00u3 ana.ruiz-$(suffix 00u3)
00u4 ana.ruiz" ]
}

@test "--name-hold says how long" {
	{ group 00g1 2024 x; user 00u1 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z
	group 00g1 2024 x | map_on 2026-01-02T00:00:00Z --name-hold 2d
	{ group 00g1 2024 x; user 00u2 2024 bo@b.example; } | map_on 2026-01-03T23:00:00Z --name-hold 2d
	[ "$(names User)" = "00u2 bo-$(suffix 00u2)" ]
	rm names
	{ group 00g1 2024 x; user 00u1 2024 bo@a.example; } | map_on 2026-01-01T00:00:00Z
	group 00g1 2024 x | map_on 2026-01-02T00:00:00Z --name-hold 2d
	group 00g1 2024 x | map_on 2026-01-04T00:00:00Z --name-hold 2d
	{ group 00g1 2024 x; user 00u2 2024 bo@b.example; } | map_on 2026-01-04T01:00:00Z --name-hold 2d
	[ "$(names User)" = '00u2 bo' ]
	no grep -q 00u1 names
}

@test "names are stable while others come and go, and under any order" {
	{ user 00uB 2023 ann@b.example; user 00uA 2024 ann@a.example; } > people
	{ group 00g1 2024 x; cat people; } | map_on 2026-01-01T00:00:00Z
	first=$(names User)
	says 'user 00uA is named ann-'
	# An older one with the same name comes, the first holder leaves.
	{ user 00uA 2024 ann@a.example; group 00g1 2024 x; user 00u0 2001 ann@c.example; } | map_on 2026-01-02T00:00:00Z
	[ "$(names User)" = "00u0 ann-$(suffix 00u0)
$(printf '%s\n' "$first" | grep 00uA)" ]
	cp names before
	{ user 00u0 2001 ann@c.example; group 00g1 2024 x; user 00uA 2024 ann@a.example; } | map_on 2026-01-02T00:00:00Z
	cmp names before
	# What was settled once is not told again.
	[ ! -s err ] || ! grep -q 'is named' err
}

@test "people who are filtered out keep their names, who have none get none" {
	{ user 00u1 2024 bo@a.example; user 00u2 2024 cy@a.example x STAGED; group 00g1 2024 x; } | map_on 2026-01-01T00:00:00Z --exclude-status STAGED,SUSPENDED
	no grep -q 00u2 names
	{ user 00u1 2024 bo@a.example bo@a.example SUSPENDED; user 00u3 2024 bo@b.example; group 00g1 2024 x; } | map_on 2026-12-01T00:00:00Z --exclude-status STAGED,SUSPENDED
	[ "$(names User)" = "00u3 bo-$(suffix 00u3)" ]
	ledger | grep -qx 'User bo 00u1 2026-01-01T00:00:00Z -'
}

@test "a person mends the ledger with an editor: the name in it is the name" {
	{ user 00u1 2024 bo@a.example; user 00u2 2025 bo@b.example; group 00g1 2024 x; } | map_on 2026-01-01T00:00:00Z
	jq -c 'if .id == "00u2" then .name = "Bo.Second" else . end' names > mended && mv mended names
	{ user 00u1 2024 bo@a.example; user 00u2 2025 bo@b.example; group 00g1 2024 x; } | map_on 2026-01-02T00:00:00Z --collisions fail
	[ "$(names User)" = '00u1 bo
00u2 Bo.Second' ]
}

@test "a damaged ledger: 65, its line, and nothing is written" {
	while IFS='|' read -r line text; do
		printf '%s\n' '{"kind":"User","name":"bo","id":"00u1"}' "$line" > names
		cp names before
		expect=65 map_on 2026-01-01T00:00:00Z < /dev/null || { echo "$line"; return 1; }
		says "names: line 2: $text" || { echo "$line"; return 1; }
		[ ! -s out ]
		cmp names before
	done <<-'END'
		{"kind":"User","name":"cy","id":"00u2"|cut off
		nonsense|expected one JSON object a line
		|expected one JSON object a line
		{"kind":"Person","name":"cy","id":"00u2"}|expected a "kind"
		{"kind":"User","name":"c y","id":"00u2"}|expected a "name"
		{"kind":"User","name":"cy"}|expected an "id"
		{"kind":"User","name":7,"id":"00u2"}|"kind", "name"
		{"kind":"User","name":"cy","id":"00u2","left":"yesterday"}|"left"
		{"kind":"User","name":"BO","id":"00u2"}|the name BO is in an earlier line
		{"kind":"User","name":"bobby","id":"00u1"}|user 00u1 has the name bo already
	END
	# The kinds of names are apart.
	printf '%s\n' '{"kind":"User","name":"bo","id":"00u1"}' '{"kind":"Group","name":"bo","id":"00g1"}' > names
	map_on 2026-01-01T00:00:00Z < /dev/null
}

@test "the ledger is replaced only after a good End and a good output; unchanged it is not touched" {
	{ user 00u1 2024 bo@a.example; group 00g1 2024 x; } | map_on 2026-01-01T00:00:00Z
	cp -p names before
	{ org; user 00u9 2024 zoe@a.example; } > in
	ends_with 65 okta-map --names names in
	cmp names before
	{ org; user 00u9 2024 zoe@a.example; end 0 1 0; } > in
	run bash -c 'okta-map --names names in > /dev/full'
	[ "$status" -eq 74 ]
	cmp names before
	[ ! -e .names.tmp ]
	touch -d 2020-01-01 names
	{ user 00u1 2024 bo@a.example; group 00g1 2024 x; } | map_on 2026-01-05T00:00:00Z
	[ "$(stat -c %Y names)" -eq "$(date -d 2020-01-01 +%s)" ]
	ln -s names link
	chmod 640 names
	{ user 00u2 2024 cy@a.example; group 00g1 2024 x; } > records
	{ org; cat records; end 0 0 0; } > in
	ends_with 0 okta-map --names link in
	[ -L link ]
	ln -s later dangling
	ends_with 0 okta-map --names dangling in
	[ -L dangling ]
	[ -s later ]
	grep -q 00u2 names
	[ "$(stat -c %a names)" = 640 ]
}

@test "where the ledger cannot be written there is no End" {
	mkdir dir
	{ org; user 00u1 2024 bo@a.example; end 0 1 0; } > in
	ends_with 73 okta-map --names nowhere/names in
	says 'nowhere/.names.tmp'
	no_end
	mkfifo pipe
	ends_with 78 timeout 10 okta-map --names pipe in
	says 'pipe: is no regular file'
	[ -p pipe ]
	if mknod device c 1 3 2> /dev/null; then
		ends_with 78 timeout 10 okta-map --names device in
		[ -c device ]
	fi
	ends_with 64 okta-map --names-follow in
	ends_with 64 okta-map --name-hold 3d in
	ends_with 64 okta-map --names names --name-hold never in
}

@test "--collisions fail: 65, a line each with both ids, nothing written" {
	{ org; user 00uA 2024 ann@a.example; user 00uB 2023 ANN@b.example; user 00uC 2025 ann@c.example; group 00g1 2024 x; group 00g2 2023 X; end 2 3 0; } > in
	ends_with 65 okta-map --collisions fail in
	[ ! -s out ]
	says 'user 00uA claims the name ann: user 00uB has it already'
	says 'user 00uC claims the name ann: user 00uB has it already'
	says 'group 00g1 claims the name x: group 00g2 has it already'
	grep -v '00u[AC]\|00g2' in > fewer
	ends_with 0 okta-map --collisions fail fewer
}

@test "a million names are not needed to see that many collide well: 2,000 of one name are all there" {
	{ org; for i in $(seq 2000); do user "00u$i" 2024 "same@$i.example"; done; end 0 2000 0; } > in
	ends_with 0 okta-map -q in
	[ "$(jq -r 'select(.kind=="User").metadata.name' out | sort -u | wc -l)" -eq 2000 ]
	[ "$(names User | grep -c ' same$')" -eq 1 ]
}

@test "a reader that leaves early: silence, no new ledger, nothing beside it" {
	"$BATS_TEST_DIRNAME/../bench/make-org" --users 3000 > in
	run bash -c 'okta-map -q --names names in | head -c 1; echo "${PIPESTATUS[0]}"'
	[ "$output" = '{141' ]
	[ ! -e names ]
	[ ! -e .names.tmp ]
}

@test "two runs on one ledger: the second is told 75, and no name is lost" {
	{ org; user 00u1 2024 bo@a.example; end 0 1 0; } > in
	{ org; user 00u1 2024 bo@a.example; user 00u2 2024 al@a.example; end 0 2 0; } > more
	env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="${B:-$ROOT/build}/fault/die_at.so" STOP_AT=2 \
		"$BIN/okta-map" -q --names names more > first 3>&- &
	pid=$!
	until [ "$(ps -o stat= -p $pid | cut -c1)" = T ]; do kill -0 $pid; done
	ends_with 75 okta-map --names names in
	says 'names: another run is writing it'
	no_end
	kill -CONT $pid
	wait $pid
	[ "$(ledger | cut -d' ' -f2)" = "$(printf 'al\nbo')" ]
	mkfifo slow
	okta-map --names names slow > out 2> err 3>&- &
	pid=$!
	# Opened to read, too: that waits for nobody, and who never comes is seen below.
	exec 4<> slow
	until ls -l /proc/$pid/fd | grep -q slow; do kill -0 $pid; done
	{ org; user 00u3 2024 cy@a.example; end 0 1 0; } > third
	ends_with 0 okta-map --names names third
	cat in >&4
	exec 4>&-
	status=0
	wait $pid || status=$?
	[ "$status" -eq 75 ]
	[ "$(ledger | cut -d' ' -f2)" = "$(printf 'al\nbo\ncy')" ]
	[ ! -e .names.tmp ]
}

@test "--names-follow and a change of case only: nobody is in their own way" {
	{ group 00g1 2024 Platform; user 00u1 2024 Ana.Ruiz@a.example; } | map_on 2026-01-01T00:00:00Z --group-name profile-name
	jq -c 'del(.oktaNames, .fetchedAt)' names > before
	for day in 01 02 03; do
		{ group 00g1 2024 platform; user 00u1 2024 ana.ruiz@a.example; } | map_on 2026-02-${day}T00:00:00Z --group-name profile-name --names-follow
		[ "$(names User | tr A-Z a-z)" = '00u1 ana.ruiz' ]
		[ "$(names Group | tr A-Z a-z)" = '00g1 platform' ]
		no grep -q keeps err
	done
	jq -c 'del(.oktaNames, .fetchedAt)' names | cmp - before
}

@test "what a person noted in a line stays with the name, and null is nothing" {
	cat > names <<-'END'
		{"kind":"User","name":"ana","id":"00u1","since":"2026-01-01T00:00:00Z","left":null,"comment":"do not \"touch\"","x":{"y":[1, 2]}}
		{"kind":"User","name":"bo","id":"00u2","since":null,"left":"2026-01-02T00:00:00Z","comment":"was a contractor"}
	END
	{ user 00u1 2024 ann@a.example; user 00u3 2024 cy@a.example; } | map_on 2026-02-01T00:00:00Z
	[ "$(names User)" = '00u1 ana
00u3 cy' ]
	[ "$(jq -c 'select(.id=="00u1") | has("left")' names)" = false ]
	for day in 02 03; do
		[ "$(jq -c 'select(.id=="00u1") | .comment, .x' names)" = "$(printf '"do not \\"touch\\""\n{"y":[1,2]}')" ]
		[ "$(jq -c 'select(.id=="00u2") | .comment, .left' names)" = "$(printf '"was a contractor"\n"2026-01-02T00:00:00Z"')" ]
		[ "$(jq -c 'select(.id=="00u3") | keys_unsorted' names)" = '["kind","name","id","since"]' ]
		user 00u3 2024 cy@a.example | map_on 2026-02-${day}T00:00:00Z
	done
	[ "$(jq -c 'select(.id=="00u1") | .comment, .left' names)" = "$(printf '"do not \\"touch\\""\n"2026-02-02T00:00:00Z"')" ]
}

@test "who left, and comes back filtered out, has the name as long as they are there" {
	user 00u1 2024 ana@a.example | map_on 2026-01-01T00:00:00Z
	user 00u9 2024 bo@a.example | map_on 2026-02-01T00:00:00Z
	{ user 00u1 2024 ana@a.example '' SUSPENDED; user 00u9 2024 bo@a.example; } > back
	map_on 2026-03-01T00:00:00Z --exclude-status SUSPENDED < back
	{ cat back; user 00u2 2025 ana@b.example; } | map_on 2027-03-01T00:00:00Z --exclude-status SUSPENDED
	[ "$(names User)" = "00u2 ana-$(suffix 00u2)
00u9 bo" ]
}

@test "--collisions fail refuses exactly two users of one name, and two groups" {
	{ org; user 00uA 2024 ann@a.example; user 00uB 2024 ann@b.example; end 0 2 0; } > in
	ends_with 65 okta-map --collisions fail in
	[ ! -s out ]
	[ "$(wc -l < err)" -eq 1 ]
	says 'user 00uB claims the name ann: user 00uA has it already'
	{ org; group 00gA 2024 x; group 00gB 2024 X; end 2 0 0; } > in
	ends_with 65 okta-map --collisions fail in
	[ ! -s out ]
}

@test "of users created at the same time the one with the lesser id gets the name, in whatever order they come" {
	user 00uA 2024-01-01T00:00:00.000Z ann@a.example > a
	user 00uB 2024-01-01T00:00:00.000Z ann@b.example > b
	user 00uC 2024-01-01T00:00:00.000Z ann@c.example > c
	for order in 'a b c' 'a c b' 'b a c' 'b c a' 'c a b' 'c b a'; do
		{ org; cat $order; end 0 3 0; } > in
		ends_with 0 okta-map in
		[ "$(names User)" = "00uA ann
00uB ann-$(suffix 00uB)
00uC ann-$(suffix 00uC)" ] || { echo "$order"; return 1; }
	done
}

@test "names have at most 63 characters, with a suffix, too" {
	for length in 53 54 55 62 63 64 70; do
		word=$(printf "%${length}s" '' | tr ' ' x)
		{ org; user 00uA 2023 "$word@a.example"; user 00uB 2024 "$word@b.example"; group 00gA 2023 "$word"; group 00gB 2024 "$word"; end 2 2 0; } > in
		ends_with 0 okta-map in
		for kind in u g; do
			[ "$(cat out | jq -r "select(.metadata.annotations[\"okta.com/user-id\", \"okta.com/group-id\"]? == \"00${kind}A\").metadata.name" | head -n 1)" = "$(printf %.63s "$word")" ]
			[ "$(cat out | jq -r "select(.metadata.annotations[\"okta.com/user-id\", \"okta.com/group-id\"]? == \"00${kind}B\").metadata.name" | head -n 1)" = "$(printf %.54s "$word")-$(suffix "00${kind}B")" ]
		done
	done
	# The cut leaves no hyphen at the end of the base.
	word=$(printf '%53s' '' | tr ' ' x)-y
	{ org; user 00uA 2023 "$word@a.example"; user 00uB 2024 "$word@b.example"; end 0 2 0; } > in
	ends_with 0 okta-map in
	[ "$(names User | tail -n 1)" = "00uB ${word%-y}-$(suffix 00uB)" ]
}
