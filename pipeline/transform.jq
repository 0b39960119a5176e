# Programs that the configuration brings: {jq: TEXT} or {command: TEXT or [ARGUMENT]}, to the words of a command.

def command: if . == null then null elif .command | type == "array" then .command else ["sh", "-c", .command] end;

# jq drops a record that its program fails on and goes on; Abort stops everything instead, and says who it was.
def aborting($name): "try (\n\(.)\n) catch {kind: \"Abort\", message: (\"\($name): \" + tostring)}";

# A stage, or nothing.
def transform($name):
	if . == null then empty
	elif .jq then {name: $name, title: $name, words: ["jq", "-c", (.jq | aborting($name))]}
	else {name: $name, title: $name, words: command} end;
