#!/usr/bin/env bats
# pipeline.sh --dry-run: what it shows, and that it changes nothing.

load ../filter/org
load stages

setup() {
	own_place
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

teardown() {
	[ -z "${wrapper:-}" ] || kill -TERM "$wrapper" 2>/dev/null || true
	org_stop
}

once() {
	pipeline --config config.yaml --once "$@"
}

dry() {
	pipeline --config config.yaml --dry-run "$@"
}

# Everything that is known of state and output without reading access times.
tree() {
	find xdg catalog -printf '%p %y %m %s %i %T@ %C@\n' 2>/dev/null | sort
	find xdg catalog -type f -exec cksum {} + 2>/dev/null | sort
}

# A dry run that ends with status $1, and leaves state, output and TMPDIR as
# they are.
dry_ends_with() {
	local want=$1
	shift
	tree > tree.before
	ends_with "$want" dry "$@"
	tree > tree.after
	diff tree.before tree.after
	[ -z "$(ls -A tmp)" ]
}

prints() {
	diff - out
}

group() { # ID NAME [DESCRIPTION]
	printf '{"kind":"OktaGroup","group":{"id":"%s","profile":%s}}\n' "$1" \
		"{\"name\":\"$2\"${3:+,\"description\":\"$3\"}}"
}

user() { # ID LOGIN [DISPLAYNAME]
	printf '{"kind":"OktaUser","user":{"id":"%s","profile":%s}}\n' "$1" \
		"{\"login\":\"$2\",\"email\":\"$2\",$(
			)\"displayName\":\"${3:-$2}\"}"
}

users() { # NUMBER
	for n in $(seq "$1"); do user "00u$n" "p$n@b.c"; done
}

members() { # GROUP USER
	printf '{"kind":"OktaMembers","groupId":"%s","userIds":["%s"]}\n' "$@"
}

# Records from standard input as a whole stream, org.ndjson.
org() {
	cat > records
	{
		echo '{"kind":"OktaOrg","version":1,"id":"default",' \
			'"oktaUrl":"https://acme.okta.com"}'
		cat records
		printf '{"kind":"End","groups":%d,"users":%d,"memberships":%d}\n' \
			"$(grep -c OktaGroup records)" \
			"$(grep -c OktaUser records)" \
			"$(grep -c OktaMembers records)"
	} > org.ndjson
}

org_before() {
	{
		group 00gw web
		group 00go 'old team'
		members 00gw 00ub
		user 00ua ann@b.c 'Ann'
		user 00ub bo@b.c 'Bo'
		user 00uc cy@b.c
	} | org
}

# One of each: added, removed, renamed (names follow), changed.
org_after() {
	{
		group 00gw web 'the web'
		user 00ua anna@b.c 'Ann'
		user 00ub bo@b.c 'Bo\u001b[31m\u009b\"\u202e'
		user 00uc cy@b.c
		user 00ud new@b.c
	} | org
}

# One more provider in config.yaml.
another() { # ID KEY
	printf '      %s:\n' "$1" >> config.yaml
	configure "oktaUrl: https://$1.okta.com" 'token: t' "$2" \
		'schedule: { frequency: { hours: 1 }, timeout: { hours: 1 } }'
}

changes_are_shown() {
	prints <<-'TEXT'
	default: 1 added, 1 renamed, 2 changed, 1 removed
	+ user:default/new 00ud
	- group:default/old-team 00go
	> user:default/ann -> user:default/anna 00ua
	~ user:default/anna metadata.annotations["okta.com/email"]: "ann@b.c" -> "anna@b.c"
	~ user:default/anna metadata.annotations["okta.com/login"]: "ann@b.c" -> "anna@b.c"
	~ user:default/anna metadata.name: "ann" -> "anna"
	~ user:default/anna spec.profile.email: "ann@b.c" -> "anna@b.c"
	~ group:default/web metadata.description: (none) -> "the web"
	~ user:default/bo metadata.title: "Bo" -> "Bo\u001b[31m\u009b\"\u202e"
	~ user:default/bo spec.memberOf[]: "group:default/web" -> (none)
	~ user:default/bo spec.profile.displayName: "Bo" -> "Bo\u001b[31m\u009b\"\u202e"
	TEXT
}

before_and_after() {
	fake_stages
	configure 'namesFollow: true' "$@"
	org_before
	ends_with 0 once
	org_after
}

@test "--dry-run shows each change and its fields, and changes nothing" {
	before_and_after
	for shell in "${SHELLS[@]}"; do
		SHELL_UNDER_TEST=$shell dry_ends_with 0
		changes_are_shown
		[ ! -s err ]
	done
}

@test "every format is compared alike: in one file, in parts, as JSON" {
	for format in yaml yaml-flow json ndjson mutation split; do
		rm -rf xdg catalog
		case $format in
		split) before_and_after 'split: 3' ;;
		*) before_and_after "format: $format" ;;
		esac
		dry_ends_with 0
		changes_are_shown
		ends_with 0 once
		dry_ends_with 0
		[ "$(cat out)" = 'default: no entity changes' ]
	done
}

@test "--log-format json prints the same facts as the text" {
	before_and_after
	dry_ends_with 0 --log-format json
	jq -c . out | diff - out
	[ ! -s err ]
	jq -r 'def value($k): if has($k) then .[$k] | tojson else "(none)" end;
		def fields: .ref as $ref | .changes[]
			| "~ \($ref) \(.path): \(value("from")) -> \(value("to"))";
		if .action == "summary" then "\(.provider): \(.added) added,"
			+ " \(.renamed) renamed, \(.changed) changed, \(.removed) removed"
		elif .action == "added" then "+ \(.ref) \(.oktaId)"
		elif .action == "removed" then "- \(.ref) \(.oktaId)"
		elif .action == "renamed" then
			"> \(.from) -> \(.to) \(.oktaId)", fields
		else fields end' out |
		sed 's/\xc2\x9b/\\u009b/; s/\xe2\x80\xae/\\u202e/' > as-text
	mv as-text out
	changes_are_shown
}

@test "a first publication is shown, and neither state nor output is made" {
	fake_stages
	org_before
	dry_ends_with 0
	head -n 2 out | diff - <(printf '%s\n' \
		'default: 5 added (first publication)' \
		'+ group:default/old-team 00go')
	[ ! -e xdg ]
	[ ! -e catalog ]
	dry_ends_with 0 --log-format json
	[ "$(jq -c 'select(.first) | .added' out)" = 5 ]
}

@test "--dry-run takes no lock, and works while a run has it" {
	before_and_after
	mkdir tools
	printf '#!/bin/sh\n: > "%s/locked"\nexec %s "$@"\n' "$PWD" \
		"$(command -v flock)" > tools/flock
	chmod +x tools/flock
	exec 8>> $STATE/lock
	flock -n 8
	PATH=$PWD/tools:$PATH dry_ends_with 0
	changes_are_shown
	[ ! -e locked ]
	exec 8>&-
}

@test "a name that passes to another Okta id is shown with both ids" {
	before_and_after
	org_before
	configure 'transform:' "  entities: 'if .metadata.name == \"bo\" then
            .spec.profile.displayName = \"Bob\" |
            .metadata.annotations[\"okta.com/user-id\"] = \"00uz\" else . end'"
	dry_ends_with 79
	grep -qxF '! user:default/bo 00ub -> 00uz (taken over)' out
	[ "$(head -n 1 out)" = \
		'default: 1 changed, 1 taken over; the guard would refuse this' ]
	grep -qF '/bo spec.profile.displayName: "Bo" -> "Bob"' out
	dry_ends_with 79 --log-format json
	[ "$(jq -c 'select(.action == "takenOver") | [.ref, .from, .to]' out)" \
		= '["user:default/bo","00ub","00uz"]' ]
	dry_ends_with 0 --force
	[ "$(head -n 1 out)" = 'default: 1 changed, 1 taken over' ]
}

@test "if the guard would refuse, the changes are shown and the status is 79" {
	fake_stages
	{ group 00gw web; users 30; } | org
	ends_with 0 once
	{ group 00gw webby; users 10; } | org
	dry_ends_with 79
	[ "$(head -n 1 out)" = \
		'default: 1 changed, 20 removed; the guard would refuse this' ]
	grep -qxF -- '- user:default/p30 00u30' out
	grep -qxF '~ group:default/web metadata.title: "web" -> "webby"' out
	grep -q 'catalog-emit: .*20 ' err
	grep -q 'to let it pass once: .*--once --force' err
	dry_ends_with 79 --log-format json
	[ "$(jq 'select(.action == "summary").refused' out)" = true ]
	dry_ends_with 0 --force
	[ "$(head -n 1 out)" = 'default: 1 changed, 20 removed' ]
	org < /dev/null
	dry_ends_with 79
	[ "$(grep -c '^- ' out)" -eq 31 ]
	no grep -q 'to let it pass' err
	dry_ends_with 79 --force
}

@test "a failure has the status that the run would have, and prints nothing" {
	before_and_after
	for status in 69 75 77 78; do
		fake okta-fetch "cat > /dev/null; echo no >&2; exit $status"
		dry_ends_with $status
		[ ! -s out ]
		grep -q "default: okta-fetch ended with status $status; " err
	done
	fake okta-fetch 'cat > /dev/null; grep -v "\"End\"" org.ndjson'
	dry_ends_with 65
	[ ! -s out ]
	fake okta-fetch 'cat > /dev/null; cat org.ndjson'
	configure "transform: { entities: 'error(\"never\")' }"
	dry_ends_with 65
	[ ! -s out ]
	grep -q 'transform.entities: never' err
}

@test "the first failure of several providers, in order, is the status" {
	before_and_after
	another bad 'users: members'
	another worse 'users: none'
	fake okta-fetch 'cat > /dev/null; case "$*" in
		*members*) exit 69 ;; *none*) exit 77 ;; esac; cat org.ndjson'
	dry_ends_with 69
	changes_are_shown
	dry_ends_with 77 --provider worse --provider default
	changes_are_shown
	dry_ends_with 0 --provider default
}

@test "a dry run is bounded by the timeout, and none of it outlives that" {
	before_and_after
	sed -i 's/timeout: { seconds: 30 }/timeout: { seconds: 1 }/' config.yaml
	fake okta-fetch 'trap "" TERM; echo $$ > pid; cat > /dev/null
		sleep 600'
	local begun=$SECONDS
	dry_ends_with 75
	[ $((SECONDS - begun)) -lt 20 ]
	[ ! -s out ]
	grep -q 'took longer than 1 s and was stopped' err
	gone "$(cat pid)"
}

@test "a signal ends a dry run, its processes and its temporary folder" {
	before_and_after
	fake okta-fetch 'cat > /dev/null; echo $$ > half.new; mv half.new half
		sleep 600'
	tree > tree.before
	for signal in HUP:129 INT:130 TERM:143; do
		for shell in "${SHELLS[@]}"; do
			rm -f half
			SHELL_UNDER_TEST=$shell start_pipeline \
				--config config.yaml --dry-run
			until_true test -e half
			[ -n "$(ls -A tmp)" ]
			kill -s "${signal%:*}" "$wrapper"
			status=0
			wait "$wrapper" || status=$?
			wrapper=
			[ "$status" -eq "${signal#*:}" ]
			gone "$(cat half)"
			[ -z "$(ls -A tmp)" ]
			[ ! -s out ]
		done
	done
	tree | diff tree.before -
}

@test "the temporary folder is its user's alone" {
	before_and_after 'transform:' \
		'  entities: { command: "stat -c %a tmp/* > modes; cat" }'
	umask 022
	dry_ends_with 0
	[ "$(cat modes)" = 700 ]
}

@test "a reader that goes ends a dry run, and nothing is left" {
	before_and_after
	{ status=0; dry || status=$?; echo "$status" > status; } 2> err | true
	[ "$(cat status)" -eq 141 ] || [ "$(cat status)" -eq 0 ]
	[ -z "$(ls -A tmp)" ]
	tree > tree.before
	ends_with 74 pipeline_to_full
	tree | diff tree.before -
	[ -z "$(ls -A tmp)" ]
}

@test "as process 1, a dry run whose reader is gone ends with 141" {
	(first_process true) || skip "no process namespace can be made here"
	before_and_after
	mkfifo pipe
	exec 9<>pipe 8>pipe 9<&-
	for shell in "${SHELLS[@]}"; do
		status=0
		(first_process $shell "$ROOT/pipeline.sh" --config config.yaml \
			--dry-run >&8 2> err) || status=$?
		[ "$status" -eq 141 ]
		[ -z "$(ls -A tmp)" ]
	done
	exec 8>&-
}

pipeline_to_full() {
	dry > /dev/full
}

@test "transforms run as in a run, publish does not, no secret is to be seen" {
	before_and_after 'publish: { command: ": > published" }'
	configure 'transform:' \
		'  okta: { command: "env > seen; grep -r this.test tmp >> seen; cat" }' \
		'  entities: "if .kind == \"Group\" then .spec.type = \"unit\" else
            . end"'
	rm -f published seen
	dry_ends_with 0
	grep -qxF '~ group:default/web spec.type: "group" -> "unit"' out
	[ ! -e published ]
	[ -s seen ]
	no grep -q "the secret of this test" seen
}

@test "--from reads a stored stream in place of Okta, - standard input" {
	before_and_after
	fake okta-fetch ': > fetched; cat > /dev/null; exit 69'
	mv org.ndjson stored.ndjson
	dry_ends_with 0 --from stored.ndjson
	changes_are_shown
	for shell in "${SHELLS[@]}"; do
		SHELL_UNDER_TEST=$shell dry_ends_with 0 --from - < stored.ndjson
		changes_are_shown
	done
	cat stored.ndjson | dry_ends_with 0 --from -
	changes_are_shown
	[ ! -e fetched ]
}

@test "--from needs no credentials, whatever is wrong with them; its other problems count" {
	before_and_after
	mkdir other
	private='{ $file: key.pem }'
	for credentials in "privateKey: $private" 'privateKey: ${NO_KEY}' \
		'privateKey: "-----BEGIN PUBLIC KEY-----"' "token: $private" \
		'token: ""' 'oauth: { clientId: 5, privateKey: { $env: NO_KEY } }' \
		'oauth: { $include: missing.yaml }' 'clientId: { $env: NO_ID }' \
		'keyId: [x]' ''
	do
		sed '/privateKey:\|keyId:\|clientId:\|namesFollow:/d' \
			config.yaml > other/config.yaml
		# RoadieHQ's keys leave out empty groups unless told otherwise.
		printf '        %s\n' 'namesFollow: true' 'dropEmptyGroups: false' \
			"$credentials" >> other/config.yaml
		for shell in "${SHELLS[@]}"; do
			SHELL_UNDER_TEST=$shell ends_with 0 pipeline --config \
				other/config.yaml --dry-run --from org.ndjson
			changes_are_shown
		done
		ends_with 78 pipeline --config other/config.yaml --dry-run
	done
	echo '        userName: wrong' >> other/config.yaml
	ends_with 78 pipeline --config other/config.yaml --dry-run \
		--from org.ndjson
	grep -q 'default.userName: ' err
}

@test "--from: a cut, empty, missing or foreign stream is refused (65)" {
	before_and_after
	head -n 3 org.ndjson > cut.ndjson
	dry_ends_with 65 --from cut.ndjson
	grep -q 'okta-map: ' err
	[ ! -s out ]
	dry_ends_with 65 --from - < cut.ndjson
	: > empty
	dry_ends_with 65 --from empty
	grep -q 'okta-map ended with status 65: --from empty is empty' err
	dry_ends_with 65 --from missing
	grep -q -- '--from missing: cannot be read' err
	dry_ends_with 65 --from .
	sed 's/acme/other/' org.ndjson > other.ndjson
	sed -i 's/"00/"99/g' other.ndjson
	dry_ends_with 65 --from other.ndjson
	[ ! -s out ]
}

@test "--dry-run wins over --once in any order, and no other mode goes with it" {
	before_and_after
	dry_ends_with 0 --once --force
	changes_are_shown
	tree > tree.before
	ends_with 0 once --force --dry-run
	tree | diff tree.before -
	changes_are_shown
	for mode in --check --print-config --status; do
		dry_ends_with 64 "$mode"
		says "--dry-run and $mode: give one of them"
	done
}

@test "--from needs --dry-run and one provider (64)" {
	before_and_after
	ends_with 64 once --from org.ndjson
	another other 'users: all'
	dry_ends_with 64 --from org.ndjson
	grep -q -- '--from needs one provider' err
	dry_ends_with 0 --from org.ndjson --provider default
	changes_are_shown
}

@test "what a run reported is shown again, and a run reports what this showed" {
	fake_stages
	configure 'grups: x'
	{ group 00gw web; user 00ua a@b.c; user 00ub a@b.d; } | org
	for _ in 1 2; do
		dry_ends_with 0
		grep -q 'okta-map: .*00ub' err
		grep -q grups err
	done
	ends_with 0 once
	grep -q 'okta-map: .*00ub' err
	grep -q grups err
	ends_with 0 once
	[ ! -s err ] || no grep -q -e 00ub -e grups err
	for _ in 1 2; do
		dry_ends_with 0
		grep -q grups err
	done
	{ group 00gw web; user 00ua a@b.c; } | org
	dry_ends_with 0
	ends_with 0 once
}

@test "after a preview of another naming rule a run gives the names of before" {
	fake_stages
	org_before
	ends_with 0 once
	cp catalog/default.yaml kept
	cp config.yaml kept.yaml
	{ sed '1d; $d' org.ndjson; user 00ud new@b.c; } | org
	configure 'userName: id'
	dry_ends_with 0
	diff - out <<-'TEXT'
	default: 1 added
	+ user:default/00ud 00ud
	TEXT
	cp kept.yaml config.yaml
	dry_ends_with 0
	grep -qxF '+ user:default/new 00ud' out
	ends_with 0 once
	grep -qxF -- '--- # user:default/new 00ud' catalog/default.yaml
	[ "$(grep '^--- #' kept)" = \
		"$(grep '^--- #' catalog/default.yaml | grep -v 00ud)" ]
}

@test "the catalog at its old path is what a new output path is compared with" {
	for key in 'format: yaml' 'split: 3' 'format: json'; do
		rm -rf xdg catalog
		before_and_after "$key"
		dry_ends_with 0 --output elsewhere
		changes_are_shown
		grep -q 'default.[a-z]*, which the last run published' err
		[ ! -e elsewhere ]
	done
}

@test "if the published catalog does not exist, all is shown as new (79)" {
	before_and_after
	org_before
	rm catalog/default.yaml
	dry_ends_with 79
	[ "$(head -n 1 out)" = \
		'default: 5 added (first publication); the guard would refuse this' ]
	grep -q 'catalog-emit: .*default.yaml does not exist' err
	dry_ends_with 0 --force
}

@test "the names of the other providers are not available" {
	before_and_after
	another other 'names: true'
	sed -i 's/"default"/"other"/; s/acme/other/; s/"00/"11/g' org.ndjson
	dry_ends_with 0 --provider other --from org.ndjson
	grep -qE '^\+ user:default/bo-[a-z2-7]{8} 11ub$' out
	no grep -q '^+ user:default/bo ' out
}

@test "a state and output that can only be read are enough" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can ask as somebody else'
	before_and_after
	chmod -R a+rX xdg catalog bin config.yaml org.ndjson
	chmod 1777 tmp
	for folder in "$PWD" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" \
		"$BATS_RUN_TMPDIR/test"; do chmod a+rx "$folder"; done
	nobody='setpriv --reuid 65534 --clear-groups'
	$nobody test -x "$ROOT/pipeline.sh" -a -x "$BIN/okta-map" ||
		skip 'nobody else may enter this checkout'
	cp config.yaml copy.yaml
	tree > tree.before
	ends_with 0 $nobody "$ROOT/pipeline.sh" --config copy.yaml --dry-run \
		--state xdg/okta-catalog
	changes_are_shown
	tree | diff tree.before -
	[ -z "$(ls -A tmp)" ]
}

@test "the cache is used, and stays as it is" {
	org_start --users 30 --groups 5
	fake_stages
	ln -sf "$REAL/okta-fetch" bin/okta-fetch
	sed -i -e "s|oktaUrl:.*|oktaUrl: $OKTA_CLIENT_ORGURL|" \
		-e "s|clientId:.*|clientId: $OKTA_CLIENT_CLIENTID|" \
		-e "s|keyId:.*|keyId: $OKTA_CLIENT_PRIVATEKEYID|" \
		-e "s|privateKey:.*|privateKey: {\$file: $OKTA_CLIENT_PRIVATEKEY}|" \
		config.yaml
	configure "caFile: $ORG/ca.pem"
	ends_with 0 once
	before=$(org_requests '/groups/[^/]*/users')
	[ "$before" -ge 5 ]
	dry_ends_with 0
	[ "$(cat out)" = 'default: no entity changes' ]
	[ "$(org_requests '/groups/[^/]*/users')" -eq "$before" ]
	rm -r $STATE/cache
	dry_ends_with 0
	[ "$(org_requests '/groups/[^/]*/users')" -eq $((2 * before)) ]
	[ ! -e $STATE/cache ]
	openssl genpkey -quiet -algorithm RSA -out other.pem
	sed -i 's|privateKey:.*|privateKey: { $file: other.pem }|' config.yaml
	dry_ends_with 77
	[ ! -s out ]
}

@test "many documents, and some that yaml2json refuses, are compared" {
	fake_stages
	configure 'annotateUser: [title]'
	deep=$(printf '[%.0s' $(seq 120))$(printf ']%.0s' $(seq 120))
	configure "transform: { entities: 'if .metadata.name == \"00u7\" then
            .spec.deep = $deep else . end' }"
	many() {
		group 00gw web
		for n in $(seq 6000); do
			printf '{"kind":"OktaUser","user":%s,"profile":%s}}\n' \
				"{\"id\":\"00u$n\"" "{\"login\":\"p$n@b.c\",$(
				)\"title\":\"$1 $2 \\u2028\\u0085\\ufeff$n\"}"
		done
	}
	many '' one | org
	ends_with 0 once
	many x two | org
	dry_ends_with 0
	[ "$(head -n 1 out)" = 'default: 6000 changed' ]
	grep -qxF '~ user:default/00u7: its fields cannot be compared' out
	[ "$(grep -c '^~ .*okta.com/title"]: " one .* -> "x two ' out)" -eq 5999 ]
	grep -qF '"x two \u2028\u0085\ufeff6000"' out
}

@test "every awk and any path will do" {
	fake_stages
	configure 'namesFollow: true'
	mkdir 'state \"x' 'tmp/a \n"b' 'x=y'
	TMPDIR="$PWD/tmp/a \\n\"b"
	mkdir tools
	place=(--state 'state \"x' --output 'x=y')
	org_before
	ends_with 0 once "${place[@]}"
	org_after
	for awk in mawk gawk 'busybox awk'; do
		command -v "${awk%% *}" > /dev/null || continue
		printf '#!/bin/sh\nexec %s "$@"\n' "$awk" > tools/awk
		chmod +x tools/awk
		PATH=$PWD/tools:$PATH ends_with 0 dry "${place[@]}"
		changes_are_shown
		[ -z "$(ls -A "$TMPDIR")" ]
	done
}
