# The programs that a configuration brings along: transform.okta, transform.entities and publish.

include "marks";
include "nearest";

# A jq program or a command, as {jq} or {command}.
def program($path; $jq):
	if . == null then null
	elif type == "string" and $jq then {jq: .}
	elif type == "string" then {command: .}
	elif type == "object" and (.command | (type == "string" and . != "") or (type == "array" and length > 0 and all(.[]; type == "string"))) then {command}
	else error("expected \(if $jq then "a jq program or " else "" end){ command: ... }, the command as one text or a list of texts") end;

def programs($path; $c):
	(if $c.transform == null or ($c.transform | type) == "object" then [] else [{problem: "\(under($path; "transform")): expected okta and entities, found \($c.transform | type)"}] end)
	+ [("okta", "entities") as $which | under(under($path; "transform"); $which) as $at
		| try {field: "transform\($which | (.[:1] | ascii_upcase) + .[1:])", value: ($c.transform[$which]? | program($at; true))} catch {problem: "\($at): \(.)"}]
	+ [under($path; "publish") as $at | try {field: "publish", value: ($c.publish | program($at; false))} catch {problem: "\($at): \(.)"}]
	+ ($c.transform | unread_keys(under($path; "transform"); ["okta", "entities"]) | map({warning: .}))
	+ ([[under($path; "publish"), $c.publish], [under($path; "transform.okta"), $c.transform.okta?], [under($path; "transform.entities"), $c.transform.entities?]]
		| map(.[0] as $at | .[1] | unread_keys($at; ["command"])[] | {warning: .}));
