# What the last runs left in status.json. Input: its text (jq -R -s -r). Output: status.json while this run is under way, which
# ends with a line that is }, then variables for sh. $id, $start, $next: of this run.

include "status";

status_before
| status_running($ARGS.named),
	@sh "status_before=\(tojson)",
	@sh "recorded_file=\(.published.file // "") recorded_success=\(.lastSuccess // "") recorded_output=\(.output // "")",
	@sh "recorded_org=\(.org.id // "") recorded_url=\(.org.url // "") recorded_client=\(.clientId // "")",
	@sh "recorded_configuration=\(.configuration // [] | join("\n"))"
