# For bats files that run pipeline.sh with stages of their own: `load stages`, then fake_stages in a test.

# A place of the test's own, for setup.
own_place() {
	REAL=$BIN
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_STATE_HOME=$PWD/xdg
	STATE=xdg/okta-catalog/default STATUS=xdg/okta-catalog/default/status.json
}

# pipeline.sh, run by $SHELL_UNDER_TEST or dash; "busybox sh" is two words.
pipeline() {
	# shellcheck disable=SC2086
	${SHELL_UNDER_TEST:-dash} "$ROOT/pipeline.sh" "$@"
}

# The shells for a test to be run with: one of the three, the next test the
# next one, so that all take their turn; ALL_SHELLS=1 gives each test all.
SHELLS=(dash bash 'busybox sh')
if [ -z "${ALL_SHELLS:-}" ] && [ -n "${BATS_TEST_NUMBER:-}" ]; then
	SHELLS=("${SHELLS[BATS_TEST_NUMBER % 3]}")
fi

# The same in the background, as $wrapper; what it says is in ./out and ./err. Signals are not ignored, though whoever runs the
# tests (nohup, a shell's &) ignores some.
start_pipeline() {
	# shellcheck disable=SC2086
	env --default-signal=HUP,INT,QUIT ${SHELL_UNDER_TEST:-dash} "$ROOT/pipeline.sh" "$@" > out 2> err 3>&- &
	wrapper=$!
}

stop_pipeline() {
	kill -TERM "$wrapper"
	status=0
	wait "$wrapper" || status=$?
	wrapper=
	[ "$status" -eq 143 ] || { echo "ended with $status"; cat err; return 1; }
}

# until_true COMMAND...: while the wrapper lives; a hang is ended by bats' own time limit.
until_true() {
	until "$@" 2> /dev/null; do
		kill -0 "$wrapper" || { cat err; return 1; }
		sleep 0.05
	done
}

# Stages of our own in ./bin: fake NAME 'script'; the others are the real ones. FREQUENCY in YAML.
fake_stages() {
	mkdir -p bin
	for name in okta-map catalog-emit yaml2json; do ln -sf "$REAL/$name" bin/$name; done
	fake okta-fetch 'cat > /dev/null; cat org.ndjson'
	{
		echo '{"kind":"OktaOrg","version":1,"id":"default","oktaUrl":"https://acme.okta.com"}'
		echo '{"kind":"OktaGroup","group":{"id":"00g1","profile":{"name":"web"}}}'
		echo '{"kind":"OktaUser","user":{"id":"00u1","profile":{"login":"a@b.c","email":"a@b.c"}}}'
		echo '{"kind":"End","groups":1,"users":1,"memberships":0}'
	} > org.ndjson
	cat > config.yaml <<-YAML
		catalog:
		  providers:
		    okta:
		      default:
		        oktaUrl: https://acme.okta.com
		        clientId: 0oa1
		        privateKey: "the secret of this test"
		        keyId: k
		        schedule: { frequency: ${1:-{ seconds: 1 \}}, timeout: { seconds: 30 } }
	YAML
	export BIN=$PWD/bin
}

# One more line for the provider of config.yaml.
configure() {
	printf '        %s\n' "$@" >> config.yaml
}

fake() {
	rm -f "bin/$1"
	printf '#!/bin/sh\n%s\n' "$2" > "bin/$1"
	chmod +x "bin/$1"
}

# No process of that number is left. One that was killed is gone when its parent has read its end.
gone() {
	for _ in $(seq 40); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.05
		case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in Z | '') return 0 ;; esac
	done
	echo "process $1 is still there"
	return 1
}

lines_of() {
	cat "$1" 2>/dev/null | wc -l
}

# A loop of the wrapper naps.
loop_sleeps() {
	for loop in $(pgrep -P "$wrapper" -f pipeline.sh); do
		if pgrep -P "$loop" -x sleep > /dev/null; then return 0; fi
	done
	return 1
}

# COMMAND... as process 1 of a namespace; this shell goes on as its parent.
first_process() {
	exec "$ROOT/tests/own-mounts" unshare --pid --fork --kill-child sh -c \
		'mount -t proc proc /proc && exec "$@"' sh "$@"
}
