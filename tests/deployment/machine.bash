# For bats files that need a whole machine: a bare Debian with the programs installed, booted by systemd-nspawn, where the
# simulated org is reached as from here. Only the images are kept, below build/.

load ../filter/org

EXAMPLES=$ROOT/examples
IMAGES=$ROOT/build/deployment

# image NAME PACKAGE...: a Debian of these packages as a tar file; prints where it is.
image() {
	local suite mirror name=$1 made
	made=$IMAGES/$name.tar
	shift
	if [ ! -s "$made" ]; then
		mkdir -p "$IMAGES"
		suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
		mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $suite" | head -n 1)
		# How this machine reaches Debian's packages is how the image does.
		mmdebstrap --quiet --format=tar --variant=minbase --include="$(echo "$*" | tr ' ' ,)" \
			--customize-hook='grep -lr ^Acquire /etc/apt/apt.conf.d | xargs -r cp -t "$1/etc/apt/apt.conf.d"' \
			"$suite" "$made.new" "$mirror" >&2
		mv "$made.new" "$made"
	fi
	echo "$made"
}

# What the image of the Containerfile has to run the programs.
run_packages() {
	sed -n '/^FROM.*slim$/,$p' "$EXAMPLES/Containerfile" | sed -n '/no-install-recommends/{n;s/\\//;p}' | xargs
}

# Waits until a command is true, a minute at the most.
until_true() {
	local end=$((SECONDS + 75))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || { echo "never true: $*" >&2; return 1; }
		sleep 0.1
	done
}

# In setup_file: boots the machine in $MACHINE; its /root/files has the examples, with the org in the place of acme's.
machine_boot() {
	local tree
	tree=$(image machine systemd systemd-sysv cron $(run_packages))
	export MACHINE=$BATS_FILE_TMPDIR/machine ORG=$BATS_FILE_TMPDIR/org
	mkdir "$MACHINE"
	tar -xf "$tree" -C "$MACHINE"
	env -u B -u BIN -u MAKEFLAGS make -s -C "$ROOT" install DESTDIR="$MACHINE" > /dev/null
	install_files "$MACHINE/root/files"
	systemd-nspawn --quiet --directory="$MACHINE" --machine="okta-catalog-$$" --register=no --keep-unit --boot --console=pipe \
		> "$BATS_FILE_TMPDIR/boot.log" 2>&1 < /dev/null 3>&- &
	export NSPAWN=$!
	until_true machine_is_up || { cat "$BATS_FILE_TMPDIR/boot.log" >&2; return 1; }
}

# The examples and the org's key, in a folder.
install_files() {
	mkdir -p "$1"
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR org_start --users 60 --groups 8
	export ORG ORG_PID OKTA_CLIENT_ORGURL
	cp "$EXAMPLES"/systemd/* "$EXAMPLES/crontab" "$1"
	sed "s#https://acme.okta.com#$OKTA_CLIENT_ORGURL#; s#0oa1acme#$OKTA_CLIENT_CLIENTID#; s#acme-key-1#$OKTA_CLIENT_PRIVATEKEYID#; s#^\( *\)keyId:.*#&\n\1caFile: ca.pem#" \
		"$EXAMPLES/app-config.yaml" > "$1/app-config.yaml"
	cp "$ORG/key.pem" "$1/okta-key.pem"
	cp "$ORG/ca.pem" "$1/ca.pem"
	mkdir -p "$1/../../etc/okta-catalog"
	cp "$ORG/ca.pem" "$1/../../etc/okta-catalog/ca.pem"
}

machine_is_up() {
	[ -n "$(pgrep -P "$NSPAWN")" ] && in_machine systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'
}

# A command in the machine, as root.
in_machine() {
	nsenter -t "$(pgrep -P "$NSPAWN")" -m -u -i -p -r -w env -i \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" 3>&-
}

# In teardown_file. A second TERM would not wait for the machine's processes.
machine_halt() {
	[ -z "${NSPAWN:-}" ] || { kill "$NSPAWN"; until_true no_process "$NSPAWN" || kill -KILL "$NSPAWN"; }
	org_stop
}

no_process() {
	! kill -0 "$1" 2>/dev/null
}

# The commands that an example's comment tells to paste, as printed.
comment_of() {
	sed -n 's/^#   //p' "$1"
}

# Everybody of the org is in the file.
complete() {
	[ "$(grep -c '^kind: User' "$1")" -eq "$(wc -l < "$ORG/users.ndjson")" ]
}
