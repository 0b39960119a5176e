#!/usr/bin/env bats
# The systemd units under a systemd that was booted, with their sandbox in force, set up with the commands of their comments.

load machine

setup_file() {
	machine_boot
	PUBLISHED=$MACHINE/var/lib/okta-catalog/catalog/default.yaml
	export PUBLISHED
}

teardown_file() {
	machine_halt
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	curl -s --cacert "$ORG/ca.pem" -d '{}' "$OKTA_CLIENT_ORGURL/_sim/clear-faults" > /dev/null
	rm -rf "$MACHINE"/etc/systemd/system/okta-catalog*.d
	cp "$MACHINE/root/files/app-config.yaml" "$MACHINE/etc/okta-catalog/app-config.yaml"
	in_machine systemctl daemon-reload
	in_machine systemctl stop okta-catalog okta-catalog-once okta-catalog-once.timer
	in_machine systemctl reset-failed
}

# Settings of a unit that a test changes; the rest stays as written.
drop_in() {
	mkdir -p "$MACHINE/etc/systemd/system/$1.d"
	cat > "$MACHINE/etc/systemd/system/$1.d/test.conf"
	in_machine systemctl daemon-reload
}

property() {
	in_machine systemctl show --value -p "$2" "$1"
}

processes() {
	in_machine sh -c 'for p in /proc/[0-9]*; do grep -qs "/okta-catalog[^/]*\.service$" "$p/cgroup" && echo "${p#/proc/}"; done' || true
}

# How many runs of the loop have ended well so far.
good_runs() {
	in_machine journalctl -u okta-catalog -o cat --no-pager | grep -cE 'default: (first publication|unchanged|[0-9]+ (added|renamed|changed|removed))' || true
}

more_runs_than() {
	[ "$(good_runs)" -gt "$1" ]
}

org_was_asked() {
	[ "$(wc -l < "$ORG/requests.ndjson")" -gt "$1" ]
}

@test "the service, set up as its comment says, publishes; its health check is content" {
	cp "$MACHINE"/root/files/*.service "$MACHINE"/root/files/*.timer "$MACHINE/etc/systemd/system/"
	comment_of "$EXAMPLES/systemd/okta-catalog.service" > setup.sh
	[ "$(wc -l < setup.sh)" -eq 4 ]
	in_machine sh -e -c "cd /root/files; $(cat setup.sh)"
	until_true test -s "$PUBLISHED"
	complete "$PUBLISHED"
	[ "$(property okta-catalog ActiveState)" = active ]
	[ "$(stat -c %a "$PUBLISHED")" = 644 ]
	[ "$(in_machine stat -c '%U %a' /var/lib/okta-catalog/state)" = 'okta-catalog 700' ]
	check=$(sed -n 's/^# \(okta-catalog --config .* --status\)$/\1/p' "$EXAMPLES/systemd/okta-catalog.service")
	until_true more_runs_than 0
	ends_with 0 in_machine sh -c "$check"
	grep -q '^default: fresh' out
}

@test "the key is in no environment and no argument of the service's processes, on the disk for root alone" {
	before=$(wc -l < "$ORG/requests.ndjson")
	org_tell fault '{"match":"/users","do":"slow","seconds":20}'
	in_machine systemctl start okta-catalog
	until_true org_was_asked "$((before + 3))"
	in_machine systemctl is-active okta-catalog
	for process in $(processes); do in_machine cat "/proc/$process/cmdline" "/proc/$process/environ" >> seen || true; done
	tr '\0' '\n' < seen > lines
	grep -q okta-fetch lines
	grep -q '^OKTA_KEY_FILE=' lines
	no grep -q -e 'PRIVATE KEY' -e "$(sed -n 3p "$ORG/key.pem")" lines
	[ "$(in_machine stat -c '%U %a' /etc/okta-catalog/okta-key.pem)" = 'root 400' ]
	in_machine setpriv --reuid nobody --clear-groups true
	no in_machine setpriv --reuid nobody --clear-groups cat /run/credentials/okta-catalog.service/okta-key.pem
}

@test "the sandbox: what the service need not do it cannot" {
	install -m 755 "$BATS_TEST_DIRNAME/probe.sh" "$MACHINE/usr/local/bin/probe.sh"
	drop_in okta-catalog-once.service <<-'UNIT'
		[Service]
		ExecStart=
		ExecStart=/usr/local/bin/probe.sh
	UNIT
	in_machine systemctl start okta-catalog-once
	in_machine journalctl -u okta-catalog-once -o cat --no-pager | grep '^may' > tried
	[ "$(grep -c '^may not' tried)" -eq 13 ]
	grep -v '^may not' tried > allowed
	diff allowed - <<-'TEXT'
		may read the key that it is given
		may write its state
		may write a temporary file
	TEXT
}

@test "exposure in force: at most 1.5 of 10" {
	in_machine systemctl start okta-catalog
	in_machine systemd-analyze security --no-pager --threshold=15 okta-catalog.service > out
	grep -q 'Overall exposure level' out
}

@test "stop in the middle of a run: gone in under 2 seconds, no process left, no failure" {
	sum=$(sha256sum < "$PUBLISHED")
	before=$(wc -l < "$ORG/requests.ndjson")
	org_tell fault '{"match":"/users","do":"slow","seconds":60}'
	in_machine systemctl start okta-catalog
	until_true org_was_asked "$((before + 3))"
	[ "$(processes | wc -l)" -gt 5 ]
	began=$(date +%s%N)
	in_machine systemctl stop okta-catalog
	[ $(($(date +%s%N) - began)) -lt 2000000000 ]
	[ -z "$(processes)" ]
	[ "$(property okta-catalog Result)" = success ]
	[ "$(sha256sum < "$PUBLISHED")" = "$sum" ]
}

@test "reload asks for a run now" {
	in_machine systemctl start okta-catalog
	until_true more_runs_than "$(good_runs)"
	before=$(good_runs)
	in_machine systemctl reload okta-catalog
	until_true more_runs_than "$before"
	[ "$(property okta-catalog ActiveState)" = active ]
}

@test "killed by -9 in the middle of a run: its processes go with it, and it comes back" {
	drop_in okta-catalog.service <<-'UNIT'
		[Service]
		RestartSec=100ms
	UNIT
	before=$(wc -l < "$ORG/requests.ndjson")
	runs=$(good_runs)
	org_tell fault '{"match":"/users","do":"slow","seconds":60,"times":1}'
	in_machine systemctl start okta-catalog
	until_true org_was_asked "$((before + 3))"
	killed=$(processes)
	in_machine sh -c "kill -s KILL $(property okta-catalog MainPID)"
	until_true more_runs_than "$runs"
	[ "$(property okta-catalog NRestarts)" -eq 1 ]
	now=$(processes)
	for process in $killed; do no grep -qx "$process" <<< "$now"; done
	complete "$PUBLISHED"
}

@test "a wrong configuration: the journal tells the place, and it waits for a person" {
	sed -i 's/frequency:.*/frequency: often/' "$MACHINE/etc/okta-catalog/app-config.yaml"
	drop_in okta-catalog.service <<-'UNIT'
		[Service]
		RestartSec=100ms
	UNIT
	in_machine systemctl start okta-catalog
	failed() { [ "$(property okta-catalog ActiveState)" = failed ]; }
	until_true failed
	[ "$(property okta-catalog ExecMainStatus)" -eq 78 ]
	[ "$(property okta-catalog NRestarts)" -eq 0 ]
	in_machine journalctl -u okta-catalog -o cat --no-pager | grep -q 'catalog.providers.okta.default.schedule.frequency'
}

@test "a command of one's own is held to the sandbox, until ReadWritePaths= lets it" {
	in_machine install -d -o okta-catalog /srv/catalog
	sed -i 's#^\( *\)keyId:.*#&\n\1publish: { command: '"'cp \"\$OKTA_CATALOG_FILE\" /srv/catalog/'"' }#' "$MACHINE/etc/okta-catalog/app-config.yaml"
	grep -q 'publish:' "$MACHINE/etc/okta-catalog/app-config.yaml"
	rm -f "$PUBLISHED"
	no in_machine systemctl start okta-catalog-once
	in_machine journalctl -u okta-catalog-once -o cat --no-pager > journal
	grep -q '/srv/catalog/default.yaml.*Read-only file system' journal
	complete "$PUBLISHED"
	drop_in okta-catalog-once.service <<-'UNIT'
		[Service]
		ReadWritePaths=/srv/catalog
	UNIT
	# It is tried again though nothing has changed.
	in_machine systemctl start okta-catalog-once
	complete "$MACHINE/srv/catalog/default.yaml"
}

@test "the timer starts runs, one at a time" {
	drop_in okta-catalog-once.timer <<-'UNIT'
		[Timer]
		OnCalendar=
		OnCalendar=*:*:*
		RandomizedDelaySec=0
		AccuracySec=100ms
	UNIT
	rm -f "$PUBLISHED"
	in_machine systemctl start okta-catalog-once.timer
	again() { [ "$(in_machine journalctl -u okta-catalog-once -o cat --no-pager | grep -c 'default: unchanged')" -ge 2 ]; }
	until_true again
	in_machine systemctl stop okta-catalog-once.timer
	ended() { [ "$(property okta-catalog-once ActiveState)" = inactive ]; }
	until_true ended
	[ "$(property okta-catalog-once Result)" = success ]
	complete "$PUBLISHED"
	no in_machine journalctl -u okta-catalog-once -o cat --no-pager -g 'another run'
}
