# The keys of one provider that are options of a stage: which option of which stage, and what it takes.

include "duration";

def option($stage; $option; $takes): {stage: $stage, option: $option, takes: $takes};
def choice($stage; $option; $words): option($stage; $option; "choice") + {words: $words};
def number($stage; $option; $from; $to): option($stage; $option; "number") + {from: $from, to: $to};

def keys_of_fetch: {
	groups: option("fetch"; "--group"; "list"),
	groupsFile: option("fetch"; "--groups-file"; "text"),
	groupSearch: option("fetch"; "--group-search"; "text"),
	userSearch: option("fetch"; "--user-search"; "text"),
	users: choice("fetch"; "--users"; ["all", "members", "none"]),
	builtIn: option("fetch"; "--built-in"; "flag"),
	cacheMaxAge: option("fetch"; "--cache-max-age"; "duration"),
	concurrency: number("fetch"; "--concurrency"; 1; 64),
	rateShare: number("fetch"; "--rate-share"; 1; 100),
	caFile: option("fetch"; "--ca-file"; "text"),
	requestTimeout: (option("fetch"; "--timeout"; "duration") + {to: units.days}),
	dpop: choice("fetch"; "--dpop"; ["auto", "require", "off"]),
	missingGroups: choice("fetch"; "--missing-groups"; ["error", "warn"]),
	progress: choice("fetch"; "--progress"; ["auto", "always", "never"])
};

def keys_of_map: {
	userName: choice("map"; "--user-name"; ["strip-domain-email", "id", "kebab-case-email", "slugify-email"]),
	groupName: choice("map"; "--group-name"; ["kebab-case-name", "id", "profile-name", "profile.ATTRIBUTE"]),
	nameHold: option("map"; "--name-hold"; "duration"),
	namesFollow: option("map"; "--names-follow"; "flag"),
	collisions: choice("map"; "--collisions"; ["suffix", "fail"]),
	sharedEmail: choice("map"; "--shared-email"; ["keep", "login"]),
	membership: choice("map"; "--membership"; ["memberOf", "members", "both"]),
	hierarchy: option("map"; "--hierarchy"; "hierarchy"),
	manager: option("map"; "--manager"; "text"),
	groupPrefix: option("map"; "--group-prefix"; "list"),
	stripPrefix: option("map"; "--strip-prefix"; "list"),
	dropEmptyGroups: option("map"; "--drop-empty-groups"; "flag"),
	annotateUser: option("map"; "--annotate-user"; "pairs"),
	annotateGroup: option("map"; "--annotate-group"; "pairs"),
	excludeStatus: option("map"; "--exclude-status"; "words"),
	excludeType: option("map"; "--exclude-type"; "words"),
	namespace: option("map"; "--namespace"; "text"),
	groupType: option("map"; "--group-type"; "pairs"),
	picture: option("map"; "--picture"; "text")
};

def keys_of_emit: {
	format: choice("emit"; "--format"; ["yaml", "yaml-flow", "json", "ndjson", "mutation", "delta"]),
	maxRemovals: option("emit"; "--max-removals"; "share"),
	maxTakenOver: number("emit"; "--max-taken-over"; 0; 1000000000),
	signIn: choice("emit"; "--sign-in"; ["user-id", "email-annotation", "profile-email", "email-local-part"]),
	requireBase: option("emit"; "--require-base"; "flag"),
	strict: option("emit"; "--strict"; "flag"),
	split: number("emit"; "--split"; 1; 1000),
	locationKey: option("emit"; "--location-key"; "text")
};

def keys_of_stages: keys_of_fetch + keys_of_map + keys_of_emit;

# What a wrong value is, without all of a long one.
def found: tojson | if length > 40 then "\(.[:37])..." else . end;

# Truth values and numbers in all the forms that Backstage's configuration reader takes: ${NAME} gives text.
def truth: if type == "boolean" then . else tostring | ascii_downcase
	| if . == "y" or . == "yes" or . == "true" or . == "1" or . == "on" then true
		elif . == "n" or . == "no" or . == "false" or . == "0" or . == "off" then false
		else error("expected true or false, found \(found)") end end;
def whole_number: if type == "number" then . elif type == "string" then (tonumber? // error("expected a number, found \(found)"))
	else error("expected a number, found \(found)") end
	| if . == floor then . else error("expected a whole number, found \(found)") end;
def text: if type == "string" and . != "" then . elif type == "number" then error("expected text, found \(found); put it in quotes")
	else error("expected text, found \(found)") end;
def texts: if type != "array" then [text]
	else map(if type == "string" and . != "" then . else error("expected a list of texts, found \(found) in it") end) end;

# Text of the one form, or an object of the other: a list ["ATTR=KEY"] or {ATTR: KEY}.
def pairs: if type == "object" then to_entries | map("\(.key)=\(.value | text)") else texts end;
def hierarchy: if type == "object" then "\(if .key == null then "" else .key | text end):\(.parentKey | text)" else text
	| if test("^[^:]*:[^:]+$") then . else error("expected KEY:PARENTKEY, such as profile.orgId:profile.parentId, found \(found)") end end;
def share: if type == "number" then tostring else text end
	| if test("^[0-9]{1,9}$") or test("^([0-9]|[1-9][0-9]|100)%$") then . else error("expected a number or a share such as 10%, found \(found)") end;
def milliseconds($to): bounded_duration
	| if . <= 0 then error("expected a duration longer than nothing") elif . > $to then error("expected at most \($to / units.hours) hours")
		elif . % 1000 == 0 then "\(. / 1000)s" else "\(.)ms" end;
def word($words): text | . as $word
	| if any($words[]; . == $word or (endswith(".ATTRIBUTE") and ($word | startswith("profile.") and length > 8))) then .
		else error("expected \($words[:-1] | join(", ")) or \($words[-1]), found \(found)") end;

# A key's value (the input) as arguments; an error says what is wrong with it.
def arguments($spec):
	if . == null then []
	elif $spec.takes == "flag" then if truth then [$spec.option] else [] end
	elif $spec.takes == "number" then whole_number
		| if . >= $spec.from and . <= $spec.to then [$spec.option, tostring] else error("expected \($spec.from) to \($spec.to), found \(.)") end
	elif $spec.takes == "list" then texts | map($spec.option, .)
	elif $spec.takes == "pairs" then pairs | map($spec.option, .)
	elif $spec.takes == "words" then [$spec.option, (texts | join(","))]
	elif $spec.takes == "choice" then [$spec.option, word($spec.words)]
	elif $spec.takes == "duration" then [$spec.option, milliseconds($spec.to // infinite)]
	elif $spec.takes == "share" then [$spec.option, share]
	elif $spec.takes == "hierarchy" then [$spec.option, hierarchy]
	else [$spec.option, text] end;
