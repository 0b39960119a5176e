# The findings of a run, one key a line, sorted. Input: raw lines of messages (jq -n -R).

include "finding";

[inputs | message("transform") | select(is_finding and (is_summary | not)) | finding_key] | unique[]
