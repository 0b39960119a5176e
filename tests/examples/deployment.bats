#!/usr/bin/env bats
# The deployment examples, run as they are written against the simulated org. Only what they name of a machine is moved
# below $ROOT_DIR: /usr/local, /etc/okta-catalog, /var/lib/okta-catalog, /run/secrets.

load ../filter/org

EXAMPLES=$BATS_TEST_DIRNAME/../../examples

setup_file() {
	export ROOT_DIR=$BATS_FILE_TMPDIR/root
	env -u B -u BIN -u MAKEFLAGS make -s -C "$BATS_TEST_DIRNAME/../.." install PREFIX="$ROOT_DIR/usr/local" > /dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	unset OKTA_CLIENT_ORGURL OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_TOKEN
	rm -rf "$ROOT_DIR/etc" "$ROOT_DIR/var" "$ROOT_DIR/run"
	mkdir -p "$ROOT_DIR/etc/okta-catalog" "$ROOT_DIR/var/lib/okta-catalog" "$ROOT_DIR/run/secrets/okta"
}

teardown() {
	org_stop
	[ -z "${loop:-}" ] || kill "$loop" 2>/dev/null || true
}

# What an example says, below ROOT_DIR.
below() {
	sed "s#/usr/local/#$ROOT_DIR/usr/local/#g; s#/etc/okta-catalog#$ROOT_DIR/etc/okta-catalog#g; s#/var/lib/okta-catalog#$ROOT_DIR/var/lib/okta-catalog#g; s#/run/secrets#$ROOT_DIR/run/secrets#g" "$@"
}

# The example's app-config ($1), for the simulated org, in place.
configure() {
	org_start --users 30 --groups 5
	sed "s#https://acme.okta.com#$OKTA_CLIENT_ORGURL#; s#0oa1acme#$OKTA_CLIENT_CLIENTID#; s#acme-key-1#$OKTA_CLIENT_PRIVATEKEYID#; s#^\( *\)keyId:.*#&\n\1caFile: $ORG/ca.pem#" "$1" \
		> "$ROOT_DIR/etc/okta-catalog/app-config.yaml"
}

published() {
	[ "$(grep -c '^kind: User' "$ROOT_DIR/var/lib/okta-catalog/catalog/default.yaml")" -eq "$(wc -l < "$ORG/users.ndjson")" ]
	[ "$(stat -c %a "$ROOT_DIR/var/lib/okta-catalog/catalog/default.yaml")" = 644 ]
	[ "$(stat -c %a "$ROOT_DIR/var/lib/okta-catalog/catalog")" = 755 ]
}

# The one line of a unit's key: of okta-catalog.service, say, ExecStart.
unit() {
	grep "^$2=" "$EXAMPLES/systemd/$1" | cut -d = -f 2-
}

@test "no example holds a secret, in no argument either" {
	[ -z "$(grep -rlE 'BEGIN [A-Z ]*PRIVATE KEY|SSWS|private_?key *[=:] *["'"'"'A-Za-z0-9]' "$EXAMPLES"/app-config.yaml "$EXAMPLES"/crontab "$EXAMPLES"/systemd "$EXAMPLES"/kubernetes "$EXAMPLES"/Containerfile)" ]
	[ -z "$(grep -rnE -e '--(key|token)' "$EXAMPLES"/crontab "$EXAMPLES"/systemd "$EXAMPLES"/kubernetes "$EXAMPLES"/Containerfile)" ]
}

@test "crontab: a cron reads it, and its command run as cron runs it publishes and says nothing" {
	configure "$EXAMPLES/app-config.yaml"
	install -m 400 "$ORG/key.pem" "$ROOT_DIR/etc/okta-catalog/okta-key.pem"
	below "$EXAMPLES/crontab" > crontab
	/usr/bin/python3 - crontab > job <<-'PY'
		import sys
		from crontab import CronTab
		tab = CronTab(tabfile=sys.argv[1])
		jobs = list(tab)
		assert len(jobs) == 1 and jobs[0].is_valid() and jobs[0].frequency_per_day() == 48
		assert set(tab.env) == {"PATH", "MAILTO"}
		assert "%" not in jobs[0].command, "cron makes a line break of %"
		print("PATH=" + tab.env["PATH"])
		print(jobs[0].command)
	PY
	ends_with 0 env -i HOME=/ LOGNAME=okta-catalog SHELL=/bin/sh "$(sed -n 1p job)" /bin/sh -c "$(sed -n 2p job)"
	published
	[ ! -s out ]
	# Not even the first publication's advice: it would be mailed.
	[ ! -s err ] || { cat err; return 1; }
	# What goes wrong is said, and the status is what cron's mail is about.
	chmod 600 "$ROOT_DIR/etc/okta-catalog/okta-key.pem"; : > "$ROOT_DIR/etc/okta-catalog/okta-key.pem"
	ends_with 78 env -i HOME=/ "$(sed -n 1p job)" /bin/sh -c "$(sed -n 2p job)"
	[ -s err ]
}

@test "systemd: the units verify, with the programs in place" {
	mkdir units
	for unit in okta-catalog.service okta-catalog-once.service okta-catalog-once.timer; do below "$EXAMPLES/systemd/$unit" > units/$unit; done
	systemd-analyze verify --man=no units/okta-catalog.service units/okta-catalog-once.timer units/okta-catalog-once.service 2> err || { cat err; return 1; }
	[ -z "$(grep units/ err)" ] || { cat err; return 1; }
	systemd-analyze calendar "$(unit okta-catalog-once.timer OnCalendar)" > /dev/null
	systemd-sysusers --dry-run "$EXAMPLES/systemd/okta-catalog.sysusers" 2>&1 | grep -q "okta-catalog"
	# Both services have the same sandbox.
	diff <(sed -n '/^# The key:/,/^TasksMax/p' "$EXAMPLES/systemd/okta-catalog.service") <(sed -n '/^# The key:/,/^TasksMax/p' "$EXAMPLES/systemd/okta-catalog-once.service")
}

@test "systemd: the services' exposure is at most 1.5 of 10" {
	for unit in okta-catalog okta-catalog-once; do
		systemd-analyze security --no-pager --offline=true --threshold=15 "$EXAMPLES/systemd/$unit.service" > out || { tail -n 1 out; return 1; }
		grep -q 'Overall exposure level' out
	done
}

# ExecStart of a unit with systemd's specifiers filled in, as a command for sh.
exec_start() {
	unit "$1" ExecStart | below | sed "s#%S#$ROOT_DIR/var/lib#g"
}

@test "systemd: a run keeps to the system calls that the sandbox leaves it" {
	configure "$EXAMPLES/app-config.yaml"
	mkdir credentials
	install -m 400 "$ORG/key.pem" credentials/okta-key.pem
	[ "$(unit okta-catalog-once.service Environment)" = OKTA_KEY_FILE=%d/okta-key.pem ]
	# setpriv alone asks for capset, and is done without where it is refused, as it is there.
	ends_with 0 env -i PATH=/usr/bin:/bin OKTA_KEY_FILE="$PWD/credentials/okta-key.pem" STATE_DIRECTORY="$ROOT_DIR/var/lib/okta-catalog" \
		strace -f -qq -o calls -e inject=capset:error=EPERM sh -c "$(exec_start okta-catalog-once.service)"
	published
	[ -e "$ROOT_DIR/var/lib/okta-catalog/state/default/status.json" ]
	# All calls, but for those that failed for reasons of their own, against the filter's sets.
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' calls | sort -u > used
	[ "$(wc -l < used)" -gt 30 ]
	expand_set() { systemd-analyze syscall-filter "$1" | sed '1d; s/#.*//' | while read -r one; do
		case $one in '') ;; @*) expand_set "$one" ;; *) echo "$one" ;; esac; done; }
	[ "$(grep '^SystemCallFilter=' "$EXAMPLES/systemd/okta-catalog.service" | xargs)" = 'SystemCallFilter=@system-service SystemCallFilter=~@privileged @resources' ]
	expand_set @system-service | sort -u > allowed
	{ expand_set @privileged; expand_set @resources; } | sort -u > denied
	comm -23 used allowed > beyond
	[ ! -s beyond ] || { cat beyond; return 1; }
	comm -12 used denied | grep -vx capset > beyond || true
	[ ! -s beyond ] || { cat beyond; return 1; }
}

@test "systemd: the service runs until TERM, and has ended its children when it ends" {
	configure "$EXAMPLES/app-config.yaml"
	install -m 400 "$ORG/key.pem" "$ROOT_DIR/etc/okta-catalog/okta-key.pem"
	# shellcheck disable=SC2086
	env -i PATH=/usr/bin:/bin setsid $(exec_start okta-catalog.service) > out 2> err 3>&- &
	loop=$!
	while [ ! -s "$ROOT_DIR/var/lib/okta-catalog/state/default/status.json" ] || [ ! -s "$ROOT_DIR/var/lib/okta-catalog/catalog/default.yaml" ]; do kill -0 "$loop"; done
	kill -TERM "$loop"
	status=0
	wait "$loop" || status=$?
	[ "$status" -eq 143 ]
	[ -z "$(ps -o pid= -g "$loop")" ]
	published
	loop=
}

@test "Containerfile: its build installs what it copies, its packages bring every library" {
	# The build's last step, in a copy of what git has.
	mkdir src
	(cd "$EXAMPLES/.." && git ls-files -z | xargs -0 cp -p --parents -t "$OLDPWD/src")
	step=$(grep '^RUN make' "$EXAMPLES/Containerfile" | sed "s#^RUN ##; s#/src#$PWD/src#g; s#/out#$PWD/out.d#g")
	# Not with the settings of the test run: B names this checkout's build, which "make clean" would remove.
	env -u B -u BIN MAKEFLAGS=-j2 sh -e -c "$step" > build.log 2>&1 || { tail build.log; return 1; }
	for program in okta-catalog okta-fetch okta-map catalog-emit yaml2json; do [ -x "out.d/usr/local/bin/$program" ]; done
	# The entry point is there, and each library is in a package of the last stage or in one that it needs.
	entry=$(sed -n 's/^ENTRYPOINT //p' "$EXAMPLES/Containerfile" | jq -r '.[0]')
	[ -x "out.d$entry" ]
	packages=$(sed -n '/^FROM.*slim$/,$p' "$EXAMPLES/Containerfile" | sed -n '/no-install-recommends/{n;s/\\//;p}' | xargs)
	ldd out.d/usr/local/bin/okta-fetch out.d/usr/local/bin/yaml2json | sed -nE 's/^\t(lib(curl|crypto|cjson|yaml)[^ ]*) => .*/\1/p' | sort -u > libraries
	[ "$(wc -l < libraries)" -eq 4 ]
	while read -r library; do
		owner=$(dpkg -S "*/$library" | head -n 1 | cut -d : -f 1)
		[[ " $packages " = *" $owner "* ]] || { echo "$library is in $owner"; return 1; }
	done < libraries
	# What the shell parts call: in these packages, or in one that no Debian is without.
	for tool in jq flock setpriv timeout cmp sync sed grep tee ln; do
		grep -qw "$tool" "$EXAMPLES"/../pipeline.sh "$EXAMPLES"/../pipeline/*.sh || continue
		owner=$(dpkg -S "*bin/$tool" | head -n 1 | cut -d : -f 1)
		[[ " $packages " = *" $owner "* ]] || [ "$(dpkg-query -W -f '${Essential}' "$owner")" = yes ] || { echo "$tool is in $owner"; return 1; }
	done
}

@test "Containerfile: entry point and health check, run as written" {
	configure "$EXAMPLES/app-config.yaml"
	install -m 400 "$ORG/key.pem" "$ROOT_DIR/run/secrets/okta-key.pem"
	key=$(sed -n 's/^ENV OKTA_KEY_FILE=//p' "$EXAMPLES/Containerfile" | below)
	mapfile -t entry < <(sed -n 's/^ENTRYPOINT //p' "$EXAMPLES/Containerfile" | below | jq -r '.[]')
	mapfile -t health < <(sed -n 's/^HEALTHCHECK.* CMD //p' "$EXAMPLES/Containerfile" | below | jq -r '.[]')
	ends_with 75 env -i PATH=/usr/bin:/bin OKTA_KEY_FILE="$key" "${health[@]}"
	ends_with 0 env -i PATH=/usr/bin:/bin OKTA_KEY_FILE="$key" "${entry[@]}" --once
	published
	ends_with 0 env -i PATH=/usr/bin:/bin OKTA_KEY_FILE="$key" "${health[@]}"
	[[ "$(sed -n 's/^USER //p' "$EXAMPLES/Containerfile")" = 65532:65532 ]]
}

@test "Kubernetes: the pods' commands and configuration, run as written" {
	# The ConfigMap's file is the example's.
	"$BIN/yaml2json" <(sed '/^---/,$d' "$EXAMPLES/kubernetes/config.yaml") | jq -r '.data["app-config.yaml"]' > from-map.yaml
	[ "$("$BIN/yaml2json" from-map.yaml)" = "$("$BIN/yaml2json" "$EXAMPLES/app-config.yaml")" ]
	configure from-map.yaml
	install -m 440 "$ORG/key.pem" "$ROOT_DIR/run/secrets/okta/okta-key.pem"
	mapfile -t entry < <(sed -n 's/^ENTRYPOINT //p' "$EXAMPLES/Containerfile" | below | jq -r '.[]')
	"$BIN/yaml2json" "$EXAMPLES/kubernetes/cronjob.yaml" | jq -c .spec.jobTemplate.spec.template.spec > cronjob.json
	"$BIN/yaml2json" "$EXAMPLES/kubernetes/deployment.yaml" | jq -c .spec.template.spec > deployment.json
	# What the key is mounted as is what the configuration asks for.
	key=$(jq -r '.containers[0].env[] | select(.name == "OKTA_KEY_FILE").value' cronjob.json | below)
	mapfile -t args < <(jq -r '.containers[0].args[]' cronjob.json)
	ends_with 0 env -i PATH=/usr/bin:/bin OKTA_KEY_FILE="$key" "${entry[@]}" "${args[@]}"
	published
	mapfile -t probe < <(jq -r '.containers[0].readinessProbe.exec.command[]' deployment.json | below)
	ends_with 0 env -i PATH=/usr/bin:/bin OKTA_KEY_FILE="$key" "${probe[@]}"
	# One pod's settings but for how it is run.
	[ "$(jq -S 'del(.restartPolicy, .containers[0].args, .containers[0].readinessProbe)' cronjob.json)" = "$(jq -S 'del(.restartPolicy, .containers[0].args, .containers[0].readinessProbe)' deployment.json)" ]
}
