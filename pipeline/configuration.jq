# All that is known of the configuration to what pipeline.sh does next. Input: the array of facts that resolve.jq tells of.
# $scope: which problems count; see providers.jq. Output, raw lines: "need KIND NAME" for what has to be found out first. Or:
#	secrets NAME...		variables that hold a secret
#	problem WHAT		what is wrong
#	warning ID WHAT, note ID WHAT
#	ids ID...		the providers
#	trials yes		there are jq programs or options of okta-map to be tried
# and in the last line the providers as JSON, which may hold secrets.

include "resolve";
include "providers";

def line: gsub("\n"; " ");

def broken_files: [.[] | select(.config and .problem) | "\(.config): \(.problem)"];

def lines:
	(.variables | select(length > 0) | "secrets \(join(" "))"),
	(providers($scope)
		| (.problems[] | "problem \(line)"),
		(.providers[] | .id as $id | (.warnings[] | "warning \($id) \(line)"), (.hints[] | "note \($id) \(line)")),
		"ids \([.providers[].id | tostring] | join(" "))",
		(select(any(.providers[]; .transformOkta.jq or .transformEntities.jq or (.map // []) != [])) | "trials yes"),
		({providers} | tojson));

resolve as $resolved
| if any($resolved.needs[]; true) then $resolved.needs[] | to_entries[] | "need \(.key) \(.value)"
	else broken_files as $broken
		| if ($broken | length) > 0 then ($broken[] | "problem \(line)"), "{}"
			else $resolved | lines end
	end
