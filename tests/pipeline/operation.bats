#!/usr/bin/env bats
# What an operator sees of pipeline.sh: status, metrics, messages; and what people hang into it: transforms, publish.

load ../filter/org
load stages

setup() {
	own_place
	fake_stages '{ minutes: 30 }'
}

once() {
	pipeline --config config.yaml --once "$@"
}

add_group() { # ID NAME
	sed -i "2i {\"kind\":\"OktaGroup\",\"group\":{\"id\":\"$1\",\"profile\":{\"name\":\"$2\"}}}" org.ndjson
	sed -i "s/\"groups\":[0-9]*/\"groups\":$(grep -c '"OktaGroup"' org.ndjson)/" org.ndjson
}

@test "--status: never ran, fresh, failing but fresh, too old, cut off" {
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'default: not fresh, no run has ended yet' out
	ends_with 0 once
	ends_with 0 pipeline --config config.yaml --status
	grep -q "default: fresh, last success .*, 1 groups and 1 users in $PWD/catalog/default.yaml" out
	fake okta-fetch 'cat > /dev/null; exit 69'
	ends_with 69 once
	ends_with 0 pipeline --config config.yaml --status
	grep -q 'default: fresh, .*; 1 failed since, the last at .*: okta-fetch ended with status 69' out
	# Twice the frequency and the timeout of 30 seconds.
	jq '.lastSuccess = (now - 3620 | todate)' $STATE/status.json > s && cp s $STATE/status.json
	ends_with 0 pipeline --config config.yaml --status
	jq '.lastSuccess = (now - 3640 | todate)' $STATE/status.json > s && cp s $STATE/status.json
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'default: not fresh' out
	jq '.lastSuccess = (now + 3600 | todate)' $STATE/status.json > s && cp s $STATE/status.json
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'default: not fresh, last success .*, which is in the future: a clock was wrong' out
	jq '.state = "running" | .runningSince = "2026-11-24T04:00:00Z"' $STATE/status.json > s && cp s $STATE/status.json
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'the run of 2026-11-24T04:00:00Z was cut off' out
	printf '{"version' > $STATE/status.json
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'default: not fresh, .*status.json is damaged: the next run writes it anew' out
	fake okta-fetch 'cat > /dev/null; cat org.ndjson'
	ends_with 0 once
	ends_with 0 pipeline --config config.yaml --status
}

@test "--status: a catalog that is gone, or a part of it, is not fresh, and who may not read the state is told so" {
	ends_with 0 once
	mv catalog/default.yaml kept
	ends_with 75 pipeline --config config.yaml --status
	grep -q "default: not fresh, $PWD/catalog/default.yaml is not there, last success" out
	ends_with 75 pipeline --config config.yaml --status --output elsewhere
	mkdir -p other
	(cd other && ends_with 75 pipeline --config ../config.yaml --status --state ../xdg/okta-catalog)
	mv kept catalog/default.yaml
	(cd other && ends_with 0 pipeline --config ../config.yaml --status --state ../xdg/okta-catalog)
	ends_with 0 pipeline --config config.yaml --status
	configure 'split: 3'
	ends_with 0 once --force
	ends_with 0 pipeline --config config.yaml --status
	rm catalog/default/001.yaml
	ends_with 75 pipeline --config config.yaml --status
	grep -q "default: not fresh, parts of $PWD/catalog/default.yaml are not there" out
	rm $STATE/status.json
	mkdir $STATE/status.json
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'status.json is a folder: remove it' out
	[ "$(id -u)" -eq 0 ] || skip 'only root can ask as somebody else'
	for folder in "$PWD" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" xdg; do chmod a+rx "$folder"; done
	nobody='setpriv --reuid 65534 --clear-groups'
	$nobody test -x "$ROOT/pipeline.sh" -a -x "$BIN/okta-map" || skip 'nobody else may enter this checkout'
	ends_with 75 $nobody "$ROOT/pipeline.sh" --config config.yaml --status --state xdg/okta-catalog
	grep -q 'default: not fresh, xdg/okta-catalog cannot be read: ask as the user who runs it' out
}

@test "a damaged ledger is named where it is; a transform that passes nothing on is blamed for it" {
	ends_with 0 once
	echo bad >> $STATE/names.ndjson
	ends_with 65 once
	grep -q "okta-map: .*$STATE/names.ndjson: line [0-9]*: " err
	no grep -q 'run/names.ndjson' err
	jq -r .lastRun.message $STATE/status.json > message
	no grep -q 'run/names.ndjson' message
	sed -i '/^bad$/d' $STATE/names.ndjson
	ends_with 0 once
	configure 'transform: { entities: { command: "cat > /dev/null" } }'
	ends_with 65 once
	says 'transform.entities wrote nothing, though it ended with 0; the catalog stays as it was'
	sed -i 's/entities: { command: "cat/okta: { command: "cat/' config.yaml
	ends_with 65 once
	says 'transform.okta wrote nothing, though it ended with 0; the catalog stays as it was'
}

@test "metrics: a last success in the future is none, so that the catalog is not fresh" {
	ends_with 0 once
	jq '.lastSuccess = (now + 86400 | todate)' $STATE/status.json > s && cp s $STATE/status.json
	fake okta-fetch 'cat > /dev/null; exit 69'
	ends_with 69 once
	grep -q '^okta_catalog_fresh_until_timestamp_seconds{provider="default"} 0$' $STATE/metrics.prom
	grep -q '^okta_catalog_last_success_timestamp_seconds{provider="default"} 0$' $STATE/metrics.prom
}

@test "metrics.prom is read by Prometheus' own parser, and holds the truth" {
	ends_with 0 once
	fake okta-fetch 'cat > /dev/null; exit 77'
	ends_with 77 once
	/usr/bin/python3 - $STATE/metrics.prom $STATE/status.json <<-'PY'
		import json, sys, datetime
		from prometheus_client.parser import text_string_to_metric_families
		families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
		status = json.load(open(sys.argv[2]))
		found = {(s.name, s.labels.get("result")): s.value for f in families for s in f.samples}
		assert all(f.documentation and f.type in ("gauge", "counter") for f in families), families
		assert all(s.labels["provider"] == "default" for f in families for s in f.samples)
		seconds = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
		assert found["okta_catalog_last_success_timestamp_seconds", None] == seconds(status["lastSuccess"])
		assert found["okta_catalog_fresh_until_timestamp_seconds", None] == seconds(status["lastSuccess"]) + 2 * 1800 + 30
		assert found["okta_catalog_last_run_exit_status", None] == 77
		assert found["okta_catalog_consecutive_failures", None] == 1
		assert found["okta_catalog_runs_total", "ok"] == 1 and found["okta_catalog_runs_total", "failed"] == 1
		assert found["okta_catalog_users", None] == 1
	PY
}

@test "one line a run; a finding is told when it comes and when it is gone" {
	configure "transform: { entities: 'if .metadata.name == \"odd\" then .spec.type = 5 else . end' }"
	add_group 00g2 odd
	ends_with 0 once
	says 'catalog-emit: warning: '
	ends_with 0 once
	[ "$(wc -l < err)" -eq 1 ]
	says 'okta-catalog: default: unchanged: 1 groups, 1 users in ./catalog/default.yaml, 1 invalid'
	# The line moves, the finding stays. A run that fails says nothing of what it did not come to.
	add_group 00g3 other
	ends_with 0 once
	says '1 added'
	no grep -q 'catalog-emit' err
	fake okta-fetch 'cat > /dev/null; exit 69'
	ends_with 69 once
	[ "$(wc -l < err)" -eq 1 ]
	fake okta-fetch 'cat > /dev/null; cat org.ndjson'
	sed -i '/"odd"/d; s/"groups":3/"groups":2/' org.ndjson
	ends_with 0 once
	says 'no longer: catalog-emit: warning: '
	ends_with 0 once
	[ "$(wc -l < err)" -eq 1 ]
	ends_with 0 once -q
	[ ! -s err ]
}

@test "a suffix is reported when it is given, and not as gone when the next run finds it in the catalog or the ledger" {
	for names in '' 'names: false'; do
		rm -rf catalog xdg
		[ -z "$names" ] || configure "$names"
		add_group 00g2 Web
		ends_with 0 once
		says 'okta-map: warning: group 00g2 is named web-'
		ends_with 0 once
		[ "$(wc -l < err)" -eq 1 ]
		says 'okta-catalog: default: unchanged: 2 groups, 1 users in ./catalog/default.yaml'
		sed -i '/"Web"/d; s/"groups":2/"groups":1/' org.ndjson
	done
}

@test "--log-format json: every line is an object with time, level, program, message; an error has its status" {
	add_group 00g2 Web
	ends_with 0 once --log-format json
	fake okta-map 'echo "not JSON" >&2; exit 65'
	ends_with 65 once --log-format json
	jq -e -s 'all(.[]; (.time | fromdate) and .level and .program and .message and .provider == "default")
		and any(.[]; .level == "error" and .exit == 65 and .program == "okta-catalog")
		and any(.[]; .message == "not JSON")' err
	ends_with 64 pipeline --config config.yaml --once --log-format xml
}

@test "the guard's refusal shows what would vanish, and the line that lets it pass" {
	for n in $(seq 20); do add_group "00g1$n" "team-$n"; done
	ends_with 0 once
	cp catalog/default.yaml before
	sed -i '/"team-/d; s/"groups":21/"groups":1/' org.ndjson
	ends_with 79 once
	says 'group:default/team-'
	cmp catalog/default.yaml before
	[ "$(jq -r .state $STATE/status.json)" = refused ]
	line=$(sed -n 's/.*to let it pass once: //p' err)
	fake okta-fetch "cat > /dev/null; cat $PWD/org.ndjson"
	(cd / && eval "$line")
	[ "$(grep -c '^kind: Group' catalog/default.yaml)" -eq 1 ]
}

@test "transforms: jq and commands between the stages; a record that fails stops everything and is named" {
	configure 'transform:' '  okta: |' '    if .kind == "OktaGroup" then .group.profile.name |= "x-" + . else . end # a remark' \
		"  entities: { command: [sed, 's/a@b.c/q@b.c/'] }"
	ends_with 0 once
	grep -q 'name: "\?x-web' catalog/default.yaml
	grep -q 'q@b.c' catalog/default.yaml
	cp catalog/default.yaml before
	cp config.yaml good.yaml
	sed -i 's/"x-" + \./. + 1/' config.yaml
	ends_with 65 once
	says 'transform.okta: '
	cmp catalog/default.yaml before
	sed 's/if .kind/if if .kind/' good.yaml > config.yaml
	ends_with 78 once
	says 'catalog.providers.okta.default.transform.okta: is no jq program: syntax error, unexpected $end, line '
	sed "s/command: .*/command: 'exit 3' }/" good.yaml > config.yaml
	ends_with 70 once
	says 'default: transform.entities ended with status 3'
	sed "s/command: .*/command: 'cat; exit 74' }/" good.yaml > config.yaml
	ends_with 74 once
	says 'default: transform.entities ended with status 74'
	sed "s/command: .*/command: 'head -n 1' }/" good.yaml > config.yaml
	ends_with 65 once
	sed "s/command: .*/command: [no-such-program] }/" good.yaml > config.yaml
	ends_with 78 once
	says 'transform.entities cannot be run'
	cmp catalog/default.yaml before
	sed "s/command: .*/command: 'exec sleep 1000' }/; s/timeout: { seconds: 30 }/timeout: { seconds: 1 }/" good.yaml > config.yaml
	ends_with 75 once
	cmp catalog/default.yaml before
}

@test "publish: after a change, with the file and the summary; repeated until it succeeds, not fresh until then" {
	configure "publish: { command: 'echo \"\$OKTA_CATALOG_ID \$OKTA_CATALOG_FILE\" >> published; jq -c .added \"\$OKTA_CATALOG_SUMMARY\" >> published; [ -e well ]' }"
	ends_with 70 once
	says 'publish ended with status 1; ./catalog/default.yaml is in place; the next run publishes it again'
	[ "$(sed -n 1p published)" = "default $PWD/catalog/default.yaml" ]
	[ "$(sed -n 2p published)" = '["group:default/web","user:default/a"]' ]
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'not published on' out
	: > well
	ends_with 0 once
	says 'unchanged'
	[ "$(sed -n 4p published)" = '["group:default/web","user:default/a"]' ]
	ends_with 0 pipeline --config config.yaml --status
	ends_with 0 once
	[ "$(wc -l < published)" -eq 4 ]
	sed -i 's/timeout: { seconds: 30 }/timeout: { seconds: 1 }/; s/\[ -e well \]/exec sleep 1000/' config.yaml
	add_group 00g9 more
	ends_with 75 once
	grep -q 'group:default/more' catalog/default.yaml
}

@test "publish: another change after one that failed: the newest file, with the summary of the last change" {
	configure "publish: 'cp \"\$OKTA_CATALOG_FILE\" file && jq -c .added \"\$OKTA_CATALOG_SUMMARY\" > added && test -e open'"
	ends_with 70 once
	add_group 00g2 second
	ends_with 70 once
	add_group 00g3 third
	ends_with 70 once
	touch open
	ends_with 0 once
	says unchanged
	[ "$(cat added)" = '["group:default/third"]' ]
	cmp file catalog/default.yaml
	grep -q 'name: second' file
	[ ! -e $STATE/publish.json ]
}

@test "a daemon that publish leaves keeps neither the lock nor the run; what publish says is told" {
	printf '#!/bin/sh\necho $$ > daemon\nexec sleep 20\n' > linger
	configure "publish: 'setsid -f sh ./linger; while [ ! -s daemon ]; do :; done; echo said; echo told >&2'"
	result=0
	ends_with 0 once && says said && says told && kill -0 "$(cat daemon)" && ends_with 0 once || result=1
	kill "$(cat daemon)"
	[ "$result" -eq 0 ]
}

@test "two providers that publish the same ref are warned about, once" {
	cat > config.yaml <<-'YAML'
		okta:
		  a: { oktaUrl: 'https://a.okta.com', clientId: c, keyId: k, privateKey: p, schedule: { frequency: 30m, timeout: 30m } }
		  b: { oktaUrl: 'https://b.okta.com', clientId: c, keyId: k, privateKey: p, schedule: { frequency: 30m, timeout: 30m } }
	YAML
	fake okta-fetch 'cat > /dev/null; case "$*" in *"--id a "*) id=a ;; *) id=b ;; esac; sed "s/default/$id/; s/acme/$id/" org.ndjson'
	ends_with 0 once --provider a
	ends_with 0 once --provider b
	ends_with 0 once
	cat err
	ends_with 0 once
	if grep -q 'is published by' err; then false; fi
	cat xdg/okta-catalog/*/findings | grep -q 'is published by provider a, too: group:default/web user:default/a'
}

@test "the ledger of names is replaced only by a run that ends well" {
	fake okta-map "case \"\$*\" in *--help*) echo '--names FILE'; exit ;; esac
		while [ \$# -gt 0 ]; do [ \"\$1\" != --names ] || ledger=\$2; shift; done
		[ -z \"\$ledger\" ] || cat given >> \"\$ledger\"; exec $REAL/okta-map"
	echo one > given
	ends_with 0 once
	[ "$(cat $STATE/names.ndjson)" = one ]
	echo two > given
	fake catalog-emit "$REAL/catalog-emit \"\$@\"; exit 74"
	ends_with 74 once
	[ "$(cat $STATE/names.ndjson)" = one ]
	ln -sf "$REAL/catalog-emit" bin/catalog-emit
	ends_with 0 once
	[ "$(paste -s -d ' ' $STATE/names.ndjson)" = 'one two' ]
	configure 'names: false'
	echo three > given
	ends_with 0 once
	[ "$(paste -s -d ' ' $STATE/names.ndjson)" = 'one two' ]
}

@test "what publish says is publish's, on both outputs; with --log-format json it is JSON" {
	configure "publish: 'echo uploaded; echo slowly >&2'"
	ends_with 0 once
	grep -qx 'publish: uploaded' err
	grep -qx 'publish: slowly' err
	add_group 00g2 more
	ends_with 0 once --log-format json
	[ "$(jq -R -r 'fromjson | select(.program == "publish").message' err | paste -s -d ' ')" = 'uploaded slowly' ]
}

# The child of the wrapper that has started the stages.
provider_process() {
	for child in $(pgrep -P "$wrapper" -f pipeline.sh); do
		if pgrep -P "$child" -x timeout > /dev/null; then echo "$child"; fi
	done
}

@test "what is killed, by the kernel it may be, is told in our own words alone: JSON stays JSON" {
	fake okta-fetch 'touch begun; exec sleep 100'
	for shell in dash bash 'busybox sh'; do
		for victim in timeout pipeline.sh; do
			rm -f begun
			SHELL_UNDER_TEST=$shell start_pipeline --config config.yaml --once --log-format json
			until_true test -e begun
			victim_pid=$(provider_process)
			[ "$victim" = pipeline.sh ] || victim_pid=$(pgrep -P "$victim_pid" -x timeout)
			kill -KILL "$victim_pid"
			status=0
			wait "$wrapper" || status=$?
			wrapper=
			[ "$status" -eq 70 ] || { echo "$shell $victim: $status"; cat err; return 1; }
			jq -R -e 'fromjson | select(.level == "error")' err > said || { echo "$shell"; cat err; return 1; }
			[ -s said ]
		done
	done
}

@test "a key file that vanishes while it runs: 78 with its path, and okta-fetch is not started" {
	echo 'the key' > key.pem
	sed -i 's/privateKey: .*/privateKey: { $file: key.pem }/; s/frequency: {[^}]*}/frequency: { hours: 1 }/' config.yaml
	fake okta-fetch 'cat > /dev/null; echo run >> runs; cat org.ndjson'
	start_pipeline --config config.yaml --log-format json
	until_true jq -e '.state == "ok"' $STATE/status.json
	rm key.pem
	kill -USR1 "$wrapper"
	until_true jq -e '.lastRun.exit == 78' $STATE/status.json
	jq -e '.lastRun.message | test("catalog.providers.okta.default.privateKey: .*/key.pem cannot be read")' $STATE/status.json
	[ "$(lines_of runs)" -eq 1 ]
	# It is told when it breaks and when it is mended, each once.
	kill -USR1 "$wrapper"
	until_true jq -e '.consecutiveFailures == 2' $STATE/status.json
	echo 'the key' > key.pem
	kill -USR1 "$wrapper"
	until_true jq -e '.state == "ok"' $STATE/status.json
	stop_pipeline
	[ "$(grep -c 'is broken: going on with the last good one' err)" -eq 1 ]
	[ "$(grep -c 'the configuration is good again' err)" -eq 1 ]
	jq -R -e 'fromjson' err > /dev/null
}

@test "a run leaves no file behind, whether it ends well or not" {
	ends_with 0 once
	find . -type f | sort > first
	for n in 1 2 3; do
		ends_with 0 once
		fake okta-fetch 'cat > /dev/null; exit 69'
		ends_with 69 once
		fake okta-fetch 'cat > /dev/null; cat org.ndjson'
	done
	ends_with 0 once
	find . -type f ! -name first | sort | diff <(grep -v './first' first) -
}

@test "a split catalog is put in place only when all stages before catalog-emit ended well" {
	"$REAL/catalog-emit" --help | grep -q -e --split || skip "catalog-emit cannot split"
	configure 'split: 3' "publish: { command: 'echo again >> published' }"
	ends_with 0 once
	[ "$(ls catalog/default)" = "$(printf '00%s.yaml\n' 0 1 2)" ]
	cat catalog/default.yaml catalog/default/* > before
	add_group 00g2 more
	fake okta-fetch 'cat > /dev/null; cat org.ndjson; exit 77'
	ends_with 77 once
	cat catalog/default.yaml catalog/default/* | cmp - before
	fake okta-fetch 'cat > /dev/null; cat org.ndjson'
	ends_with 0 once
	says '1 added'
	grep -q 'group:default/more' catalog/default/*.yaml
	ends_with 0 once
	[ "$(wc -l < published)" -eq 2 ]
}

@test "a run that changes nothing starts few programs" {
	mkdir tools
	printf '#!/bin/sh\necho "${0##*/}" >> %s\nexec %s/"${0##*/}" "$@"\n' "$PWD/started" "$(dirname "$(command -v jq)")" > counted
	chmod +x counted
	for tool in awk basename cat chmod cmp comm cp date df dirname flock grep head jq ln mkdir mkfifo mv readlink rm sed sort tail tee timeout touch tr; do
		ln -s ../counted "tools/$tool"
	done
	fake okta-fetch "exec $(command -v cat) org.ndjson"
	ends_with 0 once
	PATH="$PWD/tools:$PATH" ends_with 0 once
	says unchanged
	[ "$(wc -l < started)" -le 24 ] || { sort started | uniq -c; return 1; }
	[ "$(grep -c jq started)" -le 8 ]
}
