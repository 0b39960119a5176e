#!/usr/bin/env bats
# catalog-emit: what is published is whole, right and sorted, or as it was.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# entity KIND NAME ID [MEMBEROF]
user() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"%s","annotations":{"okta.com/user-id":"%s"}},"spec":{"memberOf":[%s]}}\n' "$1" "$2" "${3:-}"; }
group() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"Group","metadata":{"name":"%s","annotations":{"okta.com/group-id":"%s"}},"spec":{"type":"group","children":[]}}\n' "$1" "$2"; }
end() { printf '{"kind":"End","id":"default","oktaUrl":"https://acme.okta.com"}\n'; }
company() { group web 00g1; for n in $(seq 1 "${1:-20}"); do user "person$n" "00u$n" '"group:default/web"'; done; }

@test "first line, index lines, sorted, the same for any order" {
	{ company 5; end; } > in
	ends_with 0 catalog-emit in
	[ "$(head -n 2 out)" = '# catalog-emit 1 id=default org=https://acme.okta.com
--- # group:default/web 00g1' ]
	grep -qx 'kind: User' out
	cp out first
	{ company 5 | shuf; end; } > in
	ends_with 0 catalog-emit in
	cmp out first
}

@test "published aside and renamed; untouched when unchanged; summary of what changed" {
	{ company; end; } > in
	ends_with 0 catalog-emit -o org.yaml in
	says 'first publication: 1 group, 20 users'
	[ "$(stat -c %a org.yaml)" = 644 ]
	before=$(stat -c '%i %Y %y' org.yaml)
	ends_with 0 catalog-emit -o org.yaml in
	says 'unchanged'
	[ "$(stat -c '%i %Y %y' org.yaml)" = "$before" ]
	chmod 600 org.yaml
	{ company 19 | sed 's/person3"/person-three"/; s/"person4","annotations"/"person4","title":"Four","annotations"/'; user new 00uNew; end; } > in
	ends_with 0 catalog-emit -o org.yaml --summary-file sum.json in
	says '1 added, 1 renamed, 1 changed, 1 removed (user:default/person20)'
	[ "$(stat -c %a org.yaml)" = 600 ]
	[ "$(jq -c '[.added, .renamed, .changed, .removed]' sum.json)" = '[["user:default/new"],[{"from":"user:default/person3","to":"user:default/person-three"}],["user:default/person4"],["user:default/person20"]]' ]
	[ -z "$(ls -A | grep tmp)" ]
}

@test "no End, Abort, two streams, duplicates, a bad line: status 65, the file as it was" {
	{ company; end; } > in
	catalog-emit -q -o org.yaml in
	cp -p org.yaml before
	{ company; } > bad; ends_with 65 catalog-emit -o org.yaml bad; says 'without End'
	{ company; printf '{"kind":"Abort","message":"why not"}\n'; end; } > bad; ends_with 65 catalog-emit -o org.yaml bad; says 'why not'
	cat in in > bad; ends_with 65 catalog-emit -o org.yaml bad; says 'two streams'
	{ company; user PERSON1 00uX; end; } > bad; ends_with 65 catalog-emit -o org.yaml bad; says 'bad: line 2 and bad: line 22'
	{ company; echo '{'; end; } > bad; ends_with 65 catalog-emit -o org.yaml bad; says 'bad: line 22'
	{ echo '{"kind":"OktaUser","user":{}}'; end; } > bad; ends_with 65 catalog-emit -o org.yaml bad; says 'put okta-map between'
	cmp org.yaml before
	[ "$(stat -c %Y org.yaml)" = "$(stat -c %Y before)" ]
}

@test "the guard: more than a tenth gone is refused, --force lets it pass once" {
	{ company 200; end; } > in
	catalog-emit -q -o org.yaml in
	cp org.yaml before
	{ company 179; end; } > less
	ends_with 79 catalog-emit -o org.yaml less
	says '--force'; says 'user:default/person180'
	cmp org.yaml before
	ends_with 79 catalog-emit -o org.yaml --max-removals 20 less
	ends_with 0 catalog-emit -o org.yaml --max-removals 25 less
	end > none
	ends_with 79 catalog-emit -o org.yaml --max-removals 100% none
	{ company 200 | sed 's/person/people/'; end; } > renamed
	ends_with 79 catalog-emit -o before renamed
	ends_with 0 catalog-emit -o before --force renamed
	{ company 179 | sed 's/"group:default.web"//'; end; } > alone
	ends_with 79 catalog-emit -o org.yaml alone
	ends_with 79 catalog-emit -o fresh.yaml --require-base in
	[ ! -e fresh.yaml ]
}

@test "a file of another org, or not ours, is not replaced" {
	{ company; end; } > in
	echo 'kind: Location' > theirs.yaml
	ends_with 65 catalog-emit -o theirs.yaml in
	says 'not written by catalog-emit'
	[ "$(cat theirs.yaml)" = 'kind: Location' ]
	catalog-emit -q -o org.yaml in
	{ company; printf '{"kind":"End","id":"other","oktaUrl":"https://acme.okta.com"}\n'; } > in2
	ends_with 65 catalog-emit -o org.yaml in2
	says 'provider default, this is other'
}

@test "a provider switched to another org is told in every form that has a place for it; one that names none does not take over" {
	{ company; end; } > in
	{ company | sed 's/"00[ug]/&X/'; end | sed 's/acme/emea/'; } > emea
	{ company; end | sed 's/,"oktaUrl".*/}/'; } > no_org
	{ company; echo '{"kind":"End"}'; } > nobody
	for options in '' '-f yaml-flow' '--split 3' '-f mutation' '-f mutation --location-key mine'; do
		rm -rf org.yaml org
		catalog-emit -q $options -o org.yaml in
		cp org.yaml before
		ends_with 65 catalog-emit $options -o org.yaml emea
		says 'is the catalog of the org https://acme.okta.com, this is https://emea.okta.com'
		ends_with 65 catalog-emit $options -o org.yaml no_org
		says "is the catalog of the org https://acme.okta.com, and no stream's End says what this is of"
		ends_with 65 catalog-emit $options -o org.yaml nobody
		says "is the catalog of provider default, and no stream's End says what this is of"
		cmp org.yaml before
		ends_with 0 catalog-emit $options -o org.yaml --force nobody
		ends_with 0 catalog-emit $options -o org.yaml nobody
		ends_with 0 catalog-emit $options -o org.yaml in
		cmp org.yaml before
	done
	catalog-emit -q -f mutation -o m.json in
	[ "$(jq -c '[.type, .id, .oktaUrl, (.entities | length)]' m.json)" = '["full","default","https://acme.okta.com",21]' ]
	sed -i '1s/.*/{"type":"full","entities":[/' m.json
	ends_with 0 catalog-emit -f mutation -o m.json <(sed 's/acme/emea/' in)
	ends_with 65 catalog-emit -f mutation -o m.json <(sed 's/emea/acme/' emea)
}

@test "an entity that Backstage would refuse keeps its last form, or is left out, or fails" {
	{ company 3; end; } > in
	catalog-emit -q -o org.yaml in
	{ company 3 | sed 's/"name":"person2",/"name":"person2","title":"",/'; user 'bad name' 00uBad; end; } > in2
	ends_with 0 catalog-emit -o org.yaml in2
	says 'in2: line 3: user:default/person2: Backstage would refuse it: metadata.title'
	says 'left out'
	says '2 invalid, of which 1 keep their last form'
	[ "$(grep -c '^--- #' org.yaml)" -eq 4 ]
	ends_with 65 catalog-emit --strict -o org.yaml in2
}

@test "an entity whose name became invalid keeps its last form by its Okta id, and nobody gets that of somebody else" {
	{ group web 00g1; user ana 00uA '"web"'; user ben 00uB '"web"'; user cy 00uC; end; } > in
	for format in yaml yaml-flow json mutation; do
		catalog-emit -q -f $format -o org.$format in
		cp org.$format before
		# ana's name is none any longer, ben has none at all; the group's new name is none either, and cy refers to it
		{ group web 00g1; user 'an a' 00uA '"web"'; user '' 00uB '"web"'; user cy 00uC; end; } > in2
		ends_with 0 catalog-emit -f $format -o org.$format --summary-file sum.json in2
		says 'in2: line 2: user:default/an a: Backstage would refuse it'
		says 'its last published form stays, as user:default/ana'
		says 'in2: line 3: an entity without a name'
		says 'unchanged: 1 group, 3 users; 2 invalid, of which 2 keep their last form'
		[ "$(jq -c '[.kept, .invalidRefs]' sum.json)" = '[2,["user:default/an a"]]' ]
		cmp org.$format before
		{ group 'we b' 00g1; user ana 00uA '"web"'; user ben 00uB '"we b"'; user cy 00uC; end; } > in3
		ends_with 0 catalog-emit -f $format -o org.$format in3
		says 'its last published form stays, as group:default/web'
		says '0 removed; 1 invalid, of which 1 keep their last form; 1 ref to what is left out dropped'
		cp before org.$format
		# 00uA is ana2 now, and somebody else, who is invalid, is called ana: neither has the form of ana
		{ group web 00g1; user ana2 00uA '"web"'; user ana 00uX | sed 's/"name"/"title":"",&/'; user ben 00uB '"web"'; user cy 00uC; end; } > in4
		ends_with 0 catalog-emit -f $format -o org.$format in4
		says 'left out'
		says '0 added, 1 renamed, 0 changed, 0 removed; 1 invalid, of which 0 keep'
		cp before org.$format
		# the same person twice in the stream, once invalid: published once
		{ group web 00g1; user ana2 00uA '"web"'; user ana 00uA | sed 's/"name"/"title":"",&/'; user ben 00uB '"web"'; user cy 00uC; end; } > in5
		ends_with 0 catalog-emit -f $format -o org.$format in5
		[ "$(grep -c 00uA org.$format)" -eq "$(grep -c 00uB org.$format)" ]
		cp before org.$format
		# ana and somebody invalid change places: ana's form stays, the other's entity is left out
		{ group web 00g1; user 'an a' 00uA '"web"'; user ana 00uX | sed 's/"name"/"title":"",&/'; user ben 00uB '"web"'; user cy 00uC; end; } > in6
		ends_with 0 catalog-emit -f $format -o org.$format in6
		says '2 invalid, of which 1 keep their last form'
		cmp org.$format before
	done
	catalog-emit -q --split 3 -o parts.yaml in
	cp -r parts parts_before
	ends_with 0 catalog-emit --split 3 -o parts.yaml in2
	says unchanged
	diff -r parts parts_before
}

@test "a kind in other letters is no kind of Backstage's; a label is no Okta id" {
	{ group web 00g1; user ana 00u1; user ben 00u2; end; } > in
	catalog-emit -q -f json -o org.json in
	cp org.json before
	{ group web 00g1 | sed s/Group/GROUP/; user ana 00u1 | sed s/User/user/; user ben 00u2; end; } > bad
	ends_with 65 catalog-emit --check bad
	says 'line 1: group:default/web: Backstage would refuse it: kind: expected Group, with these capitals'
	says 'line 2: user:default/ana: Backstage would refuse it: kind: expected User, with these capitals'
	ends_with 0 catalog-emit -f json -o org.json bad
	says 'unchanged: 1 group, 2 users; 2 invalid, of which 2 keep their last form'
	cmp org.json before
	user ben 00u2 | sed 's/"metadata":{/&"labels":{"okta.com\/user-id":"00u1"},/' > labelled
	user cy 00u3 | sed 's/"annotations":{[^}]*}/&,"labels":{"okta.com\/user-id":"00u1"}/' >> labelled
	end >> labelled
	ends_with 0 catalog-emit labelled
	grep -qx -- '--- # user:default/ben 00u2' out
	grep -qx -- '--- # user:default/cy 00u3' out
}

# mail NAME ID EMAIL [NAMESPACE]: a user with an e-mail
mail() { user "$1" "$2" | sed "s|\"okta.com.user-id\"|\"okta.com/email\":\"$3\",&|; s|\"metadata\":{|&\"namespace\":\"${4:-default}\",|"; }

@test "users of more than one input who carry one e-mail are named in one line and counted" {
	{ group web 00g1 | sed 's|"okta.com.group-id"|"okta.com/email":"ana@acme.com",&|'; mail ana 00uA ana@acme.com; mail ben 00uB ben@acme.com; user cy 00uC; user di 00uD; end; } > one
	{ mail ana 00eA Ana@ACME.com emea; mail eve 00eE eve@acme.com emea; mail fay 00eF fay@acme.com emea; end; } > two
	for format in yaml yaml-flow json mutation; do
		rm -f org
		ends_with 0 catalog-emit -f $format -o org --summary-file sum.json one two
		says '2 users carry okta.com/email ana@acme.com, and Backstage refuses to sign in any of them by e-mail: user:default/ana (one: line 2), user:emea/ana (two: line 1): give each an address of its own in Okta, or let users sign in by Okta id'
		[ "$(grep -c 'users carry' err)" -eq 1 ]
		says 'first publication: 1 group, 7 users; 1 e-mail is carried by several users'
		[ "$(jq -c .sharedEmails sum.json)" = '[["user:default/ana","user:emea/ana"]]' ]
		# an entity that keeps its last form carries what that has
		sed '1s/"name"/"title":"",&/' two > kept
		ends_with 0 catalog-emit -f $format -o org --summary-file sum.json one kept
		says 'its last published form stays'
		says '2 users carry okta.com/email ana@acme.com, '
		says ': user:default/ana (one: line 2), user:emea/ana (kept: line 1): '
		{ sed 's/eve@/ben@/; s/fay@/BEN@/' two | grep -v End; end; } > three
		ends_with 0 catalog-emit -f $format -o org --summary-file sum.json three one
		says '3 users carry okta.com/email ben@acme.com, '
		says ': user:default/ben (one: line 3), user:emea/eve (three: line 2), user:emea/fay (three: line 3): '
		[ "$(grep -c 'users carry' err)" -eq 2 ]
		says '2 e-mails are carried by several users'
		[ "$(jq -c .sharedEmails sum.json)" = '[["user:default/ana","user:emea/ana"],["user:default/ben","user:emea/eve","user:emea/fay"]]' ]
	done
	ends_with 0 catalog-emit --check one two
	says '2 users carry okta.com/email'
	# A line for each address; the first twenty users are named.
	{ for n in $(seq 24); do mail a$n 00u$n x@y; mail b$n 00v$n "$((n / 2))@y"; done; echo '{"kind":"End"}'; } > many
	ends_with 0 catalog-emit many
	[ "$(grep -c 'users carry' err)" -eq 12 ]
	says '24 users carry okta.com/email x@y, '
	says ' and 4 more: give'
	# Addresses are equal as JavaScript's lower case has them.
	{ mail a 00uA ΟΔΟΣ@acme.com; mail b 00uB οδος@acme.com; mail c 00uC οδοσ@acme.com; mail d 00uD İ@acme.com; mail e 00uE i̇@acme.com; mail f 00uF i@acme.com; end; } > words
	ends_with 0 catalog-emit --summary-file sum.json -o words.yaml words
	[ "$(jq -c '.sharedEmails | sort' sum.json)" = '[["user:default/a","user:default/b"],["user:default/d","user:default/e"]]' ]
	ends_with 0 catalog-emit one <(jq -c 'try (if .kind == "User" then del(.metadata.annotations["okta.com/email"]) else . end) catch {kind: "Abort", message: .}' two)
	[ "$(grep -c 'users carry' err)" -eq 0 ]
}

@test "an e-mail that users of one org share is reported only with -v, for okta-map has named them, and is counted" {
	{ mail ana 00uA box@acme.com; mail ben 00uB Box@acme.com; mail cy 00uC cy@acme.com; end; } > one
	shared='2 users carry okta.com/email box@acme.com, '
	for format in yaml yaml-flow json mutation; do
		rm -f org
		ends_with 0 catalog-emit -f $format -o org --summary-file sum.json one
		no grep -q 'users carry' err
		says '1 e-mail is carried by several users'
		[ "$(jq -c .sharedEmails sum.json)" = '[["user:default/ana","user:default/ben"]]' ]
		ends_with 0 catalog-emit -v -f $format -o org one
		says "$shared"
		# okta-map has not seen the form in which an invalid entity stays published.
		sed '2s/"name"/"title":"",&/; 2s/Box@/ben@/' one > kept
		ends_with 0 catalog-emit -f $format -o org kept
		says 'its last published form stays'
		says "$shared"
	done
	# A stream whose End names no org is not okta-map's.
	sed 's/,"oktaUrl":[^}]*//' one > other
	ends_with 0 catalog-emit other
	says "$shared"
	# Each address is judged by its own users.
	{ mail eve 00eE cy@acme.com emea; end | sed 's/default/emea/'; } > two
	ends_with 0 catalog-emit one two
	says '2 users carry okta.com/email cy@acme.com, '
	no grep -q "$shared" err
}

@test "only the annotation okta.com/email of a last published form is an e-mail, in every form" {
	odd() { user "$1" "$2" | sed 's|"metadata":{|&"labels":{"okta.com/email":"label"},|; s|"spec":{|&"other":{"okta.com/email":"ana@acme.com"},|'; }
	{ mail ana 00uA ana@acme.com; odd ben 00uB; odd cy 00uC; end; } > in
	{ mail ana 00uA ana@acme.com; mail di 00uD label; odd ben 00uB; odd cy 00uC; end; } | sed '3,4s/"name"/"title":"",&/' > kept
	for format in yaml yaml-flow json mutation; do
		rm -f org
		catalog-emit -q -f $format -o org in
		ends_with 0 catalog-emit -f $format -o org --summary-file sum.json kept
		says '2 invalid, of which 2 keep their last form'
		[ "$(jq -c .sharedEmails sum.json)" = '[]' ]
		no grep -q 'users carry' err
	done
}

@test "two orgs as operands; one bad operand publishes nothing" {
	{ group web 00g1; user a 00u1; end; } > one
	{ user b 00u2; end; } > two
	ends_with 0 catalog-emit -o org.yaml one two
	[ "$(grep -c '^--- #' org.yaml)" -eq 3 ]
	user b 00u2 > two
	ends_with 65 catalog-emit -o org2.yaml one two
	[ ! -e org2.yaml ]
}

@test "operands in another order give the same bytes; one more is no other provider, another one is" {
	org_of() { printf '{"kind":"End","id":"%s","oktaUrl":"https://%s.okta.com"}\n' "$1" "$1"; }
	{ user a 00u1; org_of acme; } > acme
	{ user b 00u2; org_of emea; } > emea
	{ user c 00u3; org_of asia; } > asia
	{ user d 00u4; echo '{"kind":"End"}'; } > by_hand
	for format in yaml json mutation; do
		catalog-emit -q -f $format acme emea by_hand > order
		for operands in 'emea acme by_hand' 'by_hand emea acme' 'by_hand acme emea'; do
			catalog-emit -q -f $format $operands | cmp - order
		done
	done
	ends_with 0 catalog-emit -o org.yaml emea acme
	ends_with 0 catalog-emit -o org.yaml acme emea
	says unchanged
	[ "$(head -n 1 org.yaml)" = '# catalog-emit 1 id=acme org=https://acme.okta.com' ]
	catalog-emit -q -o emea.yaml emea
	ends_with 0 catalog-emit -o emea.yaml emea acme
	says '1 added, 0 renamed, 0 changed, 0 removed'
	ends_with 65 catalog-emit -o org.yaml emea asia
	says 'is the catalog of provider acme, this is asia'
}

@test "a base elsewhere may have another layout or form: it is not replaced" {
	{ company 40; end; } > in
	{ company 20; end; } > less
	catalog-emit -q --split 3 -o parts.yaml in
	catalog-emit -q -f json -o org.json in
	for options in '-o new.yaml' '--split 2 -o two.yaml' '-f mutation -o m.json'; do
		for base in parts.yaml org.json; do
			ends_with 79 catalog-emit --base $base $options less
			ends_with 0 catalog-emit --base $base $options in
			says unchanged
		done
	done
}

@test "all formats, and each is recognized as published before" {
	{ company 4; end; } > in
	for format in yaml yaml-flow json ndjson mutation; do
		ends_with 0 catalog-emit --format $format -o org.$format in
		ends_with 0 catalog-emit --format $format -o org.$format in
		says unchanged
		{ company 3; end; } | catalog-emit --format $format -o org.$format 2> err
		says '0 added, 0 renamed, 0 changed, 1 removed (user:default/person4)'
	done
	[ "$(jq length org.json)" -eq 4 ]
	[ "$(jq -s length org.ndjson)" -eq 4 ]
}

@test "refs to an entity that is left out are dropped; one that keeps its last form keeps them" {
	{ group web 00g1; group 'bad name' 00g2; group ops 00g3 | sed 's/"children":\[\]/"children":["bad name","web"],"parent":"group:bad name"/'
	user ana 00u1 '"web","group:default/bad name","ops"'; user ben 00u2 '"web"'; user 'bad too' 00u3 '"web"'; end; } > in
	ends_with 0 catalog-emit -o org.json --format json --summary-file sum.json in
	says '2 invalid, of which 0 keep their last form; 3 refs to what is left out dropped'
	[ "$(jq -c '[.[] | .spec | del(.type)]' org.json)" = '[{"children":["web"]},{"children":[]},{"memberOf":["web","ops"]},{"memberOf":["web"]}]' ]
	[ "$(jq -c '[.invalid, .kept, .dropped, .dangling, .invalidRefs]' sum.json)" = '[2,0,3,0,["group:default/bad name","user:default/bad too"]]' ]
	{ group web 00g1 | sed 's/"name":"web",/"name":"web","title":"",/'; group ops 00g3; user ana 00u1 '"web"'; user ben 00u2 '"web"'; end; } > in2
	for format in yaml yaml-flow mutation; do
		{ group web 00g1; group ops 00g3; user ana 00u1 '"web"'; user ben 00u2 '"web"'; end; } | catalog-emit -q --format $format -o org.$format
		cp org.$format before
		for again in 1 2; do
			ends_with 0 catalog-emit --format $format -o org.$format in2
			says 'its last published form stays'
			says 'unchanged: 2 groups, 2 users; 1 invalid, of which 1 keep their last form'
			cmp org.$format before
		done
	done
}

@test "relations really lost are counted: whichever side states them, and not net per entity" {
	members() { group "$1" 00g1 | sed "s|\"children\"|\"members\":[$(seq 1 40 | sed 's/.*/"person&"/' | paste -sd,)],&|"; }
	{ group web 00g1; group ops 00g2; for n in $(seq 40); do user "person$n" "00u$n" '"web"'; done; end; } > in
	{ group web 00g1; group ops 00g2; for n in $(seq 40); do user "person$n" "00u$n" '"group:default/Web"'; done; end; } > spelled
	{ members web; group ops 00g2; for n in $(seq 40); do user "person$n" "00u$n"; done; end; } > other_side
	{ group web 00g1; group ops 00g2; for n in $(seq 40); do user "person$n" "00u$n" "\"$([ "$n" -gt 11 ] && echo web || echo ops)\""; done; end; } > moved
	for format in yaml yaml-flow json mutation; do
		catalog-emit -q --format $format -o org.$format in
		ends_with 0 catalog-emit --format $format -o org.$format spelled
		ends_with 0 catalog-emit --format $format -o org.$format --max-removals 0 other_side
		says '0 added, 0 renamed, 41 changed, 0 removed'
		ends_with 79 catalog-emit --format $format -o org.$format moved
		says '11 of 40 memberships'
		ends_with 0 catalog-emit --format $format -o org.$format --max-removals 11 moved
	done
}

@test "a renamed group counts with its memberships; the message names what would vanish, both names of a renaming" {
	{ company 30; group ops 00g2; end; } > in
	catalog-emit -q -o org.yaml in
	{ company 30 | sed 's/"web"/"website"/; s|default/web"|default/website"|'; group ops 00g2; end; } > renamed
	ends_with 79 catalog-emit -o org.yaml renamed
	says 'refused, for too much would vanish (a renaming counts): 30 of 30 memberships: group:default/web (now group:default/website)'
	says '--force'
	ends_with 0 catalog-emit -o org.yaml --force renamed
	says '0 added, 1 renamed, 30 changed, 0 removed'
}

@test "first publication, empty stream, --require-base, another org: each is told for what it is" {
	{ company 3; end; } > in
	end > none
	ends_with 79 catalog-emit --require-base -o org.yaml in
	says 'org.yaml does not exist'; says 'first publication'
	ends_with 0 catalog-emit -o empty.yaml none
	says 'first publication: 0 groups, 0 users'
	ends_with 0 catalog-emit -o org.yaml in
	says 'first publication: 1 group, 3 users'
	ends_with 0 catalog-emit --require-base -o org.yaml in
	ends_with 79 catalog-emit -o org.yaml none
	says 'the stream has no entities, and all that are published (users: 3, groups: 1) would vanish'
	: > nothing
	ends_with 65 catalog-emit -o org.yaml nothing
	says 'nothing is empty: did okta-map fail?'
	{ company 3 | sed 's/"00[ug]/&X/'; end | sed 's/acme/emea/'; } > emea
	ends_with 65 catalog-emit -o org.yaml emea
	says 'the org https://acme.okta.com, this is https://emea.okta.com'
	ends_with 0 catalog-emit -o org.yaml --force emea
	ends_with 0 catalog-emit -o org.yaml emea
	: > org.yaml
	ends_with 79 catalog-emit -o org.yaml --require-base in
	catalog-emit -q --format mutation -o m.json in
	{ company 3; end | sed 's/"default"/"other"/'; } > other
	ends_with 65 catalog-emit --format mutation -o m.json other
	says 'provider default, this is other'
	ends_with 65 catalog-emit --format mutation -o m.json --location-key mine in
	says 'location key okta-catalog:default, this is mine'
}

@test "an empty stream over a base, also one of several, is refused with --force, too, and named" {
	{ company 3; end; } > acme
	{ user ben 00uB | sed 's/"metadata":{/&"namespace":"emea",/'; end | sed 's/default/emea/'; } > emea
	end > none
	end | sed 's/default/emea/' > empty
	for options in '' '--split 3' '-f json' '-f mutation'; do
		rm -rf org.yaml org
		catalog-emit -q $options -o org.yaml acme emea
		find org* -type f -exec md5sum {} + | sort > before
		for force in '' --force --max-removals=100%; do
			ends_with 79 catalog-emit $options $force -o org.yaml none
			says 'the stream has no entities, and all that are published (users: 4, groups: 1) would vanish'
			says 'with --force, too; if this is right, remove org.yaml'
			ends_with 79 catalog-emit $options $force -o org.yaml acme empty
			says 'empty has no entities, and of those that are published some would vanish (users: 1, groups: 0): user:emea/ben: refused'
			says 'leave it out of the command'
		done
		ends_with 79 catalog-emit $options --force -o org.yaml acme < empty - none
		says 'standard input has no entities'
		find org* -type f -exec md5sum {} + | sort | cmp - before
		ends_with 0 catalog-emit $options -o org.yaml acme emea none
		ends_with 0 catalog-emit $options -o org.yaml acme
		says '1 removed (user:emea/ben)'
		ends_with 0 catalog-emit $options -o org.yaml acme empty
		sed 's/"name"/"title":"",&/' acme > invalid
		ends_with 0 catalog-emit $options -o org.yaml invalid
		says '4 invalid, of which 4 keep their last form'
		{ user 'x x' 00uX; end; } > invalid
		ends_with 79 catalog-emit $options --force -o org.yaml invalid
		says 'no entities that Backstage would take'
		rm -r org*
		ends_with 0 catalog-emit $options -o org.yaml none
	done
}

@test "duplicate refs are told with both lines, across operands with both files" {
	{ group web 00g1; user Ana 00u1; end; } > one
	{ user ben 00u2; user ana 00u3; end; } > two
	ends_with 65 catalog-emit -o org.yaml one two
	says 'one: line 2 and two: line 2: both are user:default/ana'
	[ ! -e org.yaml ]
	{ for n in $(seq 14); do user a$n 00u; user A$n 00v; done; end; } > many
	ends_with 65 catalog-emit many
	says 'and 4 more refs that come twice'
	{ user x 00u1 | sed 's/"kind":"User",/&"kind":"User",/'
	user y 00u1 | sed 's/"memberOf":/"a":[{"b":{"c":1,"\\u0063":2}}],&/'
	user z 00u1 | sed 's/"okta.com.user-id":/"a":"b",&"c","a":/'
	user good 00u1 | sed 's/"memberOf":/"a":[{"a":1},{"a":{"a":1}}],&/'; end; } > twice
	ends_with 65 catalog-emit --check twice
	for n in 1 2 3; do says "line $n: user:default/$(echo xyz | cut -c$n): Backstage would refuse it: root: a key comes twice in one object"; done
	says '3 invalid of 4'
}

@test "--check judges, tells everything, and writes nothing" {
	{ company 30; end; } > in
	catalog-emit -q -o org.yaml in
	cp -p org.yaml before
	{ company 29; user new 00un; end; } > in2
	ends_with 0 catalog-emit --check -o org.yaml in2
	says '0 invalid of 31; to publish: 1 added, 0 renamed, 0 changed, 1 removed (user:default/person30)'
	[ ! -s out ]
	{ company 10; end; } > less
	ends_with 79 catalog-emit --check -o org.yaml less
	{ user 'a b' 00u1; user ok 00u2; user '' 00u3; end; } > bad
	ends_with 65 catalog-emit --check bad
	says 'bad: line 1: user:default/a b: Backstage would refuse it: metadata.name'
	says 'bad: line 3: an entity without a name'
	says '2 invalid of 3'
	ends_with 65 catalog-emit --check --strict bad
	says '2 invalid of 3'
	cmp org.yaml before
	[ "$(stat -c %Y org.yaml)" = "$(stat -c %Y before)" ]
	[ ! -s out ]
}

@test "the base may be elsewhere and in another form; a delta is the same over any" {
	{ company 5; end; } > in
	{ company 4 | sed 's/person2"/person-two"/'; user new 00un; end; } > in2
	for format in yaml yaml-flow json ndjson mutation; do
		catalog-emit -q --format $format -o base.$format in
		catalog-emit -q --format delta --base base.$format in2 > delta.$format
		cmp delta.yaml delta.$format
	done
	catalog-emit -q --split 3 -o base.yml in
	catalog-emit -q --format delta --base base.yml in2 | cmp - delta.yaml
	[ "$(jq -c '[(.added | length), [.removed[].entityRef]]' delta.yaml)" = '[2,["user:default/person5","user:default/person2"]]' ]
	ends_with 65 catalog-emit --format json -o base.yaml in
	says 'another format'
	ends_with 0 catalog-emit --format yaml-flow -o base.yaml in
	says 'unchanged'
	grep -q '^{' base.yaml
	ends_with 65 catalog-emit --format delta --base nowhere.json in
	says 'nowhere.json: is not there'
	ends_with 64 catalog-emit --format delta --base base.json -o base.json in
	ends_with 0 catalog-emit --base base.json -o staged.yaml --force in2
	says '1 added, 1 renamed, 0 changed, 1 removed'
}

@test "a link's target is replaced, not the link; what is no regular file is not replaced" {
	{ company 3; end; } > in
	mkdir real
	echo > real/org.yaml
	ln -s real/org.yaml org.yaml
	ends_with 65 catalog-emit -o org.yaml in
	ends_with 0 catalog-emit --force -o org.yaml in
	[ -L org.yaml ]
	[ "$(grep -c '^---' real/org.yaml)" -eq 4 ]
	mkdir later
	ln -s ../later/org.yaml real/first
	ln -s real/first new.yaml
	ends_with 73 catalog-emit -o new.yaml/x in
	for options in '' "--base $PWD/real/org.yaml"; do
		rm -f later/org.yaml
		ends_with 0 catalog-emit $options -o new.yaml in
		[ -L new.yaml ]
		[ -L real/first ]
		[ "$(grep -c '^---' later/org.yaml)" -eq 4 ]
		ends_with 0 catalog-emit $options -o new.yaml in
		says unchanged
	done
	ln -sf "$PWD/later/absolute.json" new.json
	ends_with 0 catalog-emit -f json -o new.json in
	[ "$(jq length later/absolute.json)" -eq 4 ]
	ln -s nowhere/org.yaml lost.yaml
	ends_with 73 catalog-emit -o lost.yaml in
	says 'nowhere/'
	[ -L lost.yaml ]
	ln -s circle.yaml circle.yaml
	ends_with 65 catalog-emit -o circle.yaml in
	[ -L circle.yaml ]
	mkdir folder
	ends_with 65 catalog-emit -o folder in
	mkfifo pipe
	# Somebody reads it.
	exec 4<> pipe
	ends_with 73 catalog-emit -o pipe --base none in
	exec 4>&-
	says 'no regular file'
	[ -p pipe ]
}

@test "mutation and delta: what an entity provider applies, an item a line, both annotations, the key" {
	{ company 4; end; } > in
	ends_with 0 catalog-emit --format mutation -o org.json in
	[ "$(jq -c '[.type, (.entities | length), ([.entities[].locationKey] | unique)]' org.json)" = '["full",5,["okta-catalog:default"]]' ]
	[ "$(jq -c '[.entities[].entity.metadata.annotations | .["backstage.io/managed-by-location"], .["backstage.io/managed-by-origin-location"]] | unique' org.json)" = '["url:https://acme.okta.com"]' ]
	[ "$(sed -n '2,6p' org.json | sed 's/,$//' | jq -s 'map(.entity.metadata.name) | length')" -eq 5 ]
	{ company 3 | sed 's/"person2"/"person-two"/; s/"person3","annotations"/"person3","title":"Three","annotations"/'; user new 00uNew; end; } > in2
	ends_with 0 catalog-emit --format delta --base org.json -o delta.json in2
	says '1 added, 1 renamed, 1 changed, 1 removed (user:default/person4)'
	[ "$(jq -c '[.type, [.added[].entity.metadata.name], .removed]' delta.json)" = '["delta",["new","person-two","person3"],[{"entityRef":"user:default/person4","locationKey":"okta-catalog:default"},{"entityRef":"user:default/person2","locationKey":"okta-catalog:default"}]]' ]
	ends_with 0 catalog-emit --format delta --base org.json in
	[ "$(jq -c . out)" = '{"type":"delta","added":[],"removed":[]}' ]
	ends_with 64 catalog-emit --format delta in
	says '--base FILE'
	ends_with 0 catalog-emit --format mutation --location-key mine in2
	[ "$(jq -c '[.entities[].locationKey] | unique' out)" = '["mine"]' ]
	user bare 00u | sed 's/,"annotations":{[^}]*}//' > in3
	user own 00u | sed 's/"okta.com/"backstage.io\/managed-by-location":"url:x","okta.com/' >> in3
	echo '{"kind":"End"}' >> in3
	ends_with 0 catalog-emit --format mutation in3
	[ "$(jq -c '[.entities[].entity.metadata.annotations | .["backstage.io/managed-by-location"], .["backstage.io/managed-by-origin-location"]]' out)" \
		= '["okta-catalog:default","okta-catalog:default","url:x","okta-catalog:default"]' ]
}

@test "a folder that cannot be written: 73; a full disk: 74; nothing is left behind" {
	{ company; end; } > in
	ends_with 73 catalog-emit -o nowhere/org.yaml in
	run bash -c 'catalog-emit in > /dev/full'
	[ "$status" -eq 74 ]
	{ for n in $(seq 60); do user "p$n" "00u$n" "\"$(printf '%040000d' "$n")\""; done; end; } > large
	ends_with 73 env TMPDIR="$PWD/nowhere" catalog-emit -o org.yaml large
	[ -z "$(ls -A | grep -E 'org.yaml|tmp')" ]
}

@test "a disk that is full, truly: 74 for the file, the spool and the summary; nothing is left, nothing is damaged" {
	"$ROOT/tests/own-mounts" true || skip "nothing can be mounted here"
	{ company; end; } > in
	{ for n in $(seq 60); do user "p$n" "00u$n" "\"$(printf '%040000d' "$n")\""; done; end; } > large
	mkdir full
	"$ROOT/tests/own-mounts" env PATH="$PATH" bash -euc '
		mount -t tmpfs -o size=128k none full
		catalog-emit -q -o full/org.yaml in
		cp full/org.yaml before
		ended() { want=$1; shift; status=0; "$@" 2> err || status=$?; [ "$status" -eq "$want" ] || { cat err; exit 1; }; [ "$(wc -l < err)" -eq "${lines:-1}" ] || { cat err; exit 1; }; }
		ended 74 catalog-emit -o full/org.yaml --force large
		grep -q "org.yaml.*cannot be written: No space left on device" err
		ended 74 env TMPDIR="$PWD/full" catalog-emit -o other.yaml large
		grep -q "temporary file in .*full: cannot be written: No space left" err
		ended 73 env TMPDIR="$PWD/nowhere" catalog-emit -o other.yaml large
		grep -q "nowhere: no temporary file can be made there" err
		cmp full/org.yaml before
		[ "$(ls -A full)" = org.yaml ]
		[ ! -e other.yaml ]
		head -c 200000 /dev/zero > full/zero 2> /dev/null || true
		lines=3 ended 74 catalog-emit -o new.yaml --summary-file full/sum.json in
		grep -q "new.yaml: is published all the same" err
		[ "$(grep -c "^--- #" new.yaml)" -eq 21 ]
		[ "$(ls -A full | tr "\n" " ")" = "org.yaml zero " ]
	'
}

@test "the summary file: what cannot be created ends the run before (73), what fails then tells that the catalog is published" {
	{ company; end; } > in
	{ company 25; end; } > in2
	ends_with 73 catalog-emit -o org.yaml --summary-file nowhere/sum.json in
	[ ! -e org.yaml ]
	catalog-emit -q -o old.yaml in
	catalog-emit -q -o new.yaml in2
	ends_with 79 catalog-emit -o old.yaml --max-removals 0 --summary-file nowhere/sum.json <(company 19; end)
	published=0
	for call in $(seq 14); do
		cp old.yaml org.yaml
		rm -f sum.json
		: > calls
		status=0
		env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="${B:-$ROOT/build}/fault/die_at.so" FAIL_AT="$call" CALLS=calls \
			catalog-emit -q -o org.yaml --summary-file sum.json in2 2> err || status=$?
		case "$(sed -n "${call}p" calls) $status" in 'open 73' | 'write 74' | 'fchmod 74' | 'rename 74' | 'fsync 74' | 'fsync 0' | 'unlink 0' | ' 0') ;; *) false ;; esac
		if [ "$status" -eq 0 ]; then
			[ "$(jq '.added | length' sum.json)" -eq 5 ]
			cmp org.yaml new.yaml
		else
			[ ! -e sum.json ]
			cmp org.yaml old.yaml > /dev/null || { cmp org.yaml new.yaml; says 'org.yaml: is published all the same'; published=$((published + 1)); }
		fi
		[ "$(ls -A | grep -c tmp)" -eq 0 ]
	done
	[ "$published" -ge 3 ]
	[ "$(sed -n 14p calls)" = '' ]
}

@test "documents of all sizes are found again, wherever the blocks that are read end" {
	python3 - > in <<'PY'
import json, random
rng = random.Random(3)
for n in range(500):
    print(json.dumps({"apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": "u%d" % n, "annotations": {"okta.com/user-id": "00u %d" % n},
        "description": "--- # x\n" * rng.choice([0, 1, rng.randrange(900), 40000 if n % 100 == 0 else 3])}, "spec": {"memberOf": []}}))
print('{"kind":"End"}')
PY
	for format in yaml yaml-flow json ndjson mutation; do
		catalog-emit -q --format $format -o org.$format in
		cp -p org.$format before
		ends_with 0 catalog-emit --format $format -o org.$format in
		says unchanged
		[ "$(stat -c '%i' org.$format)" != "$(stat -c '%i' before)" ]
		[ "$(stat -c '%y' org.$format)" = "$(stat -c '%y' before)" ]
		ends_with 0 catalog-emit --format $format -o org.$format <(sed 's/"u7"/"u7x"/' in)
		says '0 added, 1 renamed, 0 changed, 0 removed'
	done
}

@test "an escape that is none, of whatever bytes: 65, also behind the object" {
	local start='{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"ana"},"spec":{"memberOf":[]'

	printf '%s,"x":"\\u\200\377\200\200"}}\n' "$start" > value
	printf '%s}} "\\u\200\377\200\200"\n' "$start" > behind
	for file in value behind; do
		ends_with 65 catalog-emit --format ndjson "$file"
		[ "$(wc -l < err)" -eq 1 ]
		says 'line 1: byte'
	done
}

@test "NUL and halves of surrogates in escapes are U+FFFD in every form, in values and in keys" {
	{ group web 00g1
	user ana 00u1 | sed 's/"metadata":{/&"title":"a\\u0000b","x":{"k\\ud800":["\\udc00\\ud83d\\ude00","\\\\u0000\\uD83D\\uD83D"],"\\u0000":"\\ud83d\\u0041"},/'
	user ben '00u\u0000' | sed 's/"metadata":{/&"links":[{"url":"https:\/\/x\/\\u0000"}],/'
	end; } > in
	for format in yaml yaml-flow json ndjson mutation; do
		ends_with 0 catalog-emit -f $format -o org.$format --strict in
		ends_with 0 catalog-emit -f $format -o org.$format in
		says unchanged
		ends_with 0 catalog-emit -f delta --base org.$format in
		[ "$(jq -c . out)" = '{"type":"delta","added":[],"removed":[]}' ]
	done
	python3 - <<'PY'
import json, yaml
mutation = json.load(open("org.mutation"))["entities"]
forms = {"json": json.load(open("org.json")), "ndjson": [json.loads(line) for line in open("org.ndjson")],
    "mutation": [item["entity"] for item in mutation], "yaml": list(yaml.safe_load_all(open("org.yaml"))),
    "yaml-flow": list(yaml.safe_load_all(open("org.yaml-flow")))}
for name, entities in forms.items():
    ana, ben = (next(e["metadata"] for e in entities if e["metadata"]["name"] == n) for n in ("ana", "ben"))
    assert ana["title"] == "a\ufffdb", (name, ana)
    assert ana["x"] == {"k\ufffd": ["\ufffd\U0001f600", "\\u0000\ufffd\ufffd"], "\ufffd": "\ufffdA"}, (name, ana)
    assert ben["annotations"]["okta.com/user-id"] == "00u\ufffd" and ben["links"][0]["url"] == "https://x/\ufffd", (name, ben)
    json.dumps(entities, ensure_ascii=False).encode()
PY
	{ user a 00u1 | sed 's/"metadata":{/&"links":[{"url":"http:\/\/a\\u0000b"}],/'
	user b 00u2 | sed 's/"metadata":{/&"x":{"\\u0000":1,"\\ud800":2},/'
	user 'c\u0000' 00u3; end; } > bad
	for format in yaml mutation; do
		ends_with 65 catalog-emit -f $format --check bad
		says 'user:default/a: Backstage would refuse it: metadata.links.url: expected an absolute URL'
		says 'user:default/b: Backstage would refuse it: root: a key comes twice in one object'
		says '3 invalid of 3'
	done
}

@test "ids that a comment cannot hold are found again" {
	{ group web '00 g%41'; user ana 'a b%'; printf '{"kind":"End","id":"my id%%","oktaUrl":"https://\u00fc.example/"}\n'; } > in
	for format in yaml yaml-flow; do
		catalog-emit -q --format $format -o org.$format in
		ends_with 0 catalog-emit --format $format -o org.$format in
		says unchanged
		ends_with 0 catalog-emit --format $format -o org.$format <(sed 's/"ana"/"anna"/' in)
		says '0 added, 1 renamed, 0 changed, 0 removed'
		ends_with 65 catalog-emit --format $format -o org.$format <(sed 's/my id/id/' in)
		says 'is the catalog of provider my id%, this is id%'
	done
}

@test "a name that went to somebody else, which was allowed, is reported" {
	{ company 5; end; } > in
	{ company 5 | sed 's/"00u3"/"00uElse"/'; end; } > in2
	for format in yaml json mutation; do
		catalog-emit -q --format $format -o org.$format in
		ends_with 79 catalog-emit --format $format -o org.$format in2
		ends_with 0 catalog-emit --format $format -o org.$format --max-taken-over 1 --summary-file sum.json in2
		says '0 added, 0 renamed, 1 changed, 0 removed; 1 taken over (user:default/person3)'
		[ "$(jq -c '[.takenOver, has("passed")]' sum.json)" = '[[{"ref":"user:default/person3","from":"00u3","to":"00uElse"}],false]' ]
	done
	{ company 4 | sed 's/"person2"/"person3x"/; s/"person3"/"person2"/; s/"person3x"/"person3"/; s/"person4"/"person5"/'; end; } > in3
	catalog-emit -q --format mutation --force -o org.mutation in
	ends_with 0 catalog-emit --format delta --base org.mutation --max-taken-over 3 --max-removals 4 in3
	says '0 added, 3 renamed, 0 changed, 0 removed; 3 taken over'
	[ "$(jq -c '[[.added[].entity.metadata.name], [.removed[].entityRef]]' out)" = '[["person2","person3","person5"],["user:default/person4"]]' ]
	ends_with 79 catalog-emit --format delta --base org.mutation --max-taken-over 3 --max-removals 3 in3
}

@test "a base whose line ends git turned around is read, and written anew" {
	{ company; end; } > in
	catalog-emit -q -o org.yaml in
	cp org.yaml before
	sed -i 's/$/\r/' org.yaml
	{ company | sed 's/person2"/person-two"/'; end; } > in2
	ends_with 0 catalog-emit -o org.yaml in2
	says '0 added, 1 renamed, 20 changed, 0 removed'
	[ "$(grep -c "$(printf '\r')" org.yaml)" -eq 0 ]
}

@test "memory: 160 bytes an entity, however long it is, also beside what was published" {
	case $BIN in *sanitized*) skip "AddressSanitizer takes memory of its own" ;; esac
	python3 - > in <<'PY'
import json
for n in range(20000):
    print(json.dumps({"apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": "person.number%d" % (n * 7919 % 20011),
        "annotations": {"okta.com/user-id": "00u%017d" % n}, "description": "x" * 3000}, "spec": {"memberOf": ["group:default/g%d" % (n % 500)]}}))
print('{"kind":"End"}')
PY
	end > none
	command time -qf %M -o peak catalog-emit -q none
	bound=$(($(cat peak) + 20000 * 160 / 1024 + 2048)) # and the blocks that are read and written
	for n in 1 2; do
		command time -qf %M -o peak catalog-emit -q -o org.yaml in
		[ "$(cat peak)" -le "$bound" ] || { echo "run $n: $(cat peak) KiB, $bound allowed"; return 1; }
	done
}

@test "memory: 160 bytes an entity when every one has another name" {
	case $BIN in *sanitized*) skip "AddressSanitizer takes memory of its own" ;; esac
	python3 - > in <<'PY'
for n in range(100000):
    print('{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"person.%d","annotations":{"okta.com/user-id":"00u%017d"}},'
          '"spec":{"memberOf":["group:default/g%d","group:default/h%d"]}}' % (n * 7919 % 100003, n, n % 500, n % 300))
print('{"kind":"End"}')
PY
	end > none
	command time -qf %M -o peak catalog-emit -q none
	bound=$(($(cat peak) + 100000 * 160 / 1024 + 2048))
	catalog-emit -q -o org.yaml in
	sed 's/"person/"people/' in > renamed
	command time -qf %M -o peak catalog-emit -o org.yaml --force --summary-file sum.json renamed 2> err
	grep -q '0 added, 100000 renamed, 0 changed, 0 removed' err
	[ "$(jq -c '[.membershipsGone, (.renamed | length), .renamed[0]]' sum.json)" = '[200000,100000,{"from":"user:default/person.0","to":"user:default/people.0"}]' ]
	[ "$(tail -n 1 peak)" -le "$bound" ] || { echo "$(cat peak) KiB, $bound allowed"; return 1; }
}

@test "a catalog that others may not read is not readable while it is written either" {
	{ company; end; } > in
	catalog-emit -q -o org.yaml in
	chmod 600 org.yaml
	{ company 25; end; } > in2
	B=${B:-$ROOT/build}
	env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="$B/fault/die_at.so" DIE_AT=3 catalog-emit -q -o org.yaml in2 || true
	[ "$(stat -c %a .org.yaml.tmp)" = 600 ]
	ends_with 0 catalog-emit -o org.yaml in2
	[ "$(stat -c %a org.yaml)" = 600 ]
}

@test "a folder that may only be read: unchanged is 0, changed is 73 and leaves the file as it was" {
	unprivileged() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; else "$@"; fi; }
	unprivileged test -x "$BIN/catalog-emit" -a -r . || skip "another user cannot come here"
	{ company; end; } > in
	mkdir folder
	catalog-emit -q -o folder/org.yaml in
	cp folder/org.yaml before
	chmod 555 folder
	ends_with 0 unprivileged "$BIN/catalog-emit" -o folder/org.yaml in
	{ company 19; end; } > in2
	ends_with 73 unprivileged "$BIN/catalog-emit" -o folder/org.yaml in2
	says 'cannot be created'
	cmp folder/org.yaml before
	chmod 755 folder
}

@test "a signal in the middle leaves the file as it was and no temporary behind" {
	{ company; end; } > in
	catalog-emit -q -o org.yaml in
	cp org.yaml before
	mkfifo pipe
	catalog-emit -o org.yaml < pipe &
	{ company 3; kill -TERM $!; } > pipe
	run wait $!
	cmp org.yaml before
	[ -z "$(ls -A | grep tmp)" ]
}

@test "--help fits a screen" {
	ends_with 0 catalog-emit --help
	[ "$(wc -l < out)" -le 24 ]
}

@test "a file name that is empty, as from a variable that is not set, is a usage error" {
	for option in -o --base --summary-file; do
		ends_with 64 catalog-emit "$option" "" /dev/stdin < /dev/null
		says 'a file name is missing: is a variable empty?'
	done
}
