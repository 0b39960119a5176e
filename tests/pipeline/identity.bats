#!/usr/bin/env bats
# What keeps a name with its holder: the org of a state, the catalog to compare with, the ledger, the other providers' ledgers
# and the lock of their namespace; and what happens when one of the files that a state has is lost.

load ../filter/org
load ../filter/records
load stages

setup() {
	own_place
	fake_stages '{ minutes: 30 }'
	stream 00oA ana bob
	LEDGER=$STATE/names.ndjson
}

teardown() {
	org_stop
	[ -z "${wrapper:-}" ] || kill -TERM "$wrapper" 2>/dev/null || true
}

once() {
	pipeline --config config.yaml --once "$@"
}

# stream ORG LOGIN...: what okta-fetch gives; a user's Okta id is 00u and the login. Groups: $GROUPS_OF_ORG (web).
stream() {
	local org=$1 groups=${ORG_GROUPS:-web}
	shift
	{
		printf '{"kind":"OktaOrg","version":1,"id":"default","oktaUrl":"https://%s.okta.com","orgId":"%s","fetchedAt":"%s"}\n' \
			"${org#00o}" "$org" "${FETCHED:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}"
		for group in $groups; do printf '{"kind":"OktaGroup","group":{"id":"00g%s","profile":{"name":"%s"}}}\n' "$group" "$group"; done
		for login; do
			printf '{"kind":"OktaUser","user":{"id":"00u%s%s","profile":{"login":"%s@b.c","email":"%s@b.c"}}}\n' "$login" "${org#00o}" "$login" "$login"
		done
		printf '{"kind":"End","groups":%d,"users":%d,"memberships":0}\n' "$(wc -w <<< "$groups")" $#
	} > org.ndjson
}

# Two providers, a and b, whose streams are a.ndjson and b.ndjson; keys of each.
two_providers() { # KEYS-OF-A KEYS-OF-B
	provider="clientId: c, keyId: k, privateKey: p, schedule: { frequency: 30m, timeout: 30s }"
	cat > config.yaml <<-YAML
		okta:
		  a: { oktaUrl: 'https://a.okta.com', $provider${1:+, $1} }
		  b: { oktaUrl: 'https://b.okta.com', $provider${2:+, $2} }
	YAML
	fake okta-fetch 'cat > /dev/null; case "$*" in *"--id a "*) cat a.ndjson ;; *) cat b.ndjson ;; esac'
	stream 00oA ana bob
	sed 's/"id":"default"/"id":"a"/' org.ndjson > a.ndjson
	ORG_GROUPS=ops stream 00oB eve
	sed 's/"id":"default"/"id":"b"/' org.ndjson > b.ndjson
}

# The name that an Okta id has in a catalog.
name_of() {
	sed -n "s/^--- # [^ ]*\/\([^ ]*\) $1\$/\1/p" "${2:-catalog/default.yaml}"
}

# Two users claim the name bob: 00ubobA, who had it first, has it still, though 00u0bob comes first in the stream's order.
two_bobs() {
	stream 00oA bob
	ends_with 0 once
	grep 00ubobA org.ndjson | sed 's/00ubobA/00u0bob/' > second
	sed -i "/00ubobA/r second" org.ndjson
	sed -i 's/"users":1/"users":2/' org.ndjson
	ends_with 0 once
	[ "$(name_of 00ubobA)" = bob ]
}

lock_is_free() {
	flock -n xdg/okta-catalog/.namespace-"${1:-default}".lock true
}

field() {
	jq -r "$1" $STATUS
}

# The arguments that okta-map was given, a line each, in ./arguments.
note_arguments() {
	fake okta-map "printf '%s\\n' \"\$@\" > arguments; exec $REAL/okta-map \"\$@\""
}

argument_of() {
	grep -A 1 -x -e "$1" arguments | grep -v -x -e "$1" -e --
}

@test "the state records the org, the client, the configuration, the output and the ledger, with paths from the root" {
	ends_with 0 once
	[ "$(field '.org | "\(.id) \(.url)"')" = '00oA https://acme.okta.com' ]
	[ "$(field .clientId)" = 0oa1 ]
	[ "$(field '.configuration[]')" = "$PWD/config.yaml" ]
	[ "$(field .output)" = "$PWD/catalog" ]
	[ "$(field .published.file)" = "$PWD/catalog/default.yaml" ]
	[ "$(field .ledger)" = "$PWD/$LEDGER" ]
	# A run that fails leaves them, and a stream that does not name its org does.
	fake okta-fetch 'cat > /dev/null; exit 69'
	ends_with 69 once
	[ "$(field '"\(.org.id) \(.clientId) \(.output)"')" = "00oA 0oa1 $PWD/catalog" ]
	fake okta-fetch 'cat > /dev/null; sed "s/,\"orgId\":\"00oA\"//" org.ndjson'
	ends_with 0 once
	[ "$(field .org.id)" = 00oA ]
}

@test "two projects of one user whose providers are both default: the second ends with 78, and nothing of the first changes" {
	mkdir first second
	for project in first second; do cp -r bin config.yaml $project; done
	cp org.ndjson first
	stream 00oB ana eve
	cp org.ndjson second
	(cd first && ends_with 0 once)
	cp first/catalog/default.yaml catalog.before
	cp $LEDGER ledger.before
	jq '{published, lastSuccess, org, output}' $STATUS > status.before
	for shell in "${SHELLS[@]}"; do
		(cd second && SHELL_UNDER_TEST=$shell ends_with 78 once)
		says 'https://acme.okta.com'
		# The way that loses nothing is the first.
		says "give the new org another provider id"
		says 'another --state'
		[ "$(grep -n -e 'another provider id' -e 'rm -r' err | tail -n 1 | grep -c 'only to give up the names of https://acme.okta.com')" -eq 1 ]
		[ -z "$(ls -A second/catalog)" ]
		cmp first/catalog/default.yaml catalog.before
		cmp $LEDGER ledger.before
		jq '{published, lastSuccess, org, output}' $STATUS | cmp - status.before
		[ "$(field '"\(.state) \(.lastRun.exit)"')" = 'failed 78' ]
	done
	# The last way out: the first is given up.
	way=$(sed -n "s/.*remove both state and catalog: //p" err)
	(cd / && eval "$way")
	[ ! -e first/catalog/default.yaml ]
	(cd second && ends_with 0 once)
	[ "$(name_of 00uanaB second/catalog/default.yaml)" = ana ]
}

@test "only a stream of another org is answered by how to give up its names, not okta-map's other failures with 78" {
	two_providers
	ends_with 0 once
	fake okta-map 'exit 78'
	sed -i '1s|.*|#!/nowhere|' bin/okta-map
	ends_with 78 once
	says 'okta-map cannot be run'
	no grep -q -e 'rm -r' -e 'another --state' err
	ln -sf "$REAL/okta-map" bin/okta-map
	rm xdg/okta-catalog/a/names.ndjson
	mkdir xdg/okta-catalog/a/names.ndjson
	ends_with 78 once --provider b
	says 'a/names.ndjson, where another provider'
	no grep -q -e 'rm -r' -e 'another --state' err
	# The org that the state recorded, without a ledger; 10 ids of no org that is known.
	two_providers 'names: false'
	rm -r xdg/okta-catalog/a
	ends_with 0 once --provider a
	sed -i 's/00oA/00oC/' a.ndjson
	ends_with 78 once --provider a
	says 'another provider id'
	says "remove both state and catalog: rm -r $PWD/xdg/okta-catalog/a $PWD/catalog/a.yaml"
	# On a terminal, too.
	script -qec "dash $ROOT/pipeline.sh --config config.yaml --once --provider a" /dev/null > screen < /dev/null || true
	grep -q "remove both state and catalog: rm -r $PWD/xdg/okta-catalog/a $PWD/catalog/a.yaml" screen
	rm -r xdg/okta-catalog/a catalog/a.yaml
	two_providers "names: 'the names'"
	stream 00oA $(seq 10)
	sed 's/"id":"default"/"id":"a"/; s/,"orgId":"00oA"//' org.ndjson > a.ndjson
	ends_with 0 once --provider a
	sed -i 's/"00/"99/g' a.ndjson
	ends_with 78 once --provider a
	says "remove both state and catalog: rm -r $PWD/xdg/okta-catalog/a $PWD/catalog/a.yaml '$PWD/the names'"
}

@test "another client, configuration or output directory is noted once, and not refused" {
	ends_with 0 once
	ends_with 0 once
	[ "$(wc -l < err)" -eq 1 ]
	sed 's/0oa1/0oa2/' config.yaml > other.yaml
	for shell in "${SHELLS[@]}"; do
		SHELL_UNDER_TEST=$shell ends_with 0 pipeline --config other.yaml --once --output elsewhere
		says "the client was 0oa1 when "
		says "the configuration was $PWD/config.yaml when "
		says "the output directory was $PWD/catalog when "
		SHELL_UNDER_TEST=$shell ends_with 0 pipeline --config other.yaml --once --output elsewhere
		[ "$(wc -l < err)" -eq 1 ]
		SHELL_UNDER_TEST=$shell ends_with 0 once
		says "and is 0oa1 now"
	done
	ends_with 0 pipeline --config other.yaml --status
	no grep -q 'the client' err
}

@test "a catalog whose path was changed is found at the old path, and the guard compares with it" {
	ORG_GROUPS=$(seq -f team-%g 20) stream 00oA ana
	ends_with 0 once
	cp org.ndjson whole
	stream 00oA ana
	ends_with 79 once --output elsewhere
	says "elsewhere/default.yaml does not exist: the run compares with $PWD/catalog/default.yaml, which the last run published"
	says 'group:default/team-'
	[ ! -e elsewhere/default.yaml ]
	cp whole org.ndjson
	ends_with 0 once --output elsewhere
	says 'unchanged'
	cmp elsewhere/default.yaml catalog/default.yaml
	[ "$(field .published.file)" = "$PWD/elsewhere/default.yaml" ]
	# Another form has another name, and other parts may lie elsewhere.
	configure 'format: json'
	stream 00oA ana
	ends_with 79 once --output elsewhere
	cp whole org.ndjson
	ends_with 0 once --output elsewhere
	[ "$(field .published.file)" = "$PWD/elsewhere/default.json" ]
	# From now on it is compared with itself, though the old one is beside it.
	ORG_GROUPS=$(seq -f team-%g 40) stream 00oA ana
	ends_with 0 once --output elsewhere
	says '20 added'
	ends_with 0 once --output elsewhere
	says 'unchanged'
	no grep -q 'does not exist' err
	cp whole org.ndjson
	ends_with 0 once --output elsewhere --force
	sed -i 's/format: json/split: 3/' config.yaml
	stream 00oA ana
	ends_with 79 once --output parts
	cp whole org.ndjson
	ends_with 0 once --output parts
	says 'unchanged'
	# Parts without their index are what was published.
	rm parts/default.yaml
	ends_with 0 once --output parts
	no grep -q 'does not exist' err
}

@test "back in an earlier format, the run compares with the last catalog, not with the old file of that format" {
	for format in 'format: yaml' 'split: 3'; do
		for shell in "${SHELLS[@]}"; do
			rm -rf catalog xdg
			fake_stages '{ minutes: 30 }'
			configure "$format"
			stream 00oA ana
			SHELL_UNDER_TEST=$shell ends_with 0 once
			configure 'format: json'
			sed -i "/ $format/d" config.yaml
			stream 00oA $(seq -f u%g 22)
			SHELL_UNDER_TEST=$shell ends_with 0 once --force
			configure "$format"
			sed -i '/ format: json/d' config.yaml
			cp org.ndjson whole
			stream 00oA u1
			SHELL_UNDER_TEST=$shell ends_with 79 once
			says "the run compares with $PWD/catalog/default.json, which the last run published, and not with ./catalog/default.yaml, which is older"
			cp whole org.ndjson
			SHELL_UNDER_TEST=$shell ends_with 0 once
			says unchanged
			[ "$(cat catalog/default.yaml catalog/default/*.yaml 2>/dev/null | grep -c '^--- # user:')" -eq 22 ]
			no grep -rq 'user:default/ana' catalog --include=*.yaml
			[ "$(field .published.file)" = "$PWD/catalog/default.yaml" ]
			# From now on that file is the last one.
			SHELL_UNDER_TEST=$shell ends_with 0 once
			no grep -q 'the run compares' err
		done
	done
}

@test "back in an earlier output folder, the run compares with the last catalog, wherever it lies" {
	ends_with 0 once
	stream 00oA ana bob $(seq -f u%g 22)
	ends_with 0 once --output elsewhere
	stream 00oA ana bob
	ends_with 79 once
	says "the run compares with $PWD/elsewhere/default.yaml, which the last run published, and not with ./catalog/default.yaml, which is older"
	stream 00oA ana bob zoe $(seq -f u%g 22)
	ends_with 0 once
	says '1 added'
	# A folder under another path is the same one.
	ln -s catalog link
	ends_with 0 once --output link
	no grep -q 'the run compares' err
}

@test "a ledger of another provider that cannot be read ends the run with 78, before a name is given" {
	two_providers
	ends_with 0 once --provider a
	sed -i "/^  a:/d" config.yaml
	mv xdg/okta-catalog/a/names.ndjson hidden
	mkdir xdg/okta-catalog/a/names.ndjson
	ends_with 78 once
	says 'a/names.ndjson, where another provider'
	[ ! -e catalog/b.yaml ]
	rmdir xdg/okta-catalog/a/names.ndjson
	mv hidden xdg/okta-catalog/a/names.ndjson
	ends_with 0 once
}

@test "names: under another path: the holds of the ledger before go on, and a note says so" {
	ends_with 0 once
	stream 00oA ana
	ends_with 0 once
	stream 00oA ana bob
	sed -i 's/00ubobA/00unewA/' org.ndjson
	configure "names: $PWD/new.ndjson"
	ends_with 0 once
	says "new.ndjson does not exist: it is made from $PWD/$LEDGER, which the last run wrote"
	[ "$(name_of 00unewA)" != bob ]
	grep -q '"name":"bob","id":"00ubobA"' new.ndjson
}

@test "a ledger that is a link stays a link" {
	ends_with 0 once
	mkdir volume
	mv $LEDGER volume/names.ndjson
	ln -s "$PWD/volume/names.ndjson" $LEDGER
	stream 00oA ana bob eve
	ends_with 0 once
	[ -L $LEDGER ]
	grep -q 00ueveA volume/names.ndjson
}

@test "a path that an older version recorded, from the folder of the run, is found from there" {
	ends_with 0 once
	jq '{version, id, state, lastRun, lastSuccess, published} | .published.file = "./catalog/default.yaml"' $STATUS > s
	cp s $STATUS
	ends_with 0 once --output elsewhere
	says 'the run compares with ./catalog/default.yaml'
	says unchanged
}

@test "catalog-emit that fails when parts may be in place leaves the new ledger, and the run after it is good" {
	configure 'split: 2'
	ends_with 0 once
	stream 00oA ana bob eve
	fake catalog-emit "$REAL/catalog-emit \"\$@\"; exit 74"
	ends_with 74 once
	grep -q 00ueveA $LEDGER
	[ -z "$(find $STATE -maxdepth 1 -name 'names.ndjson.*')" ]
	ln -sf "$REAL/catalog-emit" bin/catalog-emit
	ends_with 0 once
	says unchanged
}

@test "requireBase: false declares that no base is expected; true demands one even for the first publication" {
	configure 'requireBase: true'
	ends_with 79 once
	says 'to let it pass once'
	ends_with 0 once --force
	rm catalog/default.yaml
	sed -i 's/requireBase: true/requireBase: "no"/' config.yaml
	ends_with 0 once
	says 'first publication'
	sed -i 's/requireBase: "no"/requireBase: maybe/' config.yaml
	ends_with 78 once
	says 'requireBase: expected true or false, found "maybe"'
}

@test "a lost catalog is 79 with both ways forward: restored, or published without comparing, and nobody is renamed" {
	two_bobs
	cp catalog/default.yaml backup
	rm catalog/default.yaml
	for shell in "${SHELLS[@]}"; do
		SHELL_UNDER_TEST=$shell ends_with 79 once
		says "the catalog $PWD/catalog/default.yaml, which the last run published, does not exist: restore it there"
		[ ! -e catalog/default.yaml ]
	done
	[ "$(field .state)" = refused ]
	cp backup catalog/default.yaml
	ends_with 0 once
	says unchanged
	rm catalog/default.yaml
	ends_with 79 once
	way=$(sed -n 's/.*or publish without comparing: //p' err)
	fake okta-fetch "cat > /dev/null; cat $PWD/org.ndjson"
	(cd / && eval "$way")
	cmp catalog/default.yaml backup
}

@test "a lost ledger is made from the published catalog: holders keep their names, and a line says what is not known" {
	two_bobs
	[ "$(name_of 00ubobA)" = bob ]
	cp catalog/default.yaml before
	rm $LEDGER
	ends_with 0 once
	says 'unchanged'
	grep -q 'already left' err
	cmp catalog/default.yaml before
	[ "$(jq -r 'select(.id == "00ubobA").name' $LEDGER)" = bob ]
	# Without the catalog as well it is a person's decision.
	rm $LEDGER catalog/default.yaml
	ends_with 79 once
	[ ! -e $LEDGER ]
}

# A ledger of which bob's name is held, as it was before eve came; the catalog
# has her.
older_ledger() {
	stream 00oA ana bob
	ends_with 0 once
	stream 00oA ana
	ends_with 0 once --force
	cp $LEDGER older
	stream 00oA ana eve
	ends_with 0 once
	rm $LEDGER
}

# bob and eve have left; others of these names come.
others_come() {
	stream 00oA ana bob eve
	sed -i 's/00ubobA/00unewbob/; s/00ueveA/00uneweve/' org.ndjson
	ends_with 0 once --force
}

@test "an older ledger has no hold for a name that was given since, unless its holder is seen once more" {
	older_ledger
	cp older $LEDGER
	others_come
	[ "$(name_of 00uneweve)" = eve ]
	case $(name_of 00unewbob) in bob-????????) ;; *) return 1 ;; esac
	rm -r catalog xdg
	older_ledger
	cp older $LEDGER
	ends_with 0 once
	others_come
	case $(name_of 00uneweve) in eve-????????) ;; *) return 1 ;; esac
}

@test "an older ledger beside one made from the catalog keeps its holds, and the catalog's names stay with their holders" {
	older_ledger
	mkdir xdg/okta-catalog/older
	cp older xdg/okta-catalog/older/names.ndjson
	others_come
	says 'already left'
	case $(name_of 00uneweve) in eve-????????) ;; *) cat err; return 1 ;; esac
	case $(name_of 00unewbob) in bob-????????) ;; *) return 1 ;; esac
	[ "$(name_of 00uanaA)" = ana ]
}

@test "a lost cache is read anew from Okta, and changes nothing" {
	org_start --users 30 --groups 6
	BIN=$REAL ends_with 0 pipeline --config "$ORG/app-config.yaml" --once
	cp catalog/default.yaml before
	[ -n "$(find $STATE/cache -type f)" ]
	rm -r $STATE/cache
	BIN=$REAL ends_with 0 pipeline --config "$ORG/app-config.yaml" --once
	says unchanged
	cmp catalog/default.yaml before
	[ -n "$(find $STATE/cache -type f)" ]
}

@test "a lost status: the guard and the ledger still judge, and the next run records all again" {
	ORG_GROUPS=$(seq -f team-%g 20) stream 00oA ana bob
	ends_with 0 once
	cp org.ndjson whole
	rm $STATUS
	ends_with 75 pipeline --config config.yaml --status
	stream 00oA ana bob
	ends_with 79 once
	rm $STATUS
	ORG_GROUPS=$(seq -f team-%g 20) stream 00oB ana bob
	ends_with 78 once
	says '00oA'
	cp whole org.ndjson
	ends_with 0 once
	says unchanged
	[ "$(field '"\(.org.id) \(.published.file)"')" = "00oA $PWD/catalog/default.yaml" ]
	ends_with 0 pipeline --config config.yaml --status
}

@test "a name that another provider holds is not given to somebody else: live, held, and after that provider was removed" {
	for shell in "${SHELLS[@]}"; do
		rm -rf catalog xdg
		two_providers
		SHELL_UNDER_TEST=$shell ends_with 0 once
		# bob leaves org a; a contractor called bob comes to org b, where ana comes, too.
		sed -i '/00ubobA/d; s/"users":2/"users":1/' a.ndjson
		sed -i '/"End"/d' b.ndjson
		printf '%s\n' '{"kind":"OktaUser","user":{"id":"00ubobB","profile":{"login":"bob@b.c","email":"bob@b.c"}}}' \
			'{"kind":"OktaUser","user":{"id":"00uanaB","profile":{"login":"ana@b.c","email":"ana@b.c"}}}' \
			'{"kind":"End","groups":1,"users":3,"memberships":0}' >> b.ndjson
			SHELL_UNDER_TEST=$shell ends_with 0 once --provider a
		sed -i '/  a:/d' config.yaml
		SHELL_UNDER_TEST=$shell ends_with 0 once
		[ "$(name_of 00ueveB catalog/b.yaml)" = eve ]
		case $(name_of 00ubobB catalog/b.yaml) in bob-????????) ;; *) cat err catalog/b.yaml; return 1 ;; esac
		case $(name_of 00uanaB catalog/b.yaml) in ana-????????) ;; *) return 1 ;; esac
	done
}

# The ledgers that the provider b is given, without $PWD.
reserved() {
	ends_with 0 once --provider b
	reserved=$(argument_of --names-reserved | sed "s|^$PWD/||" | sort | xargs)
}

@test "two providers with one ledger end with 78 before a run, and both keys are named" {
	two_providers 'names: ./one.names' 'names: one.names'
	for mode in --once --check --dry-run; do
		ends_with 78 pipeline --config config.yaml $mode
		says "okta.b.names: $PWD/one.names is the ledger of okta.a.names; give each provider its own"
	done
	[ ! -e one.names ]
}

ledger_line() { # NAMESPACE HOLD [LEFT]
	printf '{"kind":"Ledger","version":1,"namespace":"%s","hold":%s}\n' "$1" "$2"
	printf '{"kind":"User","name":"zoe","id":"00uzoe","since":"2020-01-01T00:00:00Z"%s}\n' "${3:+,\"left\":\"$3\"}"
}

@test "the ledgers of configured providers: one of its own path, none of one without names or of another namespace" {
	note_arguments
	two_providers
	reserved
	[ "$reserved" = xdg/okta-catalog/a/names.ndjson ]
	two_providers 'names: a.names'
	reserved
	[ "$reserved" = a.names ]
	two_providers 'names: false'
	reserved
	[ -z "$reserved" ]
	two_providers 'namespace: acme'
	reserved
	[ -z "$reserved" ]
	[ -e xdg/okta-catalog/.namespace-default.lock ]
	# Until a's next run its names are still of the old namespace.
	mkdir -p xdg/okta-catalog/a
	ledger_line default 1 > xdg/okta-catalog/a/names.ndjson
	reserved
	[ "$reserved" = xdg/okta-catalog/a/names.ndjson ]
	two_providers 'namespace: acme' 'namespace: acme'
	reserved
	[ "$reserved" = xdg/okta-catalog/a/names.ndjson ]
	[ -e xdg/okta-catalog/.namespace-acme.lock ]
	# A provider without names of its own takes none of others either.
	two_providers '' 'names: false'
	reserved
	[ "$reserved" = xdg/okta-catalog/a/names.ndjson ]
	[ "$(argument_of --names-lock)" = 5 ]
	no grep -qx -e --names arguments
}

@test "the ledgers of removed providers: those with a live name or a hold that is not over; folders of others are ignored" {
	note_arguments
	two_providers
	sed -i '/  a:/d' config.yaml
	ago() { date -u -d "$1 ago" +%Y-%m-%dT%H:%M:%SZ; }
	mkdir -p xdg/okta-catalog/{live,held,over,long,old,other,lost+found,stranger,custom}
	cd xdg/okta-catalog
	ledger_line default 86400 > live/names.ndjson
	ledger_line default 86400 "$(ago '20 hours')" > held/names.ndjson
	ledger_line default 86400 "$(ago '30 hours')" > over/names.ndjson
	# Without a header: 180 days.
	ledger_line default 1 "$(ago '170 days')" | tail -n 1 > long/names.ndjson
	ledger_line default 1 "$(ago '190 days')" | tail -n 1 > old/names.ndjson
	ledger_line acme 86400 > other/names.ndjson
	ledger_line default 86400 > lost+found/names.ndjson
	echo '{"name":"mine"}' > stranger/names.ndjson
	: > custom/lock
	ledger_line default 86400 > "$OLDPWD/custom.names"
	jq -n --arg ledger "$OLDPWD/custom.names" '{version: 1, $ledger}' > custom/status.json
	cd "$OLDPWD"
	reserved
	in=xdg/okta-catalog
	[ "$reserved" = "custom.names $in/held/names.ndjson $in/live/names.ndjson $in/long/names.ndjson" ]
	# A clock that was right when the last run ended and is far ahead now ends no hold.
	jq --arg t "$(ago '10 hours')" '.lastSuccess = $t' $in/b/status.json > s
	cp s $in/b/status.json
	ledger_line default 86400 "$(ago '30 hours')" > $in/held/names.ndjson
	reserved
	case $reserved in *held*) ;; *) echo "$reserved"; return 1 ;; esac
	reserved
	case $reserved in *held*) echo "$reserved"; return 1 ;; esac
}

@test "of two providers that start together, the second reads the names of the first" {
	two_providers
	sed 's/00oB/00oA/; s/00ueveB/00ubobB/; s/eve/bob/g' b.ndjson > bob
	cp bob b.ndjson
	fake catalog-emit "case \"\$*\" in *id=*|*/a.yaml*) cat > in.a; : > holds; while [ ! -e go ]; do sleep 0.02; done; exec $REAL/catalog-emit \"\$@\" < in.a ;; esac
exec $REAL/catalog-emit \"\$@\""
	start_pipeline --config config.yaml --once --provider a
	first=$wrapper
	until_true test -e holds
	no lock_is_free
	start_pipeline --config config.yaml --once --provider b
	inode=$(stat -c %i xdg/okta-catalog/.namespace-default.lock)
	until_true grep -q -e "-> FLOCK .*:$inode " /proc/locks
	# Neither the status nor a preview waits.
	ends_with 75 pipeline --config config.yaml --status
	ends_with 0 pipeline --config config.yaml --print-config
	: > go
	wait "$first"
	wait "$wrapper"
	wrapper=
	[ "$(name_of 00ubobA catalog/a.yaml)" = bob ]
	case $(name_of 00ubobB catalog/b.yaml) in bob-????????) ;; *) cat catalog/b.yaml; return 1 ;; esac
}

@test "the lock of the namespace is open to okta-map alone, and free again however a run ends" {
	seen='[ -e /proc/$$/fd/5 ] && echo "$0" | sed "s|.*/||" >> open'
	lock=xdg/okta-catalog/.namespace-default.lock
	printf '#!/bin/sh\n%s\nexec cat\n' "$seen" > transform
	printf '#!/bin/sh\n%s\nflock -n %s true && echo free >> open\n:\n' "$seen" "$lock" > publish
	chmod +x transform publish
	configure 'transform: { okta: { command: [./transform] }, entities: { command: [./transform] } }' 'publish: { command: [./publish] }'
	for shell in "${SHELLS[@]}"; do
		rm -rf open catalog xdg
		for stage in okta-map catalog-emit; do fake $stage "$seen; exec $REAL/$stage \"\$@\""; done
		fake okta-fetch "$seen; cat > /dev/null; cat org.ndjson"
		SHELL_UNDER_TEST=$shell ends_with 0 once
		[ "$(cat open)" = $'okta-map\nfree' ] || { cat open; return 1; }
		lock_is_free
		fake catalog-emit 'cat > /dev/null; exit 74'
		SHELL_UNDER_TEST=$shell ends_with 74 once
		lock_is_free
		for victim in wrapper timeout; do
			rm -f holds
			fake catalog-emit 'cat > /dev/null; : > holds; exec sleep 1000'
			SHELL_UNDER_TEST=$shell start_pipeline --config config.yaml --once
			until_true test -e holds
			no lock_is_free
			case $victim in
			wrapper) kill -KILL "$wrapper" ;;
			timeout) kill -TERM "$wrapper" ;;
			esac
			wait "$wrapper" || true
			wrapper=
			flock -w 20 $lock true
		done
	done
}

@test "a wait for the names of another run is bounded by the timeout of the run" {
	ends_with 0 once
	sed -i 's/timeout: { seconds: 30 }/timeout: { seconds: 1 }/' config.yaml
	exec 4>> xdg/okta-catalog/.namespace-default.lock
	flock 4
	ends_with 75 once 4>&-
	says 'took longer than 1 s'
	exec 4>&-
	sed -i 's/timeout: { seconds: 1 }/timeout: { seconds: 30 }/' config.yaml
	ends_with 0 once
}

@test "a ledger that somebody changes during the run is not replaced: 75, the catalog stays, the next run uses it" {
	ends_with 0 once
	for parts in '' 'split: 3'; do
		[ -z "$parts" ] || { configure "$parts"; ends_with 0 once --force; }
		cat $(find catalog -type f | sort) > before
		stream 00oA ana bob "new$(wc -l < config.yaml)"
		fake okta-fetch "cat > /dev/null; sed -i 's/\"name\":\"bob[0-9]*\"/\"name\":\"bob$(wc -l < config.yaml)\"/' $PWD/$LEDGER; cat org.ndjson"
		ends_with 75 once
		says "found $PWD/$LEDGER changed since this run read it"
		cat $(find catalog -type f | sort) | cmp - before
		grep -q '"name":"bob'"$(wc -l < config.yaml)" $LEDGER
		fake okta-fetch 'cat > /dev/null; cat org.ndjson'
		ends_with 0 once --force
		grep -rq "user:default/bob$(wc -l < config.yaml) " catalog
	done
}

# mv fails to replace the catalog.
without_mv() {
	mkdir -p tools
	printf '#!/bin/sh\ncase "$*" in *catalog/default.yaml) exit 1 ;; esac\nexec %s "$@"\n' "$(type -P mv)" > tools/mv
	chmod +x tools/mv
	PATH=$PWD/tools:$PATH "$@"
}

@test "the ledger is rolled back when the catalog cannot be put in place" {
	for shell in "${SHELLS[@]}"; do
		rm -rf catalog xdg
		stream 00oA ana bob
		SHELL_UNDER_TEST=$shell without_mv ends_with 73 once
		says 'cannot replace ./catalog/default.yaml'
		[ ! -e $LEDGER ]
		SHELL_UNDER_TEST=$shell ends_with 0 once
		cp $LEDGER before
		stream 00oA ana bob eve
		SHELL_UNDER_TEST=$shell without_mv ends_with 73 once
		cmp $LEDGER before
		[ -z "$(find $STATE -maxdepth 1 -name 'names.ndjson.*')" ]
		SHELL_UNDER_TEST=$shell ends_with 0 once
		grep -q 00ueveA $LEDGER
	done
}

@test "the ledger is rolled back when catalog-emit refuses a catalog in parts" {
	configure 'split: 2'
	ORG_GROUPS=$(seq -f team-%g 20) stream 00oA ana
	ends_with 0 once
	cp $LEDGER before
	stream 00oA ana
	ends_with 79 once
	cmp $LEDGER before
}

@test "a ledger that a person changes while catalog-emit places parts stays, though the run is refused" {
	configure 'split: 2'
	for shell in "${SHELLS[@]}"; do
		rm -rf catalog xdg
		ORG_GROUPS=$(seq -f team-%g 20) stream 00oA ana bob
		SHELL_UNDER_TEST=$shell ends_with 0 once
		ORG_GROUPS=$(seq -f team-%g 20) stream 00oA bob
		SHELL_UNDER_TEST=$shell ends_with 0 once
		fake catalog-emit "$REAL/okta-map --names $PWD/$LEDGER --give user:default/ana=00uanna 2> given; exec $REAL/catalog-emit \"\$@\""
		stream 00oA bob eve
		SHELL_UNDER_TEST=$shell ends_with 79 once
		says "$LEDGER was changed after this run wrote it: it stays so"
		[ "$(jq -r 'select(.name == "ana").id' $LEDGER)" = 00uanna ]
		[ -z "$(find $STATE -maxdepth 1 -name 'names.ndjson.*')" ]
		ln -sf "$REAL/catalog-emit" bin/catalog-emit
	done
}

@test "a ledger that the user of the run may not read is reported with its owner and the way to give it back (78)" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can leave a file of root'
	ends_with 0 once
	chmod -R a+rX . && chmod 777 catalog
	chown -R 65534 xdg
	chown 0:0 $LEDGER
	chmod 600 $LEDGER
	for folder in "$PWD" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test"; do chmod a+rx "$folder"; done
	nobody='setpriv --reuid 65534 --clear-groups'
	$nobody test -x "$ROOT/pipeline.sh" -a -x "$BIN/okta-map" || skip 'nobody else may enter this checkout'
	for options in --once --dry-run; do
		for shell in "${SHELLS[@]}"; do
			ends_with 78 $nobody $shell "$ROOT/pipeline.sh" --config config.yaml $options
			says "cannot read the ledger $PWD/$LEDGER (owner root, mode 600): give it to the user of this run: chown nobody $PWD/$LEDGER"
			no grep -q disk err
		done
	done
	# One that may be read need not be the user's own.
	chmod 644 $LEDGER
	stream 00oA ana bob eve
	chmod a+r org.ndjson
	ends_with 0 $nobody "$ROOT/pipeline.sh" --config config.yaml --once
	grep -q 00ueveA $LEDGER
}

@test "a published file keeps its mode, and a new one is readable for all" {
	ends_with 0 once
	[ "$(stat -c %a catalog/default.yaml)" = 644 ]
	for mode in 640 664; do
		chmod $mode catalog/default.yaml
		stream 00oA ana bob "eve$mode"
		ends_with 0 once
		says '1 added'
		[ "$(stat -c %a catalog/default.yaml)" = $mode ]
	done
}

@test "okta-fetch is given the names that the configured groups had, in runs and in --check, and its warning is a finding" {
	configure 'groups: [Search]'
	ORG_GROUPS=Search stream 00oA ana
	# An id that okta-fetch would not take, of another producer, is left out.
	sed -i 's/00gSearch/00gSearch45678901234/; 2{p;s/00gSearch[0-9]*/team-1/}' org.ndjson
	fake okta-fetch "printf '%s\\n' \"\$@\" > arguments; known=\$(grep -A 1 -x -e --known-groups arguments | tail -n 1)
cat \"\$known\" > known; case \"\$*\" in *--check*) exit ;; esac
if [ -e warns ]; then echo '{\"time\":\"t\",\"level\":\"warning\",\"program\":\"okta-fetch\",\"message\":\"group \\\"Search\\\" was renamed in Okta to \\\"Find\\\": it is read by its id 00gSearch45678901234; change the configuration\"}' >&2; fi
cat > /dev/null; cat org.ndjson"
	ends_with 0 once
	[ ! -s known ]
	ends_with 0 once
	[ "$(cat known)" = '00gSearch45678901234 Search' ]
	for shell in "${SHELLS[@]}"; do
		rm known
		SHELL_UNDER_TEST=$shell ends_with 0 pipeline --config config.yaml --check
		[ "$(grep . known)" = '00gSearch45678901234 Search' ]
	done
	: > warns
	ends_with 0 once
	says 'group "Search" was renamed in Okta to "Find"'
	ends_with 0 once
	no grep -q renamed err
	rm warns
	ends_with 0 once
	says 'no longer: okta-fetch: warning: group "Search" was renamed'
	# Who names no group needs no ids of groups.
	sed -i '/groups: /d' config.yaml
	fake okta-fetch "printf '%s\\n' \"\$@\" > arguments; cat > /dev/null; cat org.ndjson"
	ends_with 0 once
	no grep -q known-groups arguments
}

@test "a configured group that is renamed in Okta stays in the catalog, and runs and --check give its new name" {
	org_start --users 20 --groups 4
	export BIN=$REAL
	sed 's/^\( *\)schedule:/\1groups: [Platform]\n&/' "$ORG/app-config.yaml" > "$ORG/c.yaml"
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	id=$(jq -r 'select(.kind == "Group").id' $LEDGER)
	org_tell rename-group "{\"id\":\"$id\",\"name\":\"Platform & Tools\"}"
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	says "group \"Platform\" was renamed in Okta to \"Platform & Tools\": it is read by its id $id"
	[ "$(name_of "$id")" = platform ]
	ends_with 0 pipeline --config "$ORG/c.yaml" --check
	cat out err | grep -q 'was renamed in Okta to "Platform & Tools"'
}

# What the ledgers of older versions lack.
make_ledger_old() {
	jq -c 'select(.kind != "Ledger") | del(.oktaNames)' $LEDGER > old
	mv old $LEDGER
}

# A run has ingested the group Platform of the simulated org, whose id is $id.
ingest_platform() { # KEY...
	org_start --users 20 --groups 4
	export BIN=$REAL
	sed "s/^\( *\)schedule:/\1groups: [Platform]\n&/" \
		"$ORG/app-config.yaml" > "$ORG/c.yaml"
	for key; do sed -i "s/^\( *\)groups:.*/&\n\1$key/" "$ORG/c.yaml"; done
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	id=$(jq -r 'select(.kind == "Group").id' $LEDGER)
}

rename_platform() { # NAME
	org_tell rename-group "{\"id\":\"$id\",\"name\":\"$1\"}"
}

# Each kind of run follows Platform to its new name.
platform_is_followed() { # NEW-NAME NAME
	local renamed="group \"Platform\" was renamed in Okta to \"$1\""
	for shell in "${SHELLS[@]}"; do
		SHELL_UNDER_TEST=$shell ends_with 0 \
			pipeline --config "$ORG/c.yaml" --check
		cat out err | grep -qF "${renamed#*Platform\" }"
		SHELL_UNDER_TEST=$shell ends_with 0 \
			pipeline --config "$ORG/c.yaml" --dry-run
		says "$renamed: it is read by its id $id"
	done
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	says "$renamed: it is read by its id $id"
	[ "$(name_of "$id")" = "$2" ]
}

@test "a configured group that was renamed is followed with the ledger of an older version" {
	ingest_platform
	make_ledger_old
	rename_platform 'Platform & Tools'
	platform_is_followed 'Platform & Tools' platform
	# The ledger knows its new name alone from now on.
	[ "$(jq -c 'select(.kind == "Group").oktaNames' $LEDGER)" = \
		'["Platform & Tools"]' ]
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	[ "$(name_of "$id")" = platform ]
}

@test "a configured group that was renamed is followed with a ledger that was made from the catalog" {
	ingest_platform
	rename_platform 'Platform & Tools'
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	rm $LEDGER
	sed 's/Platform\]/"00g00000000000000000", "Platform \& Tools"]/
		s/groups:.*/&\n        missingGroups: warn/' "$ORG/c.yaml" > "$ORG/now.yaml"
	ends_with 0 pipeline --config "$ORG/now.yaml" --once
	[ "$(jq -c 'select(.kind == "Group").oktaNames' $LEDGER)" = \
		'["Platform & Tools"]' ]
	platform_is_followed 'Platform & Tools' platform
}

@test "the fallback to a group's name in the catalog follows the naming rule, groupsFile and namesFollow" {
	printf 'Platform\r\n' > groups.txt
	ingest_platform 'groupName: profile-name' 'stripPrefix: [Plat]' \
		'namesFollow: true' 'nameHold: 30d' 'collisions: fail' \
		'dropEmptyGroups: true' 'maxRemovals: 100%'
	[ "$(name_of "$id")" = form ]
	sed -i "s|groups: .*|groupsFile: $PWD/groups.txt|" "$ORG/c.yaml"
	make_ledger_old
	rename_platform Tools
	platform_is_followed Tools tools
	# The name that it had is held, and its id is known by it still.
	ends_with 0 pipeline --config "$ORG/c.yaml" --once
	says 'unchanged'
	[ "$(name_of "$id")" = tools ]
}

# known_for LINE...: what okta-fetch would be given with these lines as ledger.
known_for() {
	fake okta-fetch 'while [ $# -gt 1 ] && [ "$1" != --known-groups ]
do shift; done; cat "$2" > known; exit 69'
	mkdir -p $STATE
	printf '%s\n' "$@" > $LEDGER
	ends_with 69 once
	sort known
}

ledger_group() { # NUMBER NAME [MEMBERS]
	printf '{"kind":"Group","name":"%s","id":"00g%017d"%s}\n' "$2" "$1" "$3"
}

@test "a ledger's name stands for a configured group only if it is live, of an Okta id, and no other group's" {
	configure 'groups: [Search Team, "00g00000000000000009"]'
	good='00g00000000000000001 Search Team'
	[ "$(known_for "$(ledger_group 1 SEARCH-team)")" = "$good" ]
	[ -z "$(known_for '{"kind":"Group","name":"search-team","id":"1"}')" ]
	[ -z "$(known_for "$(ledger_group 1 search-team |
		sed s/Group/User/)")" ]
	left=',"left":"2026-11-01T00:00:00Z"'
	[ -z "$(known_for "$(ledger_group 1 search-team "$left")")" ]
	[ "$(known_for "$(ledger_group 1 search-team "$left")" \
		"$(ledger_group 1 find)")" = "$good" ]
	# Two groups claimed the name: either may have been Search Team.
	[ -z "$(known_for "$(ledger_group 1 search-team)" \
		"$(ledger_group 2 search-team-abcdefg2)")" ]
	# The group with this name is another configured one.
	configure 'groupsFile: more'
	echo search-team > more
	[ "$(known_for "$(ledger_group 1 search-team \
		',"oktaNames":["search-team"]')")" = \
		'00g00000000000000001 search-team' ]
	# An unreadable groupsFile is reported by okta-fetch.
	rm more
	[ "$(known_for "$(ledger_group 1 search-team)")" = "$good" ]
}

@test "okta-map names configured groups only if the ledger has no name in Okta for one" {
	configure 'groups: [Search]'
	fake okta-map "[ \"\$2\" = --names ] || [ \"\$1\" = --names ] ||
		echo >> named; exec $REAL/okta-map \"\$@\""
	known_for "$(ledger_group 1 search ',"oktaNames":["Find","Search"]')"
	[ ! -e named ]
	known_for "$(ledger_group 1 search ',"oktaNames":["Find"]')"
	[ -e named ]
}

@test "the command in a finding can be pasted, whatever the paths of the ledger and the state are" {
	two_bobs
	leaver() { # OPTION...
		stream 00oA bob
		ends_with 0 once "$@"
		stream 00oA
		ends_with 0 once --force "$@"
		stream 00oA bob
		sed -i 's/00ubobA/00unew/' org.ndjson
	}
	configure "names: \"it's \\\\ a\$ledger\""
	for shell in "${SHELLS[@]}"; do
		export SHELL_UNDER_TEST=$shell
		for view in lines,plain "lines,it's a \$state" terminal,plain "terminal,it's a \$state"; do
			state=${view#*,}
			rm -rf catalog "$state" "$PWD/it's "*ledger
			leaver --state "$state"
			if [ "${view%%,*}" = lines ]; then
				ends_with 0 once --state "$state"
			else
				script -qec "$shell $ROOT/pipeline.sh --config config.yaml --once --state $(jq -nr --arg s "$state" '$s|@sh')" err > screen < /dev/null
			fi
			way=$(sed -n 's/.*\(okta-map --names .*--give [^ ]*=[A-Za-z0-9]*\).*/\1/p' err)
			[ -n "$way" ]
			(cd / && PATH=$REAL:$PATH sh -c "$way") 2> given
			[ "$(jq -r 'select(.name == "bob").id' "it's \\ a\$ledger")" = 00unew ]
		done
	done
}

@test "a finding names the ledger itself and never the copy of the run, on a terminal, too" {
	fake okta-map "echo 'okta-map: warning: give it: okta-map --names $PWD/$STATE/run/names.ndjson --give x=y' >&2; exec $REAL/okta-map \"\$@\""
	for shell in "${SHELLS[@]}"; do
		SHELL_UNDER_TEST=$shell
		export SHELL_UNDER_TEST
		script -qec "$shell $ROOT/pipeline.sh --config config.yaml --once" /dev/null > screen < /dev/null
		grep -q -e "--names $PWD/$LEDGER --give" screen
		no grep -q run/names.ndjson screen
	done
	sed -i '$s/exec .*/exit 65/' bin/okta-map
	result=0
	script -qec "dash $ROOT/pipeline.sh --config config.yaml --once" /dev/null > screen < /dev/null || result=$?
	[ "$result" -eq 65 ]
}

@test "signIn: the line of each run counts who could not sign in, and names some" {
	configure 'signIn: email-annotation'
	stream 00oA ana bob cy
	sed -i 's/"email":"bob@b.c"/"email":"ana@b.c"/' org.ndjson
	for run in 'first publication' unchanged; do
		ends_with 0 once
		says "$run: 1 groups, 3 users in ./catalog/default.yaml, 2 could not sign in (email-annotation: user:default/ana, user:default/ana-$(suffix 00ubobA)) ("
	done
	sed -i '/email-annotation/d' config.yaml
	ends_with 0 once
	no grep -q 'sign in (' err
}

@test "the line of a run names what passed to another Okta id" {
	ends_with 0 once
	configure 'maxTakenOver: 1' 'transform:' \
		"  entities: 'if .metadata.name == \"bob\" then .metadata.annotations[\"okta.com/user-id\"] = \"00u9\" else . end'"
	ends_with 0 once
	says '1 taken over (user:default/bob)'
}
