# status.json as a Prometheus textfile. $schedule as fresh.jq takes it.

include "fresh";

def escaped: gsub("\\\\"; "\\\\") | gsub("\""; "\\\"") | gsub("\n"; "\\n");
def seconds: if . == null then 0 else fromdate end;

# One metric with its help and type; the input is an array of [labels, value].
def metric($name; $type; $help):
	map(select(.[1] != null)) | select(length > 0)
	| "# HELP okta_catalog_\($name) \($help)", "# TYPE okta_catalog_\($name) \($type)",
		(.[] | "okta_catalog_\($name){\(.[0])} \(.[1])");

def metrics($schedule):
	. as $status
	| "provider=\"\(.id | escaped)\"" as $id
	| def gauge($name; $help; value): [[$id, ($status | value)]] | metric($name; "gauge"; $help);
		gauge("last_run_timestamp_seconds"; "When the last run ended."; .lastRun.end | seconds),
		gauge("last_run_duration_seconds"; "How long the last run took."; .lastRun.seconds),
		gauge("last_run_exit_status"; "Exit status of the last run: 0 is good, 79 was refused by the guard."; .lastRun.exit),
		gauge("last_success_timestamp_seconds"; "When a run last ended well; 0 is never."; last_success // 0),
		gauge("fresh_until_timestamp_seconds"; "Until when the catalog is fresh; 0 is not, +Inf is always."; fresh_until($schedule) // "+Inf"),
		gauge("consecutive_failures"; "Runs that failed since the last good one."; .consecutiveFailures),
		gauge("publish_pending"; "1 while the publish command has not succeeded with the catalog that is in place."; if .publishPending then 1 else 0 end),
		gauge("users"; "Users in the catalog that is in place."; .published.users),
		gauge("groups"; "Groups in the catalog that is in place."; .published.groups),
		gauge("okta_calls"; "Calls to Okta that the last run made."; .okta.calls),
		gauge("okta_waited_seconds"; "How long the last run waited for Okta's rate limit."; .okta.waitedSeconds),
		([.runs | to_entries[] | ["\($id),result=\"\(.key)\"", .value]] | metric("runs_total"; "counter"; "Runs that ended, by how."));
