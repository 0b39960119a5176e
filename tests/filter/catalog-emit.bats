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
	says 'first publication: 1 groups, 20 users'
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

@test "two orgs as operands; one bad operand publishes nothing" {
	{ group web 00g1; user a 00u1; end; } > one
	{ user b 00u2; end; } > two
	ends_with 0 catalog-emit -o org.yaml one two
	[ "$(grep -c '^--- #' org.yaml)" -eq 3 ]
	user b 00u2 > two
	ends_with 65 catalog-emit -o org2.yaml one two
	[ ! -e org2.yaml ]
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
	ends_with 73 env TMPDIR="$PWD/nowhere" catalog-emit -o org.yaml in
	[ -z "$(ls -A | grep -E 'org.yaml|tmp')" ]
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
