# The keys of one provider: what they are and which option of which stage they become.

def text_option($stage; $option): {stage: $stage, option: $option, type: "string"};
def number_option($stage; $option): {stage: $stage, option: $option, type: "number"};
def flag_option($stage; $option): {stage: $stage, option: $option, type: "boolean"};
def list_option($stage; $option): {stage: $stage, option: $option, type: "list"};

def keys_of_stages: {
	groups: list_option("fetch"; "--group"),
	groupSearch: text_option("fetch"; "--group-search"), groupFilter: text_option("fetch"; "--group-search"),
	userSearch: text_option("fetch"; "--user-search"), userFilter: text_option("fetch"; "--user-search"),
	users: text_option("fetch"; "--users"), builtIn: flag_option("fetch"; "--built-in"),
	concurrency: number_option("fetch"; "--concurrency"), rateShare: number_option("fetch"; "--rate-share"),
	caFile: text_option("fetch"; "--ca-file"), requestTimeout: text_option("fetch"; "--timeout"),
	dpop: text_option("fetch"; "--dpop"), missingGroups: text_option("fetch"; "--missing-groups"),
	userName: text_option("map"; "--user-name"), groupName: text_option("map"; "--group-name"),
	membership: text_option("map"; "--membership"), namespace: text_option("map"; "--namespace"),
	groupType: text_option("map"; "--group-type"), picture: text_option("map"; "--picture"),
	excludeStatus: text_option("map"; "--exclude-status"),
	format: text_option("emit"; "--format"), maxRemovals: text_option("emit"; "--max-removals"),
	requireBase: flag_option("emit"; "--require-base"), strict: flag_option("emit"; "--strict")
};

# Read by providers.jq itself.
def own_keys: ["id", "oktaUrl", "orgUrl", "clientId", "privateKey", "keyId", "token", "oauth", "schedule"];

def known_keys: own_keys + (keys_of_stages | keys_unsorted);

# How far two words are apart (Levenshtein), for "did you mean".
def distance($a; $b):
	($a | explode) as $x | ($b | explode) as $y
	| reduce range($x | length) as $i ([range(($y | length) + 1)];
		. as $row
		| reduce range($y | length) as $j ([$i + 1];
			. + [[$row[$j + 1] + 1, .[$j] + 1, $row[$j] + (if $x[$i] == $y[$j] then 0 else 1 end)] | min]))
	| last;

def nearest($word; $words):
	$words | map({word: ., d: distance($word | ascii_downcase; . | ascii_downcase)}) | min_by(.d)
	| if .d <= 3 then .word else null end;
