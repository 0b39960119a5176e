#!/usr/bin/env bats
# catalog-emit --split: an entity never moves to another file, and no part is referred to before it is there.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
}

user() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"%s","annotations":{"okta.com/user-id":"%s"}},"spec":{"memberOf":[]}}\n' "$1" "$2"; }
company() { seq "$1" | while read -r n; do user "person$n" "00u$n"; done; }
end() { printf '{"kind":"End","id":"default","oktaUrl":"https://acme.okta.com"}\n'; }

# What every reader sees: the index's targets are there, each ref is in the part that Python's SHA-256 says.
whole() {
	python3 - "$1" "$2" <<'PY'
import hashlib, os, sys, yaml
index, parts = sys.argv[1], int(sys.argv[2])
location, = yaml.safe_load_all(open(index))
assert location["kind"] == "Location" and location["apiVersion"] == "backstage.io/v1alpha1"
targets = location["spec"]["targets"]
assert targets == ["./%s/%03d.yaml" % (os.path.splitext(os.path.basename(index))[0], n) for n in range(parts)], targets
seen = set()
for number, target in enumerate(targets):
    for e in yaml.safe_load_all(open(os.path.join(os.path.dirname(index) or ".", target))):
        if e is None: continue
        ref = "%s:%s/%s" % (e["kind"].lower(), e["metadata"].get("namespace", "default").lower(), e["metadata"]["name"].lower())
        assert int.from_bytes(hashlib.sha256(ref.encode()).digest()[:8], "big") % parts == number, (ref, number)
        assert ref not in seen
        seen.add(ref)
print(len(seen))
PY
}

@test "always N parts, by SHA-256 of the ref, and a Location that names them all" {
	{ company 40; end; } > in
	mkdir catalog
	(umask 077; ends_with 0 catalog-emit --split 7 -o catalog/acme.yaml in)
	[ "$(stat -c %a catalog/acme)" = 755 ]
	says 'first publication: 0 groups, 40 users'
	[ "$(whole catalog/acme.yaml 7)" = 40 ]
	[ "$(ls catalog catalog/acme | tr '\n' ' ')" = 'catalog: acme acme.yaml  catalog/acme: 000.yaml 001.yaml 002.yaml 003.yaml 004.yaml 005.yaml 006.yaml ' ]
	[ "$(head -n 1 catalog/acme.yaml)" = '# catalog-emit 1 id=default org=https://acme.okta.com split=7' ]
	[ "$(head -n 1 catalog/acme/003.yaml)" = '# catalog-emit 1 id=default org=https://acme.okta.com part=3/7' ]
	{ company 2; end; } > two
	ends_with 0 catalog-emit --split 7 -o few.yaml two
	[ "$(ls few | wc -l)" -eq 7 ]
	[ "$(whole few.yaml 7)" = 2 ]
	ends_with 0 catalog-emit --split 1 --format yaml-flow -o one.yaml in
	[ "$(whole one.yaml 1)" = 40 ]
}

@test "a new person rewrites one part, an unchanged catalog none" {
	{ company 40; end; } > in
	catalog-emit -q --split 5 -o acme.yaml in
	stat -c '%n %i %y' acme.yaml acme/* > before
	ends_with 0 catalog-emit --split 5 -o acme.yaml in
	says 'unchanged'
	stat -c '%n %i %y' acme.yaml acme/* | cmp - before
	chmod 640 acme/*
	{ company 40; user new 00uNew; end; } > in2
	ends_with 0 catalog-emit --split 5 -o acme.yaml in2
	says '1 added, 0 renamed, 0 changed, 0 removed; 1 of 6 files written'
	[ "$(stat -c '%n %i %y' acme.yaml acme/* | comm -13 before - | wc -l)" -eq 1 ]
	[ "$(stat -c %a acme/* | sort -u)" = 640 ]
	[ "$(whole acme.yaml 5)" = 41 ]
}

@test "another N, or none, or the first N, is refused with the reason; --force moves and clears up" {
	{ company 40; end; } > in
	catalog-emit -q --split 5 -o acme.yaml in
	find . -name '*.yaml' -exec md5sum {} + | sort > before
	for options in '--split 6' '--split 4' ''; do
		ends_with 65 catalog-emit $options -o acme.yaml in
		says 'is published in 5 parts'; says 'moves to another file'; says '--split 5'
	done
	find . -name '*.yaml' -exec md5sum {} + | sort | cmp - before
	ends_with 0 catalog-emit --split 6 --force -o acme.yaml in
	says 'unchanged: 0 groups, 40 users; moved from 5 parts to 6 parts'
	[ "$(whole acme.yaml 6)" = 40 ]
	ends_with 0 catalog-emit --split 3 --force -o acme.yaml in
	[ "$(whole acme.yaml 3)" = 40 ]
	[ "$(ls acme | wc -l)" -eq 3 ]
	ends_with 0 catalog-emit --force -o acme.yaml in
	says '; moved from 3 parts to one file'
	[ "$(grep -c '^--- #' acme.yaml)" -eq 40 ]
	[ ! -e acme ]
	ends_with 65 catalog-emit --split 3 -o acme.yaml in
	says 'is published in one file'
	[ "$(grep -c '^--- #' acme.yaml)" -eq 40 ]
	[ ! -e acme ]
	ends_with 0 catalog-emit --split 3 --force -o acme.yaml in
	[ "$(whole acme.yaml 3)" = 40 ]
}

@test "who left while a change of the parts was interrupted is counted once" {
	{ company 171; end; } > in
	catalog-emit -q --split 4 -o acme.yaml in
	cp -r acme old
	cp acme.yaml old.yaml
	catalog-emit -q --split 6 --force -o acme.yaml in
	# two parts were renamed
	cp old.yaml acme.yaml
	cp old/002.yaml old/003.yaml acme
	rm acme/004.yaml acme/005.yaml
	{ company 120; end; } > less
	cat acme/* | grep -x -- '--- # user:default/person1[2-7][0-9] .*' | sort > leavers
	[ -n "$(uniq -d leavers)" ]
	gone=$(sort -u leavers | grep -vc person120)
	ends_with 79 catalog-emit --check --split 6 -o acme.yaml --summary-file sum.json less
	[ "$(jq -c '.removed | [length, (unique | length)]' sum.json)" = "[$gone,$gone]" ]
	says "$gone of "
	ends_with 79 catalog-emit --split 6 -o acme.yaml --max-removals $((gone - 1)) less
	ends_with 0 catalog-emit --split 6 -o acme.yaml --max-removals "$gone" less
	[ "$(whole acme.yaml 6)" = 120 ]
}

@test "guard, renaming and last published forms work over all parts" {
	{ company 60; end; } > in
	catalog-emit -q --split 5 -o acme.yaml in
	{ company 40; end; } > less
	ends_with 79 catalog-emit --split 5 -o acme.yaml less
	says '20 of 60 users'
	[ "$(whole acme.yaml 5)" = 60 ]
	{ company 60 | sed 's/person7"/person-seven"/; s/"name":"person9",/"name":"person9","title":"",/'; end; } > other
	ends_with 0 catalog-emit --split 5 -o acme.yaml --summary-file sum.json other
	says '0 added, 1 renamed, 0 changed, 0 removed; 1 invalid, of which 1 keep their last form'
	[ "$(jq -c .renamed sum.json)" = '[{"from":"user:default/person7","to":"user:default/person-seven"}]' ]
	[ "$(whole acme.yaml 5)" = 60 ]
}

@test "a part that is gone: 65, for the guard is blind; --force writes it anew; one that is not ours is not replaced" {
	{ company 40; end; } > in
	catalog-emit -q --split 5 -o acme.yaml in
	rm acme/002.yaml
	for options in '' --require-base; do
		ends_with 65 catalog-emit --split 5 -o acme.yaml $options in
		says 'acme/002.yaml: is missing, so what would vanish cannot be told'
	done
	[ ! -e acme/002.yaml ]
	ends_with 0 catalog-emit --split 5 --force -o acme.yaml in
	says 'acme/002.yaml: is missing'
	[ "$(whole acme.yaml 5)" = 40 ]
	echo 'kind: Location' > acme/002.yaml
	ends_with 65 catalog-emit --split 5 -o acme.yaml in
	says 'not written by catalog-emit'
	[ "$(cat acme/002.yaml)" = 'kind: Location' ]
}

@test "what cannot be split is told before anything is read" {
	for options in '--split 3' '--split 3 -o acme' '--split 3 -o a*.yaml' '--split 3 --format json -o acme.yaml' '--split 0 -o a.yaml' '--split 1001 -o a.yaml'; do
		set -f
		ends_with 64 catalog-emit $options /nowhere
		set +f
	done
	touch acme
	end > in
	ends_with 73 catalog-emit --split 3 -o acme.yaml in
	[ ! -e acme.yaml ]
}
