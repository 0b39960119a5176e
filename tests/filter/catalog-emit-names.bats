#!/usr/bin/env bats
# catalog-emit: a published name passes to another Okta id only if that is allowed.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
	forms='yaml yaml-flow json ndjson mutation'
}

# user NAME ID, group NAME ID, component NAME ID: an entity with that Okta id
user() { entity User user "$1" "$2" '"memberOf":[]'; }
group() { entity Group group "$1" "$2" '"type":"team","children":[]'; }
component() { entity Component user "$1" "$2" '"type":"service","lifecycle":"x","owner":"user:default/ana"'; }
entity() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"%s","metadata":{"name":"%s","annotations":{"okta.com/%s-id":"%s"}},"spec":{%s}}\n' "$1" "$3" "$2" "$4" "$5"; }
end() { printf '{"kind":"End","id":"%s","oktaUrl":"https://%s.okta.com","fetchedAt":"2026-11-26T10:00:00Z"}\n' "${1:-acme}" "${1:-acme}"; }

# published FORMAT FILE: publishes FILE as org.FORMAT, dated
published() {
	rm -rf "org.$1"
	catalog-emit -q -f "$1" -o "org.$1" "$2"
	touch -d 2026-11-24T04:00:00Z "org.$1"
}
# passing: the names that the error gives, with both ids and dates, in its order
passing() {
	grep 'refused: .* would pass to another Okta id: ' err \
		| grep -oE '[^ ]+ from [^ ]+ \(published [^ ]+\) to [^ ]+ \(read [^ ]+\)'
}
# refused N FORMAT OPTION... FILE: N names would pass, and nothing is published
refused() {
	local count=$1 format=$2
	shift 2
	cp "org.$format" before
	ends_with 79 catalog-emit -f "$format" -o "org.$format" --max-removals 100% "$@"
	says "refused: $count published name"
	[ "$(passing | wc -l)" -eq "$count" ]
	cmp "org.$format" before
}

@test "a name that would pass to another Okta id is refused, of every kind and in every form, with both ids and dates" {
	{ user ana 00uA; group web 00gW; component tool 00uT; end; } > in
	for name in user:default/ana:00uA group:default/web:00gW component:default/tool:00uT; do
		id=${name##*:} ref=${name%:*}
		sed "s/\"$id\"/\"00Else\"/" in > other
		for format in $forms; do
			published $format in
			refused 1 $format other
			says "refused: 1 published name would pass to another Okta id: $ref from $id (published 2026-11-24T04:00:00Z) to 00Else (read 2026-11-26T10:00:00Z): if this is right, allow it with --max-taken-over 1, or let one run pass with --force"
			says 'keep the name with its holder (okta-map --names FILE)'
			[ "$(wc -l < err)" -eq 1 ]
		done
	done
}

@test "a stream that does not say when it was read has the time of the run" {
	{ user ana 00uA; end; } > in
	{ user ana 00uX; echo '{"kind":"End","id":"acme","oktaUrl":"https://acme.okta.com"}'; } > other
	published yaml in
	before=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	refused 1 yaml other
	after=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	read=$(sed -n 's/.*(read \([^)]*\)).*/\1/p' err)
	[ "$(printf '%s\n' "$before" "$read" "$after" | LC_ALL=C sort -c 2>&1)" = '' ]
}

@test "--max-taken-over counts names, --force lets any number pass, and the summary has each with both ids" {
	{ for n in 1 2 3 4 5 6 7; do user "p$n" "00u$n"; done; end; } > in
	sed 's/"00u\([1-5]\)"/"00x\1"/' in > other
	published json in
	refused 5 json --max-taken-over 4 other
	says 'allow them with --max-taken-over 5,'
	for option in --max-taken-over=5 --force; do
		published json in
		ends_with 0 catalog-emit -v -f json -o org.json $option --summary-file sum.json other
		says '0 added, 0 renamed, 5 changed, 0 removed; 5 taken over (user:default/p1, user:default/p2, user:default/p3 and 2 more)'
		says 'user:default/p5 passes from Okta id 00u5 (published 2026-11-24T04:00:00Z) to Okta id 00x5 (read 2026-11-26T10:00:00Z)'
		[ "$(jq -c '[.takenOver[0], (.takenOver | length), .takenOver[4].ref, .orgId, .fetchedAt]' sum.json)" \
			= '[{"ref":"user:default/p1","from":"00u1","to":"00x1"},5,"user:default/p5",null,"2026-11-26T10:00:00Z"]' ]
		ends_with 0 catalog-emit -f json -o org.json other
		says 'unchanged'
	done
	published json in
	ends_with 79 catalog-emit -q -f json -o org.json --summary-file sum.json other
	[ "$(jq -c '[.exit, (.takenOver | length)]' sum.json)" = '[79,5]' ]
	[ "$(wc -l < err)" -eq 1 ]
	[ "$(passing | wc -l)" -eq 5 ]
}

@test "with -q, too, the error gives 100 names with ids and dates, and the number of those that follow" {
	{ for n in $(seq 101 201); do user "p$n" "00u$n"; done; end; } > in
	sed 's/"00u/"00x/' in > all
	sed 's/"00x101"/"00u101"/' all > hundred
	published json in
	refused 100 json -q hundred
	no grep -q ' more' err
	ends_with 79 catalog-emit -q -f json -o org.json --max-removals 100% --summary-file sum.json all
	says 'refused: 101 published names would pass to another Okta id: user:default/p101 from 00u101 (published 2026-11-24T04:00:00Z) to 00x101 (read 2026-11-26T10:00:00Z), user:default/p102 from '
	says 'user:default/p200 from 00u200 (published 2026-11-24T04:00:00Z) to 00x200 (read 2026-11-26T10:00:00Z) and 1 more (in the list takenOver of --summary-file): if each is right'
	[ "$(wc -l < err)" -eq 1 ]
	[ "$(passing | wc -l)" -eq 100 ]
	[ "$(jq '.takenOver | length' sum.json)" -eq 101 ]
}

@test "--max-taken-over and --max-removals are independent: each refuses by itself, and both report" {
	{ for n in $(seq 30); do user "p$n" "00u$n"; done; end; } > in
	sed 's/"00u\([12]\)"/"00x\1"/; /"p[3-9]"/d; /"p1[0-9]"/d' in > other
	published json in
	ends_with 79 catalog-emit -f json -o org.json other
	says 'refused, for too much would vanish'
	# pipeline.sh keeps the last error in status.json.
	tail -n 1 err | grep -q 'refused: 2 published names'
	refused 2 json --max-removals 100% other
	ends_with 79 catalog-emit -f json -o org.json --max-taken-over 2 other
	says 'too much would vanish'
	no grep -q 'would pass' err
	ends_with 0 catalog-emit -f json -o org.json --max-taken-over 2 --max-removals 100% other
}

@test "a chain of renamings takes over each name but the first holder's last, a swap both names" {
	{ user ana 00uA; user ben 00uB; user cy 00uC; end; } > in
	{ user ben 00uA; user cy 00uB; user di 00uC; end; } > chain
	{ user ben 00uA; user ana 00uB; user cy 00uC; end; } > swap
	for format in $forms; do
		published $format in
		refused 2 $format chain
		says 'user:default/ben from 00uB (published 2026-11-24T04:00:00Z) to 00uA'
		says 'user:default/cy from 00uC'
		refused 2 $format swap
		ends_with 0 catalog-emit -f $format -o org.$format --max-taken-over 2 chain
		says '0 added, 3 renamed, 0 changed, 0 removed; 2 taken over (user:default/ben, user:default/cy)'
	done
}

@test "a renaming, a change, a new spelling and an entity without an Okta id take nothing over; ids differ by case" {
	{ user ana 00uA; user ben 00uB; user cy 00uC; end; } > in
	{ user anna 00uA; user BEN 00uB; user cy 00uC | sed 's/"metadata":{/&"title":"x",/'; user new 00uN; end; } > other
	{ user ana 00ua; user ben 00uB; user cy 00uC; end; } > case
	sed 's/"okta.com.user-id":"00uA"//' in > without
	for format in $forms; do
		published $format in
		refused 1 $format case
		ends_with 0 catalog-emit -f $format -o org.$format other
		says '1 added, 1 renamed, 2 changed, 0 removed'
		no grep -q 'taken over' err
		published $format in
		ends_with 0 catalog-emit -f $format -o org.$format without
		no grep -q 'taken over' err
		ends_with 0 catalog-emit -f $format -o org.$format in
	done
}

@test "an Okta id that no index line can hold as it is takes nothing over" {
	{ user ana '00u\n%\ud800\u0000é A'; end; } > in
	sed 's/"metadata":{/&"title":"x",/' in > other
	for format in $forms; do
		published $format in
		ends_with 0 catalog-emit -f $format -o org.$format other
		says '0 added, 0 renamed, 1 changed, 0 removed'
		no grep -q 'taken over' err
	done
}

@test "parts: the name is found in its part, with that part's date; a base elsewhere in other parts counts the same" {
	{ for n in $(seq 20); do user "p$n" "00u$n"; done; end; } > in
	sed 's/"00u\(7\|1[0-7]\)"/"00x\1"/' in > other
	catalog-emit -q --split 4 -o parts.yaml in
	touch -d 2026-11-01T00:00:00Z parts/*
	part=$(grep -l ' 00u7$' parts/*)
	touch -d 2026-11-24T04:00:00Z "$part"
	cp -r parts before
	ends_with 79 catalog-emit --split 4 -o parts.yaml other
	says 'user:default/p7 from 00u7 (published 2026-11-24T04:00:00Z)'
	says 'refused: 9 published names would pass'
	diff -r parts before
	for options in '' '--split 3' '-f mutation' '-f delta'; do
		ends_with 79 catalog-emit $options --base parts.yaml -o new.yaml other
		says 'refused: 9 published names would pass'
		passing | sed 's/ from.*//' > order
		ends_with 0 catalog-emit $options --base parts.yaml -o new.yaml --max-taken-over 9 --summary-file sum.json other
		[ "$(jq -r '.takenOver | length' sum.json)" -eq 9 ]
		[ "$(jq -r '.takenOver[].ref' sum.json)" = "$(cat order)" ]
		# The parts of the base have another order than one file.
		case $options in --split*) ;; *) LC_ALL=C sort -c order ;; esac
		rm -rf new new.yaml
	done
	ends_with 0 catalog-emit --split 4 -o parts.yaml --max-taken-over 9 other
}

@test "several inputs: each name has the time of its own stream" {
	{ user ana 00uA; end acme; } > acme
	{ user ben 00uB; end emea | sed s/T10/T11/; } > emea
	catalog-emit -q -o org.yaml acme emea
	ends_with 79 catalog-emit -o org.yaml <(sed s/00uA/00uX/ acme) <(sed s/00uB/00uY/ emea)
	says 'to 00uX (read 2026-11-26T10:00:00Z)'
	says 'to 00uY (read 2026-11-26T11:00:00Z)'
	# The same names, given by the other org.
	ends_with 79 catalog-emit -o org.yaml <(sed s/ana/ben/ acme) <(sed s/ben/ana/ emea)
	says 'refused: 2 published names'
	ends_with 0 catalog-emit -o org.yaml emea acme
}

@test "--check refuses the same and reports each name" {
	{ user ana 00uA; user ben 00uB; end; } > in
	{ user ana 00uX; user ben 00uB; end; } > other
	published yaml in
	refused 1 yaml --check other
	ends_with 0 catalog-emit --check -o org.yaml --max-taken-over 1 other
	says 'to publish: 0 added, 0 renamed, 1 changed, 0 removed; 1 taken over (user:default/ana)'
}

@test "an invalid entity that keeps its last form keeps its name; who comes as its name is refused" {
	{ user ana 00uA; user ben 00uB; end; } > in
	{ user 'an a' 00uA; user ana 00uX; user ben 00uB; end; } > other
	{ user ana 00uX | sed 's/"name"/"title":"",&/'; user ben 00uB; end; } > invalid
	{ user 'an a' 00uA; user ben 00uB; end; } > kept
	for format in $forms; do
		published $format in
		ends_with 0 catalog-emit -f $format -o org.$format kept
		says 'unchanged'
		# ana's last form and the new ana have one name: the last form is left out.
		refused 1 $format other
		says 'user:default/ana from 00uA'
		published $format in
		ends_with 0 catalog-emit -f $format -o org.$format invalid
		says '1 removed (user:default/ana)'
	done
}

@test "--max-taken-over that is no number is a usage error" {
	for value in '' -1 1% x 1.5 99999999999; do
		ends_with 64 catalog-emit --max-taken-over "$value" /dev/null
		says "--max-taken-over $value: expected a number from 0"
	done
}

@test "an org under a new address is the same org if an Okta id of the base occurs in its stream" {
	{ user ana 00uA; user ben 00uB; group web 00gW; end; } > in
	{ user ana2 00uA; user ben2 00uY; user cy2 00uZ; end | sed 's/acme.okta/login.acme/'; } > moved
	{ user ana 00uP; user ben 00uQ; group web 00gR; end | sed 's/acme.okta/other.okta/'; } > another
	for options in '' '-f yaml-flow' '--split 3' '-f mutation'; do
		rm -rf org.yaml org
		catalog-emit -q $options -o org.yaml in
		cp org.yaml before
		ends_with 65 catalog-emit $options -o org.yaml another
		says 'org.yaml: is the catalog of the org https://acme.okta.com, this is https://other.okta.com: give what is read now a provider id of its own'
		says 'its names may pass to other people'
		cmp org.yaml before
		ends_with 0 catalog-emit $options -o org.yaml moved
		says 'this is the same org under a new address'
		grep -q 'https://login.acme.com' org.yaml
		ends_with 0 catalog-emit $options -o org.yaml moved
		no grep -q 'new address' err
	done
}

@test "of several inputs only the base's provider tells whether its org moved" {
	{ user ana 00uA; end acme; } > acme
	{ user ben 00uB; end emea; } > emea
	catalog-emit -q -o org.yaml acme emea
	{ user ana 00uX; end acme | sed 's/acme.okta/other.okta/'; } > another
	ends_with 65 catalog-emit -o org.yaml another emea
	says 'the org https://acme.okta.com, this is https://other.okta.com'
	sed 's/acme.okta/login.acme/' acme > moved
	ends_with 0 catalog-emit -o org.yaml emea moved
	says 'the stream of https://login.acme.com'
	# An invalid entity has an Okta id, too.
	{ user 'an a' 00uA; end acme; } | sed 's/acme.okta/id.acme/' > invalid
	ends_with 0 catalog-emit -o org.yaml emea invalid
	says 'the stream of https://id.acme.com'
}

@test "--require-base names the file that is missing or empty, and the two ways forward" {
	{ user ana 00uA; end; } > in
	mkdir there
	: > there/empty.yaml
	for file in there/org.yaml there/empty.yaml; do
		ends_with 79 catalog-emit --require-base -o $file in
		says 'restore the catalog that was published there, or, if there was none, let one run pass with --force'
	done
	says 'there/empty.yaml is empty, and --require-base refuses a first publication'
	ends_with 79 catalog-emit --require-base --base there/base.yaml -o org.yaml in
	says 'there/base.yaml does not exist, and --require-base refuses a first publication'
	ends_with 79 catalog-emit --require-base in
	says 'name the published catalog with --base FILE'
	ends_with 0 catalog-emit --require-base --force -o there/org.yaml in
	ends_with 0 catalog-emit --require-base -o there/org.yaml in
}

@test "the summary has orgId and fetchedAt of the input that names the catalog" {
	org_end() { printf '{"kind":"End","id":"%s","orgId":"%s","fetchedAt":"%s"}\n' "$@"; }
	{ user ana 00uA; org_end b 00oB 2026-01-02T00:00:00Z; } > b
	{ user ben 00uB; org_end a 00oA 2026-01-01T00:00:00Z; } > a
	ends_with 0 catalog-emit -o org.yaml --summary-file sum.json b a
	[ "$(jq -c '[.orgId, .fetchedAt]' sum.json)" = '["00oA","2026-01-01T00:00:00Z"]' ]
	{ user ana 00uA; echo '{"kind":"End","orgId":1}'; } > none
	ends_with 0 catalog-emit -o new.yaml --summary-file sum.json none
	[ "$(jq -c '[has("orgId"), has("fetchedAt")]' sum.json)" = '[false,false]' ]
}

@test "memory: 160 bytes an entity when every name passes to another Okta id" {
	case $BIN in *sanitized*) skip "AddressSanitizer takes memory of its own" ;; esac
	python3 - <<'PY'
with open("in", "w") as before, open("other", "w") as after:
    for n in range(100000):
        line = ('{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"person.%d","annotations":{"okta.com/user-id":"00u%017d"}},'
                '"spec":{"memberOf":["group:default/g%d"]}}\n')
        before.write(line % (n * 7919 % 100003, n, n % 500))
        after.write(line % (n * 7919 % 100003, (n + 1) % 100000, n % 500))
    for out in (before, after):
        out.write('{"kind":"End"}\n')
PY
	echo '{"kind":"End"}' > none
	command time -qf %M -o peak catalog-emit -q none
	bound=$(($(cat peak) + 100000 * 160 / 1024 + 2048))
	catalog-emit -q -o org.yaml in
	command time -qf %M -o peak catalog-emit -q --force --summary-file sum.json -o org.yaml other
	[ "$(jq -c '[(.takenOver | length), (.renamed | length)]' sum.json)" = '[100000,100000]' ]
	[ "$(tail -n 1 peak)" -le "$bound" ] || { echo "$(cat peak) KiB, $bound allowed"; return 1; }
}
