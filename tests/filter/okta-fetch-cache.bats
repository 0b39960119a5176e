#!/usr/bin/env bats
# --cache DIR: memberships kept between runs.

load org

setup() {
	CACHE=$BATS_TEST_TMPDIR/cache
	org_start --users 450 --groups 30
}

teardown() {
	org_stop
}

# A run with the cache; its stream goes to out.
cached() {
	ends_with 0 fetch --cache "$CACHE" "$@"
	same_as_org "$BATS_TEST_TMPDIR/out"
}

member_calls() {
	grep -c '/groups/.*/users' "$ORG/requests.ndjson" || true
}

# The records, without the two lines that differ from run to run.
records() {
	grep -v -e '"kind":"OktaOrg"' -e '"kind":"End"' "$1" | LC_ALL=C sort
}

lists() {
	find "$CACHE" -type f -name '00g*'
}

a_group_with_members() {
	jq -r 'select(.userIds | length > 3) | .groupId' "$ORG/members.ndjson" | sed -n 2p
}

@test "a run in which nothing changed asks for pages of users and groups alone, and gives the same records" {
	cached
	cp "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/first"
	before=$(member_calls)
	cached
	[ "$(member_calls)" -eq "$before" ]
	diff <(records "$BATS_TEST_TMPDIR/first") <(records "$BATS_TEST_TMPDIR/out")
	[ "$(jq -r 'select(.kind=="End").calls' "$BATS_TEST_TMPDIR/out")" -le $((450 / 200 + 1 + 1 + 2 + 1)) ]
	ends_with 0 fetch
	diff <(records "$BATS_TEST_TMPDIR/first") <(records "$BATS_TEST_TMPDIR/out")
}

@test "a membership that changed is read again, alone" {
	cached
	group=$(a_group_with_members)
	ids=$(jq -c --arg g "$group" 'select(.groupId==$g) | .userIds[1:]' "$ORG/members.ndjson")
	org_tell set-members "{\"id\":\"$group\",\"userIds\":$ids}"
	org_tell write-truth '{}'
	before=$(member_calls)
	cached
	[ "$(member_calls)" -eq $((before + 1)) ]
}

@test "damaged, cut, foreign and empty lists are noticed and read anew, and mended" {
	cached
	total=$(member_calls)
	lists | sed -n '1,8p' > "$BATS_TEST_TMPDIR/files"
	sed -i '7s/00u/00v/' "$(sed -n 1p "$BATS_TEST_TMPDIR/files")"
	truncate -s -10 "$(sed -n 2p "$BATS_TEST_TMPDIR/files")"
	cp "$(lists | sed -n 9p)" "$(sed -n 3p "$BATS_TEST_TMPDIR/files")"
	: > "$(sed -n 4p "$BATS_TEST_TMPDIR/files")"
	head -c 3000 /dev/urandom > "$(sed -n 5p "$BATS_TEST_TMPDIR/files")"
	{ cat "$(sed -n 6p "$BATS_TEST_TMPDIR/files")"; echo 00u00000000000000000; } > "$BATS_TEST_TMPDIR/longer"
	cp "$BATS_TEST_TMPDIR/longer" "$(sed -n 6p "$BATS_TEST_TMPDIR/files")"
	# A line behind a NUL is no part of the list that the digest is of.
	sed -i '7s/^/\x00junk\n/' "$(sed -n 7p "$BATS_TEST_TMPDIR/files")"
	rm "$(sed -n 8p "$BATS_TEST_TMPDIR/files")"
	mkfifo "$(sed -n 8p "$BATS_TEST_TMPDIR/files")"
	ends_with 0 timeout 30 okta-fetch --ca-file "$ORG/ca.pem" --cache "$CACHE"
	same_as_org "$BATS_TEST_TMPDIR/out"
	says "are damaged: read from Okta instead"
	[ "$(member_calls)" -eq $((total + 8)) ]
	cached
	[ "$(member_calls)" -eq $((total + 8)) ]
}

@test "a run that fails keeps the lists it had read: a large org converges" {
	org_tell fault '{"match":"/groups/.*/users","from":12,"do":"status","status":503}'
	ends_with 69 fetch --cache "$CACHE" --concurrency 1
	no_end
	[ "$(lists | wc -l)" -eq 11 ]
	[ -z "$(find "$CACHE" -name '*.tmp')" ]
	org_tell clear-faults '{}'
	before=$(member_calls)
	cached
	[ "$(member_calls)" -eq $((before + 30 - 11)) ]
}

@test "another app and another org have lists of their own" {
	cached
	before=$(member_calls)
	ends_with 0 env -u OKTA_CLIENT_PRIVATEKEY okta-fetch --ca-file "$ORG/ca.pem" --cache "$CACHE" --token-file "$ORG/ssws.token"
	[ "$(member_calls)" -eq $((before + 30)) ]
	before=$(member_calls)
	org_tell set-org-id '{"id":"00oAnotherOrg00000000"}'
	cached
	[ "$(member_calls)" -eq $((before + 30)) ]
}

@test "an org that gets another address keeps its lists" {
	cached
	org_stop
	org_start --users 450 --groups 30
	cached
	[ "$(member_calls)" -eq 0 ]
}

# former ORG CLIENT HOURS: the lists of the folder $own as those of this org and app, last used so many hours ago; prints their folder
former() {
	local to
	to=$CACHE/$(printf '%s\n%s' "$1" "$2" | sha256sum | cut -c 1-32)
	mkdir "$to"
	for list in "$own"/*; do
		sed "2s|.*|org $1|; 3s|.*|client $2|" "$list" > "$to/${list##*/}"
	done
	aged "$3" "$to"
	echo "$to"
}

# aged HOURS FOLDER: what is in it, and the folder, are as old as that
aged() {
	find "$2" -depth -exec touch -h -d "$1 hours ago" {} +
}

@test "the folder of an older release, of another app or org is removed once it was not used for two --cache-max-age and a day" {
	cached
	own=$(find "$CACHE" -mindepth 1 -type d)
	url=$(former "$OKTA_CLIENT_ORGURL" 0oaOld 73)
	token=$(former 00oOld 'SSWS 0123456789abcdef' 1000)
	used=$(former 00oOther 0oaOld 71)
	list=$(former 00oList 0oaOld 1000)
	find "$list" -type f | head -n 1 | xargs touch -d '71 hours ago'
	touch -d '40 days ago' "$list"
	# What a run that was killed, or a crash, left behind.
	: > "$url/00gEmpty"
	cp "$(find "$url" -type f -size +0 | head -n 1)" "$url/00gList.4711.tmp"
	aged 73 "$url"
	cached -v --cache-max-age 2days
	says "cache $token: removed: not used for 120 hours"
	[ ! -e "$token" ]
	[ -d "$url" ]
	cached -v
	says "cache $url: removed: not used for 72 hours"
	[ ! -e "$url" ]
	[ -d "$used" ]
	[ -d "$list" ]
	[ -d "$own" ]
	[ "$(lists | wc -l)" -eq 90 ]
}

@test "a run that reads only from the cache uses its folder" {
	cached
	own=$(find "$CACHE" -mindepth 1 -type d)
	find "$own" -exec touch -d '2 days ago' {} +
	cached --cache-max-age 30days
	[ -n "$(find "$own" -maxdepth 0 -mmin -5)" ]
}

@test "nothing is removed from the cache's folder that okta-fetch did not write, and no symbolic link is followed" {
	cached
	own=$(find "$CACHE" -mindepth 1 -type d)
	a_list=$(find "$own" -type f | head -n 1)
	n=0
	while read -r what; do
		n=$((n + 1))
		folder=$(former "00o$n" 0oaOld 1000)
		(cd "$folder" && eval "$what")
		[ ! -d "$folder" ] || aged 1000 "$folder"
	done <<'EOF'
: > note.txt
: > .hidden
mkdir 00gFolder
mkfifo 00gPipe
mv "$(ls | head -n 1)" ../../00gMoved; touch -d "1000 hours ago" ../../00gMoved; ln -s ../../00gMoved .
cp "$a_list" 00gOther
echo "okta-catalog cache 1" > 00gCut
echo "okta-catalog cache 2" > 00gNext
cp "$a_list" 00gList..tmp; sed -i "2s/.*/org 00o9/" *.tmp
rm ./*
rm ./*; : > 00gEmpty
mv ../"${folder##*/}" ../0123456789abcdef0123456789abcdef
mv ../"${folder##*/}" ../"${folder##*/}0"
mv ../"${folder##*/}" ../"$(basename "$folder" | tr a-f A-F)"
mv ../"${folder##*/}" "$BATS_TEST_TMPDIR/elsewhere"; ln -s "$BATS_TEST_TMPDIR/elsewhere" "$folder"
EOF
	echo text > "$CACHE/fedcba9876543210fedcba9876543210"
	aged 1000 "$BATS_TEST_TMPDIR/elsewhere"
	for folder in "$CACHE"/*; do
		[ "$folder" = "$own" ] || aged 1000 "$folder"
	done
	find "$CACHE" "$BATS_TEST_TMPDIR/elsewhere" | sort > "$BATS_TEST_TMPDIR/before"
	[ "$(find "$CACHE" -mindepth 1 -maxdepth 1 | wc -l)" -eq 17 ]
	cached
	find "$CACHE" "$BATS_TEST_TMPDIR/elsewhere" | sort | diff "$BATS_TEST_TMPDIR/before" -
}

@test "each list is read anew once in --cache-max-age, not all in one run" {
	port=${OKTA_CLIENT_ORGURL##*:}
	cached
	org_stop
	org_start --users 450 --groups 30 --port "$port" --org-clock 43200
	cached
	# Which lists have their moment in these twelve hours hangs on the time of day: about half of the thirty.
	half=$(member_calls)
	[ "$half" -ge 3 ]
	[ "$half" -le 27 ]
	org_stop
	org_start --users 450 --groups 30 --port "$port" --org-clock 90000
	cached
	# All others have theirs before a day is over.
	[ "$(member_calls)" -ge $((30 - half)) ]
	[ "$(member_calls)" -lt 30 ]
	before=$(member_calls)
	cached --cache-max-age 1ms
	[ "$(member_calls)" -eq $((before + 30)) ]
}

@test "a folder that cannot be written is a warning, and the run goes on" {
	: > "$BATS_TEST_TMPDIR/file"
	ends_with 0 fetch --cache "$BATS_TEST_TMPDIR/file/cache"
	same_as_org "$BATS_TEST_TMPDIR/out"
	says "memberships are not kept, and read from Okta instead"
	[ "$(grep -c 'not kept' "$BATS_TEST_TMPDIR/err")" -eq 1 ]
}

@test "--users members wants the records: the cache is left alone" {
	ends_with 0 fetch --cache "$CACHE" --users members
	same_as_org "$BATS_TEST_TMPDIR/out" members
	[ ! -e "$CACHE" ]
}

@test "a run that is ended by a signal leaves no half list behind" {
	org_tell fault '{"match":"/groups/.*/users","from":5,"do":"slow","seconds":60}'
	okta-fetch --ca-file "$ORG/ca.pem" --cache "$CACHE" > "$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	for _ in $(seq 300); do
		[ "$(lists | wc -l)" -lt 3 ] || break
		sleep 0.1
	done
	[ "$(lists | wc -l)" -ge 3 ]
	kill -TERM "$pid"
	wait "$pid" || true
	[ -z "$(find "$CACHE" -name '*.tmp')" ]
}
