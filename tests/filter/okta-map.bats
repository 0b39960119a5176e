#!/usr/bin/env bats
# okta-map as it stands in a pipe.

load org
load records

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "a user and a group as Backstage wants them" {
	{ org; group 00g1 2024 'Team Web'; members 00g1 00u1; user 00u1 2024 ana.ruiz@acme.example; end 1 1 1; } > in
	ends_with 0 okta-map in
	[ "$(jq -c 'select(.kind=="User")' out)" = '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"ana.ruiz","title":"F L","annotations":{"okta.com/user-id":"00u1","okta.com/login":"ana.ruiz@acme.example","okta.com/email":"ana.ruiz@acme.example"}},"spec":{"profile":{"displayName":"F L","email":"ana.ruiz@acme.example"},"memberOf":["group:default/team-web"]}}' ]
	[ "$(jq -c 'select(.kind=="Group")' out)" = '{"apiVersion":"backstage.io/v1alpha1","kind":"Group","metadata":{"name":"team-web","title":"Team Web","description":"d","annotations":{"okta.com/group-id":"00g1","okta.com/group-type":"OKTA_GROUP"}},"spec":{"type":"group","profile":{"displayName":"Team Web"},"children":[]}}' ]
	[ "$(tail -n 1 out)" = '{"kind":"End","groups":1,"users":1,"id":"default","oktaUrl":"https://acme.okta.com","fetchedAt":"2026-11-24T04:00:00Z","calls":3,"waitedSeconds":0}' ]
	[ ! -s err ]
}

@test "two never share a name, whatever the order: the older keeps it" {
	{ user 00uB 2023 ann@b.example; user 00uA 2024 ann@a.example; user 00uC 2024 ANN@c.example; } > people
	for order in 'cat people' 'tac people' 'sort people' 'sort -r people'; do
		{ org; $order; group 00g1 2024 x; end 1 3 0; } > in
		ends_with 0 okta-map in
		[ "$(names User)" = "00uA ann-$(suffix 00uA)
00uB ann
00uC ANN-$(suffix 00uC)" ]
		cp out "$(echo "$order" | tr -d ' ')"
	done
	cmp catpeople tacpeople
	cmp catpeople sortpeople
	cmp catpeople sort-rpeople
	says 'user 00uA is named ann-'
}

@test "a name that a suffix would make may be taken already" {
	suffix=$(suffix 00uA)
	{ org; user 00uB 2023 ann@b.example; user 00uA 2024 ann@a.example; user 00uD 2025 "ann-$suffix@d.example"; group 00g1 2024 x; end 1 3 0; } > in
	ends_with 0 okta-map in
	[ "$(jq -r 'select(.kind=="User").metadata.name' out | sort -u | wc -l)" -eq 3 ]
	[ "$(names User | grep 00uD)" = "00uD ann-$suffix" ]
}

@test "memberships: memberOf, members, both; of strangers counted, never dangling" {
	{ org; members 00g1 00u1 00u9; members 00g1 00u1; members 00g9 00u1; group 00g1 2024 x; user 00u1 2024 a@b.c; end 2 2 4; } > in
	ends_with 0 okta-map --membership both in
	[ "$(jq -c 'select(.kind=="User").spec.memberOf, select(.kind=="Group").spec.members' out | xargs)" = "[user:default/a] [group:default/x]" ]
	says '1 memberships of users who are not in the stream'
	says '1 memberships of groups that are not in the stream'
	says 'a filter changed the stream'
	ends_with 0 okta-map --membership members --namespace okta in
	[ "$(jq -c 'select(.kind=="User").spec.memberOf, select(.kind=="Group").spec.members' out | xargs)" = "[user:okta/a] []" ]
}

@test "users of a status can be left out" {
	{ org; group 00g1 2024 x; user 00u1 2024 a@b.c; user 00u2 2024 b@b.c b@b.c SUSPENDED; members 00g1 00u1 00u2; end 1 2 2; } > in
	ends_with 0 okta-map --exclude-status 'staged, Suspended' in
	cp out loose
	ends_with 0 okta-map --exclude-status STAGED,SUSPENDED in
	cmp out loose
	[ "$(names User)" = '00u1 a' ]
}

@test "a status or type that Okta does not have is a mistake, told with those that it has" {
	{ org; group 00g1 2024 x; user 00u1 2024 a@b.c; end 1 1 0; } > in
	ends_with 64 okta-map --exclude-status 'STAGED, SUSPENDD' in
	says 'Okta has no SUSPENDD, but STAGED, PROVISIONED, ACTIVE, RECOVERY, PASSWORD_EXPIRED, LOCKED_OUT, SUSPENDED, DEPROVISIONED'
	ends_with 64 okta-map --exclude-type APP_GROUPS in
	says 'Okta has no APP_GROUPS, but OKTA_GROUP, APP_GROUP, BUILT_IN'
	ends_with 0 okta-map --exclude-type 'built_in , okta_group ' --exclude-status LOCKED_OUT --exclude-status ' active,' in
	[ "$(tail -n 1 out | jq -c '[.groups, .users]')" = '[0,0]' ]
}

@test "a deactivated user is as if there were none: no name, no e-mail, no hold on what others have" {
	{ org; user 00u1 2020 ana@b.c ana@b.c DEPROVISIONED; user 00u2 2024 ana@b.c; group 00g1 2024 x; members 00g1 00u1 00u2; end 1 2 2; } > in
	ends_with 0 okta-map --names ledger in
	[ "$(names User)" = '00u2 ana' ]
	[ "$(annotation 00u2 okta.com/email)" = ana@b.c ]
	says '1 users left out who are deactivated in Okta (DEPROVISIONED)'
	says '1 memberships of users who are not in the stream'
	[ "$(wc -l < err)" -eq 2 ]
	# Who was there and is deactivated now has left: the name is held, and comes back with its holder.
	{ org 2026-11-25T04:00:00Z; user 00u2 2024 ana@b.c ana@b.c DEPROVISIONED; user 00u3 2025 ana@b.c; group 00g1 2024 x; end 1 2 0; } > in
	ends_with 0 okta-map --names ledger in
	[ "$(names User)" = "00u3 ana-$(suffix 00u3)" ]
	[ "$(jq -r 'select(.id == "00u2") | .left' ledger)" = 2026-11-25T04:00:00Z ]
}

@test "an entity that is too long to be a record is told where it is made, and nothing is whole" {
	{ org; user 00u1 2024 a@b.c; group 00g1 2024 x; } > in
	python3 -c 'print("""{"kind":"OktaGroup","group":{"id":"00g2","created":"2024","type":"OKTA_GROUP","profile":{"name":"big","description":"%s"}}}""" % ("x" * 40000000))' >> in
	end 2 1 0 >> in
	ends_with 0 okta-map in
	{ org; group 00g1 2024 x; } > in
	python3 -c 'print("""{"kind":"OktaUser","user":{"id":"00u2","created":"2024","profile":{"login":"big@b.c","displayName":"%s"}}}""" % ("x" * 40000000))' >> in
	end 1 1 0 >> in
	ends_with 65 okta-map --user-name id in
	says 'user 00u2 (00u2): its entity has 77 MiB, and a record has at most 64: shorten'
	no_end
}

@test "a user twice is an error, also one who is left out" {
	{ org; user 00u1 2024 a@b.c a@b.c STAGED; user 00u1 2024 a@b.c; end 0 1 0; } > in
	ends_with 65 okta-map --exclude-status STAGED in
	says 'line 3: user 00u1 came already in line 2'
}

@test "memberships that a filter took away are told" {
	{ org; group 00g1 2024 x; user 00u1 2024 a@b.c; end 1 1 7; } > in
	ends_with 0 okta-map in
	says '0 memberships, where okta-fetch wrote 7'
}

@test "names that the rule cannot give: the Okta id, and a line" {
	{ org; group 00g1 2024 '研究'; user 00u1 2024 ''; end 1 1 0; } > in
	ends_with 0 okta-map in
	[ "$(names User)" = '00u1 00u1' ]
	[ "$(names Group)" = '00g1 00g1' ]
	says 'group 00g1'
}

@test "naming rules by option" {
	{ org; group 00g1 2024 'Team Web'; user 00u1 2024 Jane+x@Sub.example; end 1 1 0; } > in
	ends_with 0 okta-map --user-name slugify-email --group-name id in
	[ "$(names User)" = '00u1 janex-sub.example' ]
	[ "$(names Group)" = '00g1 00g1' ]
	ends_with 0 okta-map --user-name kebab-case-email --group-name profile.description in
	[ "$(names User)" = '00u1 jane-x-sub-example' ]
	[ "$(names Group)" = '00g1 d' ]
}

@test "no End, an Abort, two streams, a cut line: 65, the reason, nothing written" {
	{ org; user 00u1 2024 a@b.c; group 00g1 2024 x; end 1 1 0; } > good
	head -n -1 good > in; ends_with 65 okta-map in; says 'without End'; says 'filter'; [ ! -s out ]
	cat good good > in; ends_with 65 okta-map in; says 'in: line 5'; says 'End of line 4'; [ ! -s out ]
	{ head -n 2 good; printf '{"kind":"Abort","message":"it broke"}\n'; tail -n 2 good; } > in; ends_with 65 okta-map in; says 'it broke'; [ ! -s out ]
	head -c -5 good > in; ends_with 65 okta-map in; says 'cut off'; [ ! -s out ]
	: > in; ends_with 65 okta-map in; says 'is empty'; [ ! -s out ]
	ends_with 65 okta-map nowhere; says 'nowhere'
}

@test "what is wrong in a line is said with its number" {
	while IFS='|' read -r line text; do
		{ org; printf '%s\n' "$line"; end 0 0 0; } > in
		ends_with 65 okta-map in || { echo "$line"; return 1; }
		says "in: line 2: $text" || { echo "$line"; return 1; }
		[ ! -s out ]
	done <<-'END'
		{"kind":"OktaUser"}|a record of kind OktaUser without an object "user"
		{"kind":"OktaUser","user":{"id":5}}|a user without an id
		{"kind":"OktaUser","user":{"id":"00u1"}}|user 00u1 without an object "profile"
		{"kind":"OktaUser","user":{"id":"00u1","profile":{"email":7}}}|email: found 7, expected a string
		{"kind":"OktaGroup","group":{"id":"00g1","profile":"x"}}|group 00g1 without an object "profile"
		{"kind":"OktaGroup","group":{"id":"00g1","profile":{"name":["x"]}}}|name: found ["x"], expected a string
		{"kind":"OktaThing"}|kind OktaThing
		{"kind":"OktaOrg","version":2}|version 2
		{"user":{}}|no "kind"
		[1]|found [1], expected one JSON object a line
		{"kind":"OktaUser","user":{}|byte
		{"kind":"OktaMembers","groupId":"g"}|a record of kind OktaMembers
	END
	{ org; user 00u1 2024 a@b.c; user 00u1 2024 a@b.c; end 0 0 0; } > in
	ends_with 65 okta-map in
	says 'line 3: user 00u1 came already in line 2'
}

@test "jq between the stages: a filter works, a failing recipe aborts" {
	{ org; group 00g1 2024 x; user 00u1 2024 a@b.c; user 00u2 2024 b@b.c b@b.c SUSPENDED; end 1 2 0; } > in
	jq -c 'select(.kind != "OktaUser" or .user.status == "ACTIVE")' in | okta-map > out
	[ "$(names User)" = '00u1 a' ]
	jq -c 'try (if .kind == "OktaUser" and .user.status != "ACTIVE" then error("no such thing") else . end) catch {kind:"Abort",message:.}' in > in2
	ends_with 65 okta-map in2
	says 'no such thing'
}

@test "full disk: 74; a reader that left: silence; --help on a screen" {
	{ org; group 00g1 2024 x; user 00u1 2024 a@b.c; end 1 1 0; } > in
	run bash -c 'okta-map in > /dev/full'
	[ "$status" -eq 74 ]
	ends_with 0 okta-map --help
	[ "$(wc -l < out)" -le 36 ]
	ends_with 64 okta-map --namespace UPPER in
	ends_with 64 okta-map --user-name nonsense in
}

# A user of so many bytes a line, by a note that nobody reads.
user_of() {
	python3 -c 'import sys
line = "{\"kind\":\"OktaUser\",\"user\":{\"id\":\"00u1\",\"created\":\"2024\",\"profile\":{\"login\":\"a@b.c\",\"email\":\"a@b.c\",\"note\":\"%s\"}}}"
print(line % ("x" * (int(sys.argv[1]) - len(line) + 2)))' "$1"
}

@test "a line of 64 MiB is read, one of a byte more is not" {
	{ org; user_of $((64 * 1024 * 1024)); group 00g1 2024 x; end 1 1 0; } > in
	ends_with 0 okta-map in
	[ "$(names User)" = '00u1 a' ]
	{ org; user_of $((64 * 1024 * 1024 + 1)); group 00g1 2024 x; end 1 1 0; } > in
	ends_with 65 okta-map in
	says 'line 2: longer than 64 MiB, the most a record may have'
	[ ! -s out ]
}

@test "lines are found wherever what is read ends, and each has its number" {
	{ org; seq 3000 | while read -r n; do user "00u$n" 2024 "person$n@b.c"; done; group 00g1 2024 x; end 1 3000 0; } > in
	okta-map < in > whole
	for size in 1 7 4095 4097 131073; do
		dd if=in obs="$size" status=none | okta-map > out
		cmp whole out
		sed '2900s/.*/{"kind":"OktaUser","user":{]}/' in | dd obs="$size" status=none | { ! okta-map > out 2> err; }
		says 'line 2900: byte 28: '
		[ ! -s out ]
	done
}

@test "a byte order mark is called by its name" {
	{ printf '\357\273\277'; org; end 0 0 0; } > in
	ends_with 65 okta-map in
	says 'line 1: begins with a byte order mark'
}
