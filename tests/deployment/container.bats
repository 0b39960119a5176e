#!/usr/bin/env bats
# The Containerfile, built and run with the commands of its comment. No registry is asked: a Debian made here has the name of the
# image that it starts from.

load machine

setup_file() {
	install_files "$BATS_FILE_TMPDIR/site/files"
	engine_settings
	podman import "$(image base apt)" docker.io/library/debian:bookworm-slim
	# A copy of what git has, and a key that was left there.
	mkdir "$BATS_FILE_TMPDIR/repository"
	(cd "$ROOT" && git ls-files -z | xargs -0 cp -p --parents -t "$BATS_FILE_TMPDIR/repository")
	cp "$ORG/key.pem" "$BATS_FILE_TMPDIR/repository/okta-key.pem"
}

# Images and containers of this test's own; and what a machine like a container itself needs: the org is on this machine's
# loopback, the limits are such as any machine has.
engine_settings() {
	local folder=$BATS_FILE_TMPDIR
	export CONTAINERS_STORAGE_CONF=$folder/storage.conf CONTAINERS_CONF=$folder/containers.conf
	printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/containers"\nrunroot = "%s/run"\n' "$folder" "$folder" > "$CONTAINERS_STORAGE_CONF"
	printf '[containers]\nnetns = "host"\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n[engine]\nruntime = "crun"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n' \
		> "$CONTAINERS_CONF"
}

# crun takes cgroups of the first or of the second version, not both.
podman() {
	unshare --mount sh -c '! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified; exec podman "$@"' sh "$@" 3>&-
}
export -f podman

teardown_file() {
	podman rm --all --force > /dev/null
	umount -R "$BATS_FILE_TMPDIR/containers/overlay" 2>/dev/null || true
	org_stop
}

setup() {
	cd "$BATS_FILE_TMPDIR/site/files"
	PUBLISHED=$BATS_FILE_TMPDIR/containers/volumes/okta-catalog/_data/catalog/default.yaml
}

# The commands of the Containerfile's comment, as printed, but for the org's CA, the container's name, and the background.
printed() {
	sed -n 's/^#   //p' "$EXAMPLES/Containerfile" | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}' | grep "^podman $1" |
		sed "s#^podman run#& --detach --name catalog -v ./ca.pem:/etc/okta-catalog/ca.pem:ro#"
}

in_container() {
	podman exec catalog "$@"
}

@test "it builds as printed, with the health check in the image and no secret in any layer" {
	[ -n "$(printed build)" ]
	(cd "$BATS_FILE_TMPDIR/repository" && bash -e -c "$(printed build)") > "$BATS_TEST_TMPDIR/log" 2>&1 || { tail "$BATS_TEST_TMPDIR/log"; return 1; }
	podman image inspect okta-catalog > "$BATS_TEST_TMPDIR/image"
	[ "$(jq -r '.[0] | .HealthCheck.Test // .Healthcheck.Test | last' "$BATS_TEST_TMPDIR/image")" = --status ]
	[ "$(jq -r '.[0].User' "$BATS_TEST_TMPDIR/image")" = 65532:65532 ]
	# Neither in what is published nor in what was built in between.
	no grep -rqF "$(sed -n 3p "$ORG/key.pem")" "$BATS_FILE_TMPDIR/containers/overlay"
	[ -z "$(podman run --rm --entrypoint sh okta-catalog -c 'command -v gcc')" ]
}

@test "run as printed, it publishes: read-only root, a user of its own, no capability" {
	[ "$(printed secret)" = 'podman secret create okta-key.pem okta-key.pem' ]
	bash -e -c "$(printed secret)"
	bash -e -c "$(printed run)"
	until_true test -s "$PUBLISHED" || { podman logs catalog; return 1; }
	complete "$PUBLISHED"
	[ "$(stat -c '%u %a' "$PUBLISHED")" = '65532 644' ]
	no in_container touch /probe /etc/okta-catalog/probe
	[ "$(in_container id -u)" = 65532 ]
	[ "$(in_container grep CapEff /proc/1/status | tr -d '[:space:]')" = CapEff:0000000000000000 ]
}

@test "the key is for its user alone, in no environment and no argument" {
	[ "$(in_container stat -c '%u %a' /run/secrets/okta-key.pem)" = '65532 400' ]
	in_container sh -c 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ' | tr '\0' '\n' > "$BATS_TEST_TMPDIR/seen"
	grep -q '^OKTA_KEY_FILE=/run/secrets' "$BATS_TEST_TMPDIR/seen"
	no grep -q -e 'PRIVATE KEY' -e "$(sed -n 3p "$ORG/key.pem")" "$BATS_TEST_TMPDIR/seen"
	podman inspect catalog > "$BATS_TEST_TMPDIR/inspected"
	no grep -q 'PRIVATE KEY' "$BATS_TEST_TMPDIR/inspected"
}

@test "the engine's health check is content while the catalog is fresh" {
	healthy() { podman healthcheck run catalog > /dev/null 2>&1; }
	until_true healthy
	in_container sh -c 'rm /var/lib/okta-catalog/state/default/status.json'
	no healthy
}

@test "stopped in the middle of a run, as process 1, it is gone in under 2 seconds, and the catalog stays" {
	sum=$(sha256sum < "$PUBLISHED")
	before=$(wc -l < "$ORG/requests.ndjson")
	asked() { [ "$(wc -l < "$ORG/requests.ndjson")" -gt "$((before + 3))" ]; }
	org_tell fault '{"match":"/users","do":"slow","seconds":60}'
	podman kill --signal USR1 catalog
	until_true asked
	began=$(date +%s%N)
	podman stop --time 10 catalog
	[ $(($(date +%s%N) - began)) -lt 2000000000 ]
	[ "$(podman inspect --format '{{.State.ExitCode}}' catalog)" -eq 143 ]
	[ "$(sha256sum < "$PUBLISHED")" = "$sum" ]
}

@test "started again, it goes on with what it has on its volume" {
	org_tell clear-faults '{}'
	podman start catalog
	unchanged() { podman logs catalog 2>&1 | grep -q 'default: unchanged'; }
	until_true unchanged
	complete "$PUBLISHED"
}
