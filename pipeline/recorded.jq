# What the last runs left in status.json. Input: {providers}; $status: the text of status.json; $id, $start, $next: of this run;
# $output: where catalogs are published. Output: status.json while this run is under way, which ends with a line that is }, then
# variables for sh.

include "status";
include "published";

(first(.providers[] | select(.id == $id)) | published($output)) as $published
| $status | status_before
| status_running({$id, $start, $next}),
	@sh "published=\($published)",
	@sh "status_before=\(tojson)",
	@sh "recorded_file=\(.published.file // "") recorded_success=\(.lastSuccess // "") recorded_output=\(.output // "")",
	@sh "recorded_org=\(.org.id // "") recorded_url=\(.org.url // "") recorded_client=\(.clientId // "")",
	@sh "recorded_ledger=\(.ledger // "")",
	@sh "recorded_configuration=\(.configuration // [] | join("\n"))"
