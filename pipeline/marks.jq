# What stands in a configuration's tree until it is read: a value that was written as ${NAME}, $env, $file or $include
# is a mark, an object whose only key no one writes in YAML. A mark holds one of
#	text		the text it stands for; with it .variable, when it is the whole of one, or .file, when it is the whole of one
#	file		as above without .text: the file need not be read, because it may hold a secret
#	need		what has to be found out first: {variable}, {file}, {include} or {readable}
#	missing		what is not there, such as a variable; Backstage reads the whole value as absent
#	problem		what is wrong with it
# and, when it was written as ${NAME} or $env, .variables, the names of all variables that it refers to.

def mark: {"\u0000": .};
def is_mark: type == "object" and has("\u0000");
def marked: if is_mark then .["\u0000"] else null end;

# The tree as Backstage has it: texts in place of marks, and nothing where nothing is.
def unmarked:
	if is_mark then marked.text // empty
	elif type == "array" then [.[] | unmarked]
	elif type == "object" then . as $o | reduce keys_unsorted[] as $k ({}; [$o[$k] | unmarked] as $v
		| if ($v | length) > 0 then .[$k] = $v[0] else . end)
	else . end;

# Where marks of a kind are, as paths: marks_with(.problem)
def marks_with(kind): path(.. | select(is_mark and (marked | kind) != null));

# ["default", "groups", 0] as people write it: default.groups[0]
def path_text: reduce .[] as $p (""; if ($p | type) == "number" then "\(.)[\($p)]" elif . == "" then $p else "\(.).\($p)" end);

# What is wrong with a key, as {problem}.
def problem($path; $what): {problem: "\($path): \($what)"};

# The path of a key below another, as people write it.
def under($path; $key): if $path == "" then $key elif ($key | type) == "number" then "\($path)[\($key)]" else "\($path).\($key)" end;
