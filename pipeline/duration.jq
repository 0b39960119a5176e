# Durations as Backstage reads them from its configuration (readDurationFromConfig), in milliseconds.

def units: {years: 31536000000, months: 2592000000, weeks: 604800000, days: 86400000,
	hours: 3600000, minutes: 60000, seconds: 1000, milliseconds: 1};

# A string to a number, or null.
def decimal: gsub(","; ".") | tonumber? // null;

# "PT1H30M", ISO 8601.
def iso_duration:
	"(-?[0-9]+(?:[.,][0-9]+)?)" as $n
	| capture("^P(?:(?<y>\($n))Y)?(?:(?<mo>\($n))M)?(?:(?<w>\($n))W)?(?:(?<d>\($n))D)?(?:T(?:(?<h>\($n))H)?(?:(?<mi>\($n))M)?(?:(?<s>\($n))S)?)?$")
		// error("is no ISO 8601 duration; expected a value such as PT30M or P1D")
	| if all(.[]; . == null) then error("is an ISO 8601 duration without values") else . end
	| [(.y, 31536000000), (.mo, 2592000000), (.w, 604800000), (.d, 86400000), (.h, 3600000), (.mi, 60000)] as [$y, $yf, $mo, $mof, $w, $wf, $d, $df, $h, $hf, $mi, $mif]
	| [[$y, $yf], [$mo, $mof], [$w, $wf], [$d, $df], [$h, $hf], [$mi, $mif]]
	| map(select(.[0] != null) | (.[0] | decimal) * .[1]) | add // 0;

def iso_seconds: (capture("(?<s>-?[0-9]+(?:[.,][0-9]+)?)S$") // null) as $s
	| if $s == null then 0 else ($s.s | decimal) * 1000 | if . < 0 then ceil else floor end end;

# "30m", "2 hours": a number and one unit.
def human_duration:
	(capture("^(?<n>-?[0-9]*\\.?[0-9]+) *(?<u>milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)?$"; "i")
		// error("is no duration; expected a number and a unit, such as 30m or '2 hours', or { minutes: 30 }"))
	| if .n | startswith("-") then error("is negative") else . end
	| if .u == null and (.n | test("^[0-9]+$")) then error("is a number without a unit; try 30m or { minutes: 30 }") else . end
	| ((.u // "ms") | ascii_downcase) as $u
	| (.n | if startswith(".") then "0" + . else . end | tonumber)
		* (if $u | test("^m(illi)?s") then 1 elif $u | startswith("s") then 1000 elif $u | startswith("m") then 60000
			elif $u | startswith("h") then 3600000 elif $u | startswith("d") then 86400000
			elif $u | startswith("w") then 604800000 else 31536000000 end);

def object_duration:
	(keys - (units | keys)) as $unknown
	| (to_entries | map(select(.value != null and (.key | in(units))))) as $known
	| if ($known | length) == 0 then error("needs one or more of \(units | keys_unsorted | join(", "))") else . end
	| if ($unknown | length) > 0 then error("has no property \($unknown | join(", ")); expected \(units | keys_unsorted | join(", "))") else . end
	| $known | map(
		(if (.value | type) == "number" then .value
			elif (.value | type) == "string" then (.value | tonumber? // error("has a value that is no number"))
			else error("has a value that is no number") end) * units[.key])
	| add;

# Any form; errors with what is wrong, to be put behind the key's path.
def duration:
	if type == "string" then
		if . == "" then error("is empty") else gsub("^\\s+|\\s+$"; "") end
		| if length > 100 then error("is too long for a duration")
			elif startswith("P") then iso_duration + iso_seconds
			else human_duration end
	elif type == "object" then object_duration
	else error("is of type \(type); expected a duration such as { minutes: 30 } or 30m") end;

# What the shell and the programs can count with; Backstage has no bound.
def bounded_duration: duration | if . > 100 * units.years then error("is longer than a hundred years") else . end;
