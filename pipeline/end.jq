# What a run that has ended leaves: its line for people, which is empty when it failed, then status.json, then metrics.prom, which
# begins with a #. Input: the text of status.json before (jq -R -s -r); arguments: $id, $start, $next (when the next run is due,
# or nothing), $seconds that it took, $exit, $stage that failed, $message, $file that is published and how it is $shown
# to people, $output (its folder), $ledger, $configuration (a file a line), $url and $client, $in_place, $pending, $summary (of
# catalog-emit, in an array, or none), $schedule.

include "status";
include "run_line";
include "metrics";

(status_before | status_ended($ARGS.named)) as $status
| (if $exit == 0 then $summary[0] | run_line($shown; $seconds) else "" end), $status, ($status | metrics($schedule))
