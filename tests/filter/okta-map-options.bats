#!/usr/bin/env bats
# What okta-map's options make of an org: trees, filters, annotations, managers, types.

load org
load records

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "--hierarchy: parents by two attributes, in any order of the input, with children left to the parents" {
	{ unit 00g1 2020 Root '"R"' null; unit 00g2 2021 Mid '"M"' '"R"'; unit 00g3 2022 Leaf 7 '"M"'; unit 00g4 2023 Deep '"D"' 7.0; } > units
	for order in 'cat units' 'tac units'; do
		{ org; $order; end 4 0 0; } > in
		for paths in code:up profile.code:profile.up 'profile["code"]:up'; do
			ends_with 0 okta-map --hierarchy "$paths" in
			[ "$(parents)" = '00g1 -
00g2 group:default/root
00g3 group:default/mid
00g4 group:default/leaf' ]
			[ ! -s err ]
		done
	done
	[ "$(jq -c 'select(.kind=="Group").spec.children' out | sort -u)" = '[]' ]
	ends_with 0 okta-map --hierarchy id:up --namespace okta in
	[ "$(parents | cut -d ' ' -f 2 | sort -u)" = - ]
	# Without a key groups are found by their names, as in RoadieHQ's configuration.
	{ org; unit 00g1 2020 'Root Team' null null; unit 00g2 2021 Mid null '"root-team"'; end 2 0 0; } > in
	ends_with 0 okta-map --hierarchy :profile.up --namespace okta in
	[ "$(parents)" = '00g1 -
00g2 group:okta/root-team' ]
	{ org; unit 00g1 2020 'Root' null null; unit 00g2 2021 Mid null '"00g1"'; end 2 0 0; } > in
	ends_with 0 okta-map --group-name id --hierarchy :profile.up in
	[ "$(parents)" = '00g1 -
00g2 group:default/00g1' ]
}

@test "--hierarchy: a missing parent, a group that is its own, circles: reported, and broken the same way under any order" {
	{ unit 00g1 2020 A '"a"' '"gone"'; unit 00g2 2020 B '"b"' '"b"'
	  unit 00g5 2022 E '"e"' '"f"'; unit 00g6 2021 F '"f"' '"g"'; unit 00g7 2023 G '"g"' '"e"'; unit 00g8 2019 H '"h"' '"g"'; } > units
	for order in 'cat units' 'tac units' 'sort -k 3 units' 'shuf units'; do
		{ org; $order; end 6 0 0; } > in
		ends_with 0 okta-map --hierarchy code:up in
		[ "$(parents | xargs)" = '00g1 - 00g2 - 00g5 group:default/f 00g6 - 00g7 group:default/e 00g8 group:default/g' ]
		says 'group 00g1: its parent gone is not there'
		says 'group 00g2 is its own parent (b)'
		says 'groups 00g6, 00g7, 00g5 are each below the next in a circle: the oldest, 00g6, gets no parent'
		[ "$(wc -l < err)" -eq 3 ]
	done
}

@test "--hierarchy: groups with one key: the oldest, the others reported, in the same lines under any order" {
	{ unit 00g1 2021 A '"k"' null; unit 00g2 2020 B '"k"' null; unit 00g4 2023 D '"k"' null; unit 00g5 2022 E '"b"' null
	  unit 00g6 2024 F '"b"' null; unit 00g3 2022 C '"c"' '"k"'; } > units
	for order in 'cat units' 'tac units' 'sort -k 3 units' 'shuf units'; do
		{ org; $order; end 6 0 0; } > in
		ends_with 0 okta-map --hierarchy code:up in
		[ "$(parents | grep 00g3)" = '00g3 group:default/b' ]
		[ "$(sed 's|^okta-map: warning: ||' err)" = "group 00g5 and group 00g6 have the same key b: the oldest, 00g5, is taken
group 00g2 and group 00g1 have the same key k: the oldest, 00g2, is taken
group 00g2 and group 00g4 have the same key k: the oldest, 00g2, is taken" ]
	done
}

@test "--hierarchy, --manager: keys that are numbers are compared with all their digits, and with text" {
	{ org; unit 00g1 2021 A 12345678901234567890 12345678901234567891; unit 00g2 2020 B 12345678901234567891 null
	  unit 00g3 2020 C 7 '"12345678901234567890"'; unit 00g4 2020 D 8 7.0
	  person 00u1 '"no":9007199254740993,"boss":9007199254740992'; person 00u2 '"no":9007199254740992,"boss":"9007199254740993"'; end 4 2 0; } > in
	ends_with 0 okta-map --hierarchy code:up --manager no:boss in
	[ "$(parents | xargs)" = '00g1 group:default/b 00g2 - 00g3 group:default/a 00g4 group:default/c' ]
	[ "$(annotation 00u1 okta.com/manager) $(annotation 00u2 okta.com/manager)" = 'user:default/00u2 user:default/00u1' ]
	[ ! -s err ]
}

@test "--drop-empty-groups: by subtree" {
	{ org; unit 00g1 2020 Root '"R"' null; unit 00g2 2021 Mid '"M"' '"R"'; unit 00g3 2022 Leaf '"L"' '"M"'; unit 00g4 2023 Bare '"B"' '"M"'
	  unit 00g5 2023 Lone '"O"' null; unit 00g6 2023 Ghosts '"G"' null
	  user 00u1 2024 a@b.c; members 00g3 00u1; members 00g6 00u9; end 6 1 2; } > in
	ends_with 0 okta-map --drop-empty-groups --hierarchy code:up in
	[ "$(parents | xargs)" = '00g1 - 00g2 group:default/root 00g3 group:default/mid' ]
	says '3 groups left out because nobody is in them or below them'
	[ "$(tail -n 1 out | jq .groups)" -eq 3 ]
	ends_with 0 okta-map --drop-empty-groups in
	[ "$(parents | xargs)" = '00g3 -' ]
	# Whoever is filtered out fills no group.
	ends_with 0 okta-map --drop-empty-groups --exclude-status ACTIVE in
	[ "$(parents)" = '' ]
}

@test "--annotate-user: nested paths, arrays, numbers, booleans; nothing for null; keys by default, given, made valid" {
	{ org; person 00u1 '"costCenter":"4711","level":3,"big":9007199254740993,"ratio":1.50,"remote":true,"skills":["c",null,"sh",[1,2]],"none":null,"empty":"",
		"onCall":{"rota":"pay \"ments\"\u00e9"},"a.b":"dotted","odd key!":"odd"' | tr -d '\n'; echo; end 0 1 0; } > in
	ends_with 0 okta-map --annotate-user costCenter --annotate-user level --annotate-user big --annotate-user ratio --annotate-user remote --annotate-user skills \
		--annotate-user 'skills[2]=acme.com/third' --annotate-user none --annotate-user empty --annotate-user nowhere --annotate-user onCall.rota \
		--annotate-user onCall=acme.com/duty --annotate-user '["a.b"]=Acme.COM_x/ is it? ' --annotate-user 'odd key!' --annotate-user profile.login=bare --annotate-user status in
	jq -c 'select(.kind=="User").metadata.annotations | del(.["okta.com/user-id","okta.com/login","okta.com/email"])' out > found
	jq -c . > wanted <<-'END'
		{"okta.com/costCenter":"4711","okta.com/level":"3","okta.com/big":"9007199254740993","okta.com/ratio":"1.5","okta.com/remote":"true","okta.com/skills":"c,,sh,1,2",
		"acme.com/third":"sh","okta.com/empty":"","okta.com/onCall.rota":"pay \"ments\"é","acme.com/duty":"{\"rota\":\"pay \\\"ments\\\"\\u00e9\"}",
		"acme.com-x/is-it":"dotted","okta.com/odd-key":"odd","bare":"00u1@acme.example","okta.com/status":"ACTIVE"}
	END
	diff found wanted
	catalog-emit -q --strict out > /dev/null
}

@test "--annotate-group, and annotations that cannot be: usage errors with the reason" {
	{ org; unit 00g1 2020 A '"a"' 5; end 1 0 0; } > in
	ends_with 0 okta-map --annotate-group code=acme.com/unit --annotate-group up --annotate-group type=acme.com/from in
	[ "$(annotation 00g1 acme.com/unit) $(annotation 00g1 okta.com/up) $(annotation 00g1 acme.com/from)" = 'a 5 OKTA_GROUP' ]
	ends_with 64 okta-map --annotate-group '' in
	ends_with 64 okta-map --annotate-group 'a..b' in
	ends_with 64 okta-map --annotate-group 'a[0' in
	ends_with 64 okta-map --annotate-group 'a=!!' in
	says 'no annotation'
	ends_with 64 okta-map --annotate-group a=x/y --annotate-group b=x/y in
	says 'two attributes for the annotation x/y'
	ends_with 64 okta-map --annotate-user manager=okta.com/email in
	says 'okta.com/email is written by okta-map itself'
}

@test "--manager: an attribute that names a user of the org, by id or by an attribute of theirs" {
	{ org; person 00u1 '"managerId":null,"employeeNumber":"E1"'; person 00u2 '"managerId":"00u1","boss":"e1","employeeNumber":2'
	  person 00u3 '"managerId":"00u3","boss":2.0'; person 00u4 '"managerId":"somebody","boss":"E9"'; end 0 4 0; } > in
	ends_with 0 okta-map --manager managerId in
	[ "$(for u in 1 2 3 4; do annotation 00u$u okta.com/manager; done | xargs)" = 'absent user:default/00u1 absent absent' ]
	says '1 users whose manager is not in the stream'
	says '1 users who are their own manager'
	ends_with 0 okta-map --manager employeeNumber:boss --namespace okta in
	[ "$(for u in 1 2 3 4; do annotation 00u$u okta.com/manager; done | xargs)" = 'absent user:okta/00u1 user:okta/00u2 absent' ]
	ends_with 0 okta-map in
	[ "$(annotation 00u2 okta.com/manager)" = absent ]
	# A manager who is left out is none.
	sed 's/"id":"00u1","status":"ACTIVE"/"id":"00u1","status":"STAGED"/' in > staged
	ends_with 0 okta-map --manager managerId --exclude-status STAGED staged
	[ "$(annotation 00u2 okta.com/manager)" = absent ]
}

@test "group types: one word, by Okta's type, by an attribute" {
	{ org; unit 00g1 2020 A '"squad"' null; unit 00g2 2020 B null null | sed 's/OKTA_GROUP/APP_GROUP/'; unit 00g3 2020 C null null | sed 's/OKTA_GROUP/BUILT_IN/'; end 3 0 0; } > in
	types() { jq -r 'select(.kind=="Group") | .metadata.annotations["okta.com/group-id"] + " " + .spec.type' out | sort | xargs; }
	ends_with 0 okta-map in
	[ "$(types)" = '00g1 group 00g2 group 00g3 group' ]
	ends_with 0 okta-map --group-type team --group-type APP_GROUP=application --group-type BUILT_IN=everyone in
	[ "$(types)" = '00g1 team 00g2 application 00g3 everyone' ]
	ends_with 0 okta-map --group-type team --group-type profile.code --group-type APP_GROUP=application in
	[ "$(types)" = '00g1 squad 00g2 application 00g3 team' ]
	ends_with 64 okta-map --group-type APP_GROUP= in
}

@test "--group-prefix requires, --strip-prefix takes off, --exclude-type leaves out; members of what is left out are not lost in silence" {
	{ org; group 00g1 2020 'okta-Team Web'; group 00g2 2020 'github-admins'; group 00g3 2020 okta-; unit 00g4 2020 okta-apps null null | sed 's/OKTA_GROUP/APP_GROUP/'
	  user 00u1 2024 a@b.c; members 00g1 00u1; members 00g2 00u1; end 4 1 2; } > in
	ends_with 0 okta-map --group-prefix okta- --strip-prefix okta- --strip-prefix okta-Team --exclude-type APP_GROUP,BUILT_IN in
	[ "$(jq -r 'select(.kind=="Group") | .metadata.name + "|" + .metadata.title' out | sort | xargs -d '\n')" = 'okta|okta- web| Web' ]
	says '2 groups left out by --group-prefix or --exclude-type'
	says '1 memberships of groups'
	[ "$(jq -c 'select(.kind=="User").spec.memberOf' out)" = '["group:default/web"]' ]
	ends_with 0 okta-map --group-prefix okta- --group-prefix github- in
	[ "$(tail -n 1 out | jq .groups)" -eq 4 ]
}

@test "a group that is left out has no name: another may have it" {
	{ org; group 00g1 2020 Web; group 00g2 2024 web; user 00u1 2024 a@b.c; members 00g2 00u1; end 2 1 1; } > in
	ends_with 0 okta-map --drop-empty-groups in
	[ "$(names Group)" = '00g2 web' ]
}

@test "--picture: an attribute, also a nested one; titles and departments as annotations" {
	{ org; person 00u1 '"photo":{"url":"https://x.example/1.png"},"title":"Engineer","department":"Pay"'; person 00u2 '"photo":{"url":null}'; person 00u3 '"photo":{"url":5}'; end 0 3 0; } > in
	ends_with 0 okta-map --picture photo.url --annotate-user title --annotate-user department in
	[ "$(jq -c 'select(.kind=="User").spec.profile.picture' out | xargs)" = 'https://x.example/1.png null null' ]
	[ "$(annotation 00u1 okta.com/title) $(annotation 00u1 okta.com/department)" = 'Engineer Pay' ]
}

@test "records of any size wait in an unlinked file; without room for it: 73" {
	note=$(head -c 400000 /dev/zero | tr '\0' n)
	{ org; for i in $(seq 40); do person "00u$i" "\"note\":\"$note\""; done; end 0 40 0; } > in
	ends_with 73 env TMPDIR=/nowhere okta-map --annotate-user note in
	says '/nowhere: no temporary file'
	[ ! -s out ]
	mkdir room
	TMPDIR=$PWD/room ends_with 0 okta-map --annotate-user note in
	[ -z "$(ls room)" ]
	[ "$(jq -r 'select(.kind=="User") | .metadata.name + " " + (.metadata.annotations["okta.com/note"] | length | tostring)' out | sort -u | grep -c ' 400000$')" -eq 40 ]
	# Small ones need no file at all.
	{ org; user 00u1 2024 a@b.c; end 0 1 0; } > in
	TMPDIR=/nowhere ends_with 0 okta-map in
}

@test "the same bytes under any order of the input, with everything switched on" {
	"$BATS_TEST_DIRNAME/../bench/make-org" --users 400 --groups 40 --memberships 1500 > sorted
	"$BATS_TEST_DIRNAME/../bench/make-org" --users 400 --groups 40 --memberships 1500 --order shuffled > shuffled
	cmp -s sorted shuffled && return 1
	for membership in memberOf both; do
		set -- --membership $membership --hierarchy code:parentCode --drop-empty-groups --manager managerId --annotate-user onCall.rota --picture profileUrl
		ends_with 0 okta-map "$@" sorted
		sort err > err.sorted
		cp out out.sorted
		ends_with 0 okta-map "$@" shuffled
		cmp out out.sorted
		sort err | cmp - err.sorted
	done
	catalog-emit -q --strict out > /dev/null
}

@test "memory does not grow with the size of records" {
	python3 -B - <<-'PY'
		import resource, subprocess
		# Many that are large, and few that are huge.
		for users, size in (2500, 40000), (120, 1000000):
		    program = subprocess.Popen(["okta-map", "-q", "--annotate-user", "note"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
		    line = '{"kind":"OktaUser","user":{"id":"00u%d","profile":{"login":"u%d@x.example","email":"u%d@x.example","note":"' + "n" * size + '"}}}\n'
		    program.stdin.write(b'{"kind":"OktaOrg","version":1}\n')
		    for i in range(users):
		        program.stdin.write((line % (i, i, i)).encode())
		    program.stdin.write(b'{"kind":"End"}\n')
		    program.stdin.close()
		    assert program.wait() == 0
		print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open("kilobytes", "w"))
	PY
	# A hundred megabytes went through, each time. What the parent had counts in, and the sanitizers' own memory is not ours.
	case $BIN in *sanitized*) ;; *) [ "$(cat kilobytes)" -lt 24576 ] || { cat kilobytes; return 1; } ;; esac
}
