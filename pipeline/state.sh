# shellcheck shell=sh disable=SC2154
# What a run leaves in STATE/ID: status.json, and what it says to people.

now_utc() {
	date -u +%Y-%m-%dT%H:%M:%SZ
}

# Seconds on a clock that no one sets.
uptime_seconds() {
	read -r seconds _ < /proc/uptime
	printf '%s\n' "${seconds%.*}"
}

# write_status ID STATE START SECONDS EXIT STAGE MESSAGE
write_status() {
	folder=$state/$1
	[ -s "$folder/status.json" ] && jq -e . "$folder/status.json" >/dev/null 2>&1 || printf '{}\n' > "$folder/status.json"
	summary=$folder/run/summary.json
	[ -s "$summary" ] || summary=/dev/null
	jq --arg id "$1" --arg state "$2" --arg start "$3" --arg finished "$(now_utc)" --argjson seconds "$4" --argjson exit "$5" \
		--arg stage "$6" --arg message "$7" --arg file "$8" --slurpfile summary "$summary" \
		-f "$parts/status.jq" "$folder/status.json" > "$folder/.status.json.tmp" \
		&& mv -f "$folder/.status.json.tmp" "$folder/status.json"
}

print_status() {
	answer=0
	for id in $(provider_ids); do
		if [ ! -s "$state/$id/status.json" ]; then
			printf '%s: never ran\n' "$id"
			answer=75
			continue
		fi
		bound=$(provider "$id" '((.frequency // 0) * 2 + (.timeout // 0)) / 1000')
		jq -r --argjson bound "$bound" -f "$parts/status_text.jq" "$state/$id/status.json"
		jq -e --argjson bound "$bound" '.lastSuccess != null and (now - (.lastSuccess | fromdate)) < $bound' \
			"$state/$id/status.json" >/dev/null || answer=75
	done
	return "$answer"
}
