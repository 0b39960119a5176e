# The programs that a configuration brings along: transform.okta, transform.entities and publish.

include "marks";
include "nearest";

def is_command: (type == "string" and . != "") or (type == "array" and length > 0 and all(.[]; type == "string"));

# A jq program, where one may stand, or a command, as {jq} or {command}; null when there is none.
def program($jq):
	if . == null then null
	elif type == "string" then if $jq then {jq: .} else {command: .} end
	elif type == "object" and (.command | is_command) then {command}
	else error("expected \(if $jq then "a jq program or " else "" end){ command: ... }, the command as one text or a list of texts") end;

# One of them as the provider's field, and its keys that nobody reads.
def program_field($path; $field; $jq):
	[try {$field, value: program($jq)} catch problem($path; .)] + (unread_keys($path; ["command"]) | map({warning: .}));

def programs($path; $c):
	under($path; "transform") as $transform
	| ($c.publish | program_field(under($path; "publish"); "publish"; false))
	+ if $c.transform != null and ($c.transform | type) != "object" then
			[problem($transform; "expected okta and entities, found \($c.transform | type)")]
		else
			($c.transform.okta | program_field(under($transform; "okta"); "transformOkta"; true))
			+ ($c.transform.entities | program_field(under($transform; "entities"); "transformEntities"; true))
			+ ($c.transform | unread_keys($transform; ["okta", "entities"]) | map({warning: .}))
		end;
