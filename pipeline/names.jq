# The options by which a provider's names depend on more than the stream: the
# ledger, the published catalog, the ledgers of the other providers, the org.

# okta-fetch refuses another org before it has read or kept anything.
def org_options($org): if $org == "" then [] else ["--expect-org", $org] end;

# $copy: of the ledger, which okta-map may write; "": the ledger is only read.
def names_options($ledger; $copy; $base; $reserved; $org):
	(if $ledger == "" then []
		elif $copy == "" then ["--names", $ledger, "--names-readonly"]
		else ["--names", $copy] end)
	+ ["--names-from", $base] + ($reserved | map("--names-reserved", .))
	+ (if $copy == "" then [] else ["--names-lock", "5"] end)
	+ org_options($org);

# Whether okta-fetch needs the names that the configured groups had in Okta.
def needs_known_groups($ledger): $ledger != ""
	and any(.fetch[]; . == "--group" or . == "--groups-file");

# Options of okta-map without those that need the ledger or would leave out or
# refuse a group that comes alone. Each but a flag has a value.
def naming_options: reduce .[] as $word ({out: [], open: null};
		if .open then
			(if .open | IN("--name-hold", "--collisions") then .
				else .out += [.open, $word] end) | .open = null
		elif $word | IN("--names-follow", "--drop-empty-groups") then .
		else .open = $word end)
	| .out;

# The values of an option of okta-fetch, which may come more than once.
def values_of($option): .fetch as $words
	| range(1; $words | length) | select($words[. - 1] == $option)
	| $words[.];

# Which groups are configured and how they are named, as a text for sh.
def group_variables:
	@sh "group_names=\([values_of("--group")] | tojson)",
	@sh "groups_file=\([values_of("--groups-file")] | first // "")",
	@sh "group_naming=\(.map | naming_options | map(@sh) | join(" "))";
