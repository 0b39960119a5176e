# What is to be tried before a configuration is taken, as calls for sh. Input: {providers}.

include "marks";
include "keys";

# Arguments of okta-map, each option with its value: [[OPTION, VALUE], [OPTION], ...]
def options:
	[keys_of_map[] | select(.takes == "flag").option] as $flags
	| reduce .[] as $word ({all: [], open: null};
		if .open then .all += [[.open, $word]] | .open = null
		elif $flags | index($word) then .all += [[$word]]
		else .open = $word end)
	| .all;

.providers[]
| .path as $path
| (select(.transformOkta.jq) | @sh "judge_program \(under($path; "transform.okta")) \(.transformOkta.jq)"),
	(select(.transformEntities.jq) | @sh "judge_program \(under($path; "transform.entities")) \(.transformEntities.jq)"),
	# okta-map tells of the first option that is wrong. When one is, each is tried by itself; last all, for what is wrong together.
	(select(.map != []) | .map as $all
		| (@sh "if is_wrong_for_map \($all); then said=", ($all | options[] | @sh "judge_map \($path) \(.)"),
			@sh "[ -n \"$said\" ] || judge_map \($path) \($all)", "fi"))
