#!/usr/bin/env bats
# The crontab under a cron that runs, set up with the commands of its comment. Only its minutes become every minute.

load machine

setup_file() {
	machine_boot
	PUBLISHED=$MACHINE/var/lib/okta-catalog/catalog/default.yaml
	export PUBLISHED
	# In the place of a mail system: cron's mails, one behind the other. Cron hands them over as the crontab's user.
	export MAILS=$MACHINE/var/mail/sent
	printf '#!/bin/sh\ncat >> /var/mail/sent\n' > "$MACHINE/usr/sbin/sendmail"
	chmod 755 "$MACHINE/usr/sbin/sendmail"
	: > "$MAILS"
	chmod 666 "$MAILS"
}

teardown_file() {
	machine_halt
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

runs() {
	jq -r '.lastRun.end // empty' "$MACHINE/var/lib/okta-catalog/state/default/status.json" 2>/dev/null || true
}

ran_after() {
	local last
	last=$(runs)
	[ "${last:-$1}" != "$1" ]
}

no_processes_left() {
	[ -z "$(in_machine find /proc -maxdepth 1 -user okta-catalog)" ]
}

@test "set up as its comment says, cron runs it, as its user, and has nothing to mail" {
	sed -i 's/^3,33 /* /' "$MACHINE/root/files/crontab"
	grep -q '^\* \* \* \* \* okta-catalog' "$MACHINE/root/files/crontab"
	comment_of "$EXAMPLES/crontab" > setup.sh
	[ "$(wc -l < setup.sh)" -eq 5 ]
	in_machine sh -e -c "cd /root/files; $(cat setup.sh)"
	until_true ran_after ''
	until_true test -s "$PUBLISHED"
	complete "$PUBLISHED"
	[ "$(in_machine stat -c '%U %a' /var/lib/okta-catalog/catalog/default.yaml)" = 'okta-catalog 644' ]
	# Whoever reads the catalog gets to it: Backstage is another user.
	in_machine setpriv --reuid nobody --clear-groups head -n 1 /var/lib/okta-catalog/catalog/default.yaml
	no in_machine setpriv --reuid nobody --clear-groups cat /etc/okta-catalog/okta-key.pem
	until_true no_processes_left
	[ ! -s "$MAILS" ] || { cat "$MAILS"; return 1; }
}

@test "what goes wrong is in a mail, with its reason" {
	org_tell fault '{"match":"/users","do":"status","status":403}'
	last=$(runs)
	until_true ran_after "$last"
	until_true test -s "$MAILS"
	# It is the first mail: the runs before had none.
	[ "$(grep -c "^Subject:" "$MAILS")" -eq 1 ]
	grep -q '^To: platform-team@example.com' "$MAILS"
	grep -q '^okta-fetch: ' "$MAILS"
	grep -q '^okta-catalog: default: ' "$MAILS"
	complete "$PUBLISHED"
}
