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
