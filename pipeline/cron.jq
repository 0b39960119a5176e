# Cron expressions as Backstage's scheduler reads them (npm's "cron": 5 fields, or 6 with seconds first), and when they
# are due next in the time zone of the process ($TZ, else /etc/localtime).

def cron_presets: {"@yearly": "0 0 0 1 1 *", "@monthly": "0 0 0 1 * *", "@weekly": "0 0 0 * * 0", "@daily": "0 0 0 * * *",
	"@hourly": "0 0 * * * *", "@minutely": "0 * * * * *", "@secondly": "* * * * * *", "@weekdays": "0 0 0 * * 1-5",
	"@weekends": "0 0 0 * * 0,6"};

def cron_names: {jan: 1, feb: 2, mar: 3, apr: 4, may: 5, jun: 6, jul: 7, aug: 8, sep: 9, oct: 10, nov: 11, dec: 12,
	sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6};

def cron_units: [
	{key: "second", name: "second", low: 0, high: 59}, {key: "minute", name: "minute", low: 0, high: 59},
	{key: "hour", name: "hour", low: 0, high: 23}, {key: "day", name: "day of the month", low: 1, high: 31},
	{key: "month", name: "month", low: 1, high: 12}, {key: "weekday", name: "day of the week", low: 0, high: 7}];

# "1-5/2" to its numbers.
def cron_range($unit):
	. as $text
	| (capture("^(?<low>[0-9]+)(?:-(?<high>[0-9]+))?(?:/(?<step>[0-9]+))?$")
		// error("the \($unit.name) \($text) cannot be read"))
	| map_values(if . == null then null else tonumber end)
	| (.high // (if .step == null then .low else $unit.high end)) as $high
	| if .step == 0 then error("the \($unit.name) has a step of zero")
		elif .low < $unit.low or .low > $unit.high or $high > $unit.high then
			error("the \($unit.name) \($text) is out of range: \($unit.low) to \($unit.high)")
		elif .low > $high then error("the \($unit.name) \($text) begins after its end")
		else range(.low; $high + 1; .step // 1) end;

def cron_field($unit):
	if any(split(",")[]; index("*") // 0 | . > 0) then error("the \($unit.name) \(.) has a * in its middle") else . end
	| gsub("\\*"; "\($unit.low)-\($unit.high)")
	| [split(",")[] | cron_range($unit)]
	| if $unit.key == "weekday" then map(. % 7) else . end
	| unique;

# The expression to {second: [numbers], minute, hour, day, month, weekday}; errors tell what is wrong.
def cron_fields:
	ascii_downcase | gsub("^\\s+|\\s+$"; "")
	| if startswith("@") then cron_presets[.] // error("\(.) is not known; expected one of \(cron_presets | keys | join(", "))") else . end
	| gsub("(?<name>[a-z]+)"; cron_names[.name] // error("\(.name) is no name of a month or day") | tostring)
	| [splits("\\s+") | select(. != "")]
	| if length == 5 then ["0"] + . elif length == 6 then . else
		error("has \(length) fields; expected 5 (minute, hour, day of the month, month, day of the week), or 6 with seconds first") end
	| . as $texts
	| cron_units | to_entries | map(. as $u | {key: $u.value.key, value: ($texts[$u.key] | cron_field($u.value))}) | from_entries;

# Below, a date or time of the wall clock is a number: the seconds since 1970 that UTC's clock would show it at.
# (jq 1.6's mktime is an hour wrong while daylight saving time is on.)
def second_of_day: .[3] * 3600 + .[4] * 60 + .[5];
def zone_offset:
	localtime as $here | gmtime as $utc
	| ($here | second_of_day) - ($utc | second_of_day)
		+ (if [$here[0], $here[7]] > [$utc[0], $utc[7]] then 86400 elif [$here[0], $here[7]] < [$utc[0], $utc[7]] then -86400 else 0 end);

def has_value($list; $value): $list | index($value) != null;

# A date. With both days restricted, either will do.
def cron_day_matches($fields):
	gmtime as [$year, $month, $day, $hour, $minute, $second, $weekday]
	| has_value($fields.day; $day) as $by_day
	| has_value($fields.weekday; $weekday) as $by_weekday
	| has_value($fields.month; $month + 1)
		and (if ($fields.day | length) < 31 and ($fields.weekday | length) < 7 then $by_day or $by_weekday
			else $by_day and $by_weekday end);

# The times of a date that match, in order; from the hour of $from on.
def cron_times($fields; $from):
	. + $fields.hour[] * 3600 | select(. + 3600 > $from) | . + $fields.minute[] * 60 | . + $fields.second[];

# The instant between two at which the clock is changed.
def clock_change($low; $high):
	if $high - $low <= 1 then $high
	else (($low + $high) / 2 | floor) as $middle
		| if ($middle | zone_offset) == ($low | zone_offset) then clock_change($middle; $high) else clock_change($low; $middle) end end;

# The instants at which the wall clock shows a time, where it is changed from $old to $new: a time that is left out comes
# at the change. One that comes twice is meant twice only when every hour is.
def instants($old; $new; $every_hour):
	. as $time
	| [$time - $old, $time - $new | select(. + zone_offset == $time)] | unique
	| if length == 0 then clock_change($time - $old - 86400; $time - $old + 86400)
		elif $every_hour then .[] else .[0] end;

def cron_instants($fields; $after):
	. as $date
	| ($date - zone_offset - 7200 | zone_offset) as $old
	| ($date + 86400 | . - zone_offset + 7200 | zone_offset) as $new
	| if $old == $new then first(cron_times($fields; $after + $old) - $old | select(. > $after))
		else [cron_times($fields; $after + ([$old, $new] | min) - 7200) | instants($old; $new; $fields.hour | length == 24)
			| select(. > $after)] | min | values end;

# The first instant after $after, or null when there is none in eight years.
def cron_next($after):
	cron_fields as $fields
	| ($after + ($after | zone_offset) | . - . % 86400) as $today
	| first(range(-1; 2923) | $today + . * 86400 | select(cron_day_matches($fields)) | cron_instants($fields; $after)) // null;
