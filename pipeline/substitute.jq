# ${NAME}, $env, $file and $include, as @backstage/config-loader reads them. What is not known yet stays in the tree as a
# mark of what is needed; $facts holds what is known:
#	{variables: {NAME: text or null}, files: {PATH: text or null}, readable: {PATH: boolean}, includes: {PATH: {value} or {problem}}}

include "marks";

def deepest: 20;
def trim: gsub("^[\\s\\x{feff}]+|[\\s\\x{feff}]+$"; "");
def folder: if test("/") then sub("/[^/]*$"; "") | if . == "" then "/" else . end else "." end;
def absolute($dir): if startswith("/") then . else "\($dir | rtrimstr("/"))/\(.)" end;

# One variable: {text}, {missing} or {need}; a variable that is not set is null.
def variable($facts):
	. as $name
	| if test("^[A-Za-z_][A-Za-z0-9_]*$") | not then {missing: "'\($name)' is no name of a variable"}
		elif $facts.variables | has($name) | not then {need: {variable: $name}}
		elif $facts.variables[$name] == null then {missing: "the environment has no variable \($name)"}
		else {text: ($facts.variables[$name] | trim)} end;

# The inside of ${...}: NAME, or NAME:-TEXT, where an empty variable is none, and where no text is no problem.
def reference($facts):
	split(":-") as $parts
	| ($parts[0] | trim) as $name
	| ($name | variable($facts) + {name: $name})
	| if ($parts | length) == 1 or .need != null or (.text // "") != "" then .
		else ($parts[1:] | join(":-") | trim) as $default
			| if $default == "" then {absent: true} else {text: $default} end
		end;

# The names of all variables that a text refers to, also within each other's defaults, which Backstage does not read.
def names_in: [match("(?<escape>\\$?)\\$\\{\\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)"; "g").captures | select(.[0].string != "$")[1].string];

# A text to itself, to a mark, or to nothing.
def substituted($facts):
	. as $text
	| names_in as $variables
	| [match("\\$?\\$\\{[^{}]*\\}"; "g")] as $found
	| if ($found | length) == 0 then .
	else
		[$found[] | .string | if startswith("$$") then {text: .[1:]} else .[2:-1] | reference($facts) end] as $values
		| (first($values[] | select(.need)) // null) as $need
		| if $need != null then {need: $need.need, $variables} | mark
			elif any($values[]; .absent) then empty
			elif any($values[]; .missing) then {missing: ([$values[].missing | select(. != null)] | unique | join("; ")), $variables} | mark
			else
				(reduce range($found | length) as $i ({at: 0, out: ""};
					.out += $text[.at:$found[$i].offset] + $values[$i].text | .at = $found[$i].offset + $found[$i].length)
				| .out + $text[.at:]) as $out
				| $values[0].name as $name
				| if all($values[]; .name == null) then $out
					elif ($text | trim) == $found[0].string then {text: $out, $variables, variable: $name} | mark
					else {text: $out, $variables} | mark end
			end
	end;

def include_keys: ["$file", "$env", "$include"];
def is_include: type == "object" and any(keys_unsorted[]; . as $k | include_keys | index($k));

# Text after # in $include: the value at that path, as {value}, {missing} or {problem}.
def at_path($path; $name):
	reduce ($path | split(".") | to_entries[]) as $part ({value: .};
		if .problem then .
		elif (.value | type) != "object" then {problem: "the value at '\($path | split(".")[:$part.key] | join("."))' in \($name) is no object"}
		elif .value | has($part.value) then .value |= .[$part.value]
		else {missing: "\($name) has no \($path)"} end);

def included($facts; $dir):
	. as $name
	| ($name | split("#") | [.[0], (.[1:] | join("#"))]) as [$file, $path]
	| ($file | absolute($dir)) as $full
	| if $file | test("\\.(json|ya?ml)$") | not then {value: ({problem: "$include \($file): expected a .yaml or .json file"} | mark)}
	elif $facts.includes | has($full) | not then {value: ({need: {include: $full}} | mark)}
	elif $facts.includes[$full].problem then {value: ({problem: "\($full): \($facts.includes[$full].problem)"} | mark)}
	else
		($facts.includes[$full].value | if $path == "" then {value: .} else at_path($path; $file) end)
		| if .problem or .missing then {value: mark}
			else .value |= (if type == "string" then [substituted($facts)] | first // ({absent: true} | mark) else . end) end
	end
	+ {dir: ($full | folder)};

# What an object with one of the three keys stands for, as {value, dir}: dir is where names of files in it start from.
def resolved($facts; $dir; secret):
	(first(keys_unsorted[] | . as $k | select(include_keys | index($k)))) as $key
	| .[$key] as $raw
	| ($raw | if type == "string" then [substituted($facts)] | first // null | marked.text? // . else null end) as $name
	| if length > 1 then {value: ({problem: "\($key) stands beside other keys"} | mark)}
	elif ($raw | type) != "string" then {value: ({problem: "\($key): expected text, found \($raw | type)"} | mark)}
	elif $name == null then {value: ({missing: "\($key): \($raw) stands for nothing"} | mark)}
	elif $name | is_mark then {value: ($name | marked | del(.variables) | mark)}
	elif $key == "$env" then
		{value: ($name | variable($facts) | . + {variables: [$name]} | (if .text != null then .variable = $name else . end) | mark)}
	elif $key == "$include" then $name | included($facts; $dir)
	else
		($name | absolute($dir)) as $full
		| {value: (if secret then
				if $facts.readable | has($full) | not then {need: {readable: $full}}
				elif $facts.readable[$full] then {file: $full}
				else {problem: "\($full) cannot be read"} end
			elif $facts.files | has($full) | not then {need: {file: $full}}
			elif $facts.files[$full] == null then {problem: "\($full) cannot be read"}
			else {file: $full, text: ($facts.files[$full] | sub("[\\s\\x{feff}]+$"; ""))} end | mark)}
	end;

# Keys whose file is left for okta-fetch to read, and keys whose text names a file.
def secret_keys: ["privateKey", "token"];
def file_keys: ["caFile", "groupsFile", "names", "cache"];
# A command's text is for sh, which reads ${NAME} and ${NAME:-text} itself when it runs: so what a variable holds, a token
# may be, is in no argument, and OKTA_CATALOG_FILE has its value by then.
def command_keys: ["command", "publish"];

# A whole tree. key: the name under which it stands, or null.
def substitute($facts; $dir; $depth; $key):
	if is_mark then .
	elif $depth > deepest then {problem: "more than \(deepest) files that include each other"} | mark
	elif type == "string" and ($key as $k | command_keys | index($k)) then gsub("\\$\\$\\{"; "${")
	elif type == "string" then
		[substituted($facts)][]
		| if $key as $k | file_keys | index($k) then
			if is_mark then (if marked.text != null then .["\u0000"].text |= absolute($dir) else . end) else absolute($dir) end
		else . end
	else
		(if is_include then resolved($facts; $dir; $key as $k | secret_keys | index($k)) | . + {depth: (if .dir then $depth + 1 else $depth end)}
			else {value: ., depth: $depth} end) as $here
		| ($here.dir // $dir) as $dir
		| $here.value
		| if is_mark then if marked.absent then empty else . end
		elif type == "array" then [.[] | substitute($facts; $dir; $here.depth; null)]
		elif type == "object" then . as $o | reduce keys_unsorted[] as $k ({};
			[$o[$k] | substitute($facts; $dir; $here.depth; $k)] as $v | if ($v | length) > 0 then .[$k] = $v[0] else . end)
		else . end
	end;
