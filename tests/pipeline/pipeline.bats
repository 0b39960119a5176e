#!/usr/bin/env bats
# pipeline.sh: with stages that misbehave on demand, and against the simulated org.

load ../filter/org
load stages

setup() {
	own_place
}

teardown() {
	org_stop
	# A test that failed must leave nothing running.
	[ -z "${wrapper:-}" ] || kill -TERM "$wrapper" 2>/dev/null || true
}

@test "Portal's configuration against the simulated org, DPoP required: published, unchanged the second time" {
	org_start --users 60 --groups 9
	ends_with 0 pipeline --config "$ORG/app-config.yaml" --once
	says 'first publication'
	says "target: $PWD/catalog/default.yaml"
	says 'allow: [User, Group]'
	[ "$(stat -c %a catalog/default.yaml)" = 644 ]
	[ "$(grep -c '^kind: User' catalog/default.yaml)" -eq "$(wc -l < "$ORG/users.ndjson")" ]
	before=$(stat -c '%i %y' catalog/default.yaml)
	ends_with 0 pipeline --config "$ORG/app-config.yaml" --once
	says 'unchanged'
	[ "$(stat -c '%i %y' catalog/default.yaml)" = "$before" ]
	[ "$(jq -r '.state, .published.users' xdg/okta-catalog/default/status.json | xargs)" = "ok $(wc -l < "$ORG/users.ndjson")" ]
	[ "$(jq .okta.calls xdg/okta-catalog/default/status.json)" -ge 3 ]
	ends_with 0 pipeline --config "$ORG/app-config.yaml" --status
	grep -q 'default: fresh' out
}

@test "the same in JSON, groups by name, the key from the environment" {
	org_start --users 30 --groups 9
	jq -n --arg url "$OKTA_CLIENT_ORGURL" --arg id "$OKTA_CLIENT_CLIENTID" --arg kid "$OKTA_CLIENT_PRIVATEKEYID" --arg ca "$ORG/ca.pem" \
		'{catalog: {providers: {okta: [{id: "acme", oktaUrl: $url, clientId: $id, keyId: $kid, privateKey: "${THE_KEY}", caFile: $ca,
			groups: ["Platform", "Payments"], schedule: {frequency: "30m", timeout: "PT30M"}}]}}}' > c.json
	THE_KEY=$(cat "$ORG/key.pem") ends_with 0 pipeline --config c.json --once
	[ "$(grep -c '^kind: Group' catalog/acme.yaml)" -eq 2 ]
}

@test "a failing stage is named, its status is the answer, the catalog stays" {
	fake_stages
	ends_with 0 pipeline --config config.yaml --once
	cp -p catalog/default.yaml before
	fake okta-fetch 'cat > /dev/null; cat org.ndjson | head -n 2; echo "okta-fetch: refused" >&2; exit 77'
	ends_with 77 pipeline --config config.yaml --once
	says 'default: okta-fetch ended with status 77; the catalog stays'
	fake okta-fetch 'cat > /dev/null; cat org.ndjson; exit 69'
	ends_with 69 pipeline --config config.yaml --once
	fake okta-fetch 'cat > /dev/null; sed s/web/webs/ org.ndjson; kill -KILL $$'
	ends_with 70 pipeline --config config.yaml --once
	says 'okta-fetch was killed by signal 9'
	fake okta-fetch 'cat > /dev/null; head -n -1 org.ndjson'
	ends_with 65 pipeline --config config.yaml --once
	says 'okta-map ended with status 65'
	fake okta-fetch 'cat > /dev/null; sed s/web/webs/ org.ndjson'
	fake catalog-emit "$REAL/catalog-emit \"\$@\"; exit 74"
	ends_with 74 pipeline --config config.yaml --once
	says 'catalog-emit ended with status 74'
	cmp catalog/default.yaml before
	[ "$(ls -A catalog)" = default.yaml ]
	[ "$(jq .consecutiveFailures xdg/okta-catalog/default/status.json)" -eq 5 ]
}

@test "started through a symbolic link, with CDPATH, without HOME" {
	fake_stages
	shell=${SHELL_UNDER_TEST:-dash}
	mkdir -p links/pipeline tools
	ln -s "$ROOT/pipeline.sh" links/first
	ln -s first links/okta-catalog
	# What follows the link sees no secret.
	printf '#!/bin/sh\nenv > %s\nexec /usr/bin/readlink "$@"\n' "$PWD/environment" > tools/readlink
	chmod +x tools/readlink
	THE_KEY='of no other
	export LINES=1' PATH=$PWD/tools:$PATH ends_with 0 $shell links/okta-catalog --config config.yaml --once
	grep -q '^PATH=' environment
	no grep -q -e THE_KEY -e 'of no other' -e BIN environment
	ln -s "$ROOT" home
	mkdir -p elsewhere/home
	CDPATH=$PWD/elsewhere:$PWD ends_with 0 $shell home/pipeline.sh --config config.yaml --once
	ends_with 64 env -u HOME -u XDG_STATE_HOME -u STATE_DIRECTORY $shell "$ROOT/pipeline.sh" --config config.yaml --once
	says 'no place for the state: give --state DIR, or set HOME'
	ends_with 0 env -u HOME -u XDG_STATE_HOME $shell "$ROOT/pipeline.sh" --config config.yaml --state st --once
}

@test "a run past its timeout is stopped with all its children" {
	fake_stages
	sed -i 's/timeout: { seconds: 30 }/timeout: { seconds: 1 }/' config.yaml
	fake okta-fetch 'cat > /dev/null; echo $$ > fetch.pid; trap "" TERM; sleep 1000 & echo $! > child.pid; wait; sleep 1000'
	ends_with 75 pipeline --config config.yaml --once
	says 'took longer than 1 s'
	gone "$(cat fetch.pid)"
	gone "$(cat child.pid)"
	[ ! -e catalog/default.yaml ]
}

@test "TERM ends the run and its children, by the same signal" {
	fake_stages
	for mode in --once ''; do
		rm -f fetch.pid
		fake okta-fetch 'cat > /dev/null; echo $$ > fetch.pid.new; mv fetch.pid.new fetch.pid; exec sleep 1000'
		# shellcheck disable=SC2086
		dash "$ROOT/pipeline.sh" --config config.yaml $mode > out 2> err 3>&- &
		wrapper=$!
		while [ ! -e fetch.pid ]; do kill -0 "$wrapper"; done
		kill -TERM "$wrapper"
		status=0
		wait "$wrapper" || status=$?
		[ "$status" -eq 143 ]
		gone "$(cat fetch.pid)"
		[ -z "$(ls -A catalog)" ]
	done
}

@test "two runs of one provider never overlap: 75" {
	fake_stages
	fake okta-fetch 'cat > /dev/null; : > started; while [ ! -e go ]; do :; done; cat org.ndjson'
	dash "$ROOT/pipeline.sh" --config config.yaml --once > out 2> err 3>&- &
	first=$!
	while [ ! -e started ]; do kill -0 "$first"; done
	ends_with 75 pipeline --config config.yaml --once
	says 'another run holds'
	: > go
	wait "$first"
}

@test "the schedule runs again and again; a broken configuration is reported and the last good one used" {
	fake_stages
	fake okta-fetch 'cat > /dev/null; echo run >> runs; cat org.ndjson'
	dash "$ROOT/pipeline.sh" --config config.yaml > out 2> err 3>&- &
	wrapper=$!
	while [ "$(cat runs 2>/dev/null | wc -l)" -lt 2 ]; do kill -0 "$wrapper"; done
	echo 'catalog: [' > config.yaml
	while ! grep -q 'the last good one' err; do kill -0 "$wrapper"; done
	seen=$(wc -l < runs)
	while [ "$(wc -l < runs)" -le "$seen" ]; do kill -0 "$wrapper"; done
	kill -TERM "$wrapper"
	status=0
	wait "$wrapper" || status=$?
	[ "$status" -eq 143 ]
	[ -s catalog/default.yaml ]
}

@test "the secret is in no argument, no file and no environment but where it must be" {
	fake_stages
	sed -i 's/"the secret of this test"/"${SECRET_VARIABLE}"/' config.yaml
	fake okta-fetch 'cat > received; { tr "\0" "\n" < /proc/$$/cmdline; tr "\0" "\n" < /proc/$$/environ; tr "\0" "\n" < /proc/$PPID/environ; } > seen.fetch; cat org.ndjson'
	fake okta-map "{ tr '\\0' '\\n' < /proc/\$\$/cmdline; tr '\\0' '\\n' < /proc/\$\$/environ; } > seen.map; exec $REAL/okta-map \"\$@\""
	fake catalog-emit "{ tr '\\0' '\\n' < /proc/\$\$/cmdline; tr '\\0' '\\n' < /proc/\$\$/environ; } > seen.emit; exec $REAL/catalog-emit \"\$@\""
	SECRET_VARIABLE='the secret of this test' ends_with 0 pipeline --config config.yaml --once
	[ "$(cat received)" = 'the secret of this test' ]
	rm received
	[ -z "$(grep -r 'the secret of this test' .)" ]
	SECRET_VARIABLE='the secret of this test' ends_with 0 pipeline --config config.yaml --print-config
	[ -z "$(grep 'the secret of this test' out err)" ]
	grep -q okta-map out
}

@test "what is wrong in the configuration is said with its path, all at once: 78" {
	fake_stages
	cp config.yaml good.yaml
	cat > config.yaml <<-'YAML'
		catalog:
		  providers:
		    okta:
		      default:
		        oktaUrl: https://acme-admin.okta.com
		        clientId: 5
		        privateKey: ${NO_SUCH_VARIABLE}
		        gruops: [x]
		        schedule: { frequency: { minute: 30 } }
	YAML
	ends_with 78 pipeline --config config.yaml --once
	says 'catalog.providers.okta.default.oktaUrl: is the admin console'
	says 'catalog.providers.okta.default.clientId: expected text, found 5'
	says 'catalog.providers.okta.default.privateKey: the environment has no variable NO_SUCH_VARIABLE'
	says 'catalog.providers.okta.default.schedule.frequency'
	says 'catalog.providers.okta.default.schedule.timeout: missing'
	printf 'a: 1\na: 2\n' > config.yaml
	ends_with 78 pipeline --config config.yaml --once
	says 'config.yaml: line 2'
	sed 's/"the secret of this test"/{ $file: no-such-key.pem }/' good.yaml > config.yaml
	ends_with 78 env BIN="$REAL" dash "$ROOT/pipeline.sh" --config config.yaml --once
	says 'no-such-key.pem'
	ends_with 78 pipeline --config nowhere.yaml --once
	says 'nowhere.yaml'
	[ ! -e catalog/default.yaml ]
}

@test "an unknown key: a warning with the nearest name, an error under --check" {
	fake_stages
	sed -i 's/keyId: k/keyId: k\n        gruops: [web]/' config.yaml
	ends_with 0 pipeline --config config.yaml --once
	says 'gruops: nobody reads this key; did you mean `groups`?'
	ends_with 78 pipeline --config config.yaml --check
}

@test "several providers side by side in the configuration; one failing does not touch the other" {
	fake_stages
	cat > config.yaml <<-'YAML'
		catalog: { providers: { okta: {
		  a: { oktaUrl: 'https://a.okta.com', clientId: c, keyId: k, privateKey: p, schedule: { frequency: 30m, timeout: 30m } },
		  b: { oktaUrl: 'https://b.okta.com', clientId: c, keyId: k, privateKey: p, schedule: { frequency: 30m, timeout: 30m } } } } }
	YAML
	fake okta-fetch 'cat > /dev/null; case "$*" in *"--id a "*) exit 77 ;; esac; sed s/default/b/ org.ndjson'
	ends_with 77 pipeline --config config.yaml --once
	[ ! -e catalog/a.yaml ]
	[ -s catalog/b.yaml ]
	ends_with 0 pipeline --config config.yaml --once --provider b
}

@test "folders that cannot be written, missing tools, --help" {
	fake_stages
	: > file
	ends_with 73 pipeline --config config.yaml --once --output file/x
	says 'cannot write'
	rm bin/okta-map
	ends_with 78 pipeline --config config.yaml --once
	says 'run make first'
	ends_with 64 pipeline --once
	ends_with 64 pipeline --nonsense
	ends_with 0 pipeline --help
	[ "$(wc -l < out)" -le 24 ]
}

@test "bash runs it as dash does" {
	fake_stages
	SHELL_UNDER_TEST=bash ends_with 0 pipeline --config config.yaml --once
	says 'first publication'
}
