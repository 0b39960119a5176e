# "did you mean": the word that was probably meant.

include "marks";

# How far two words are apart (Levenshtein).
def distance($a; $b):
	($a | explode) as $x | ($b | explode) as $y
	| reduce range($x | length) as $i ([range(($y | length) + 1)];
		. as $row
		| reduce range($y | length) as $j ([$i + 1];
			. + [[$row[$j + 1] + 1, .[$j] + 1, $row[$j] + (if $x[$i] == $y[$j] then 0 else 1 end)] | min]))
	| last;

# The nearest of $words that is near enough, or null.
def nearest($word; $words):
	$words | map({word: ., d: distance($word | ascii_downcase; . | ascii_downcase)}) | min_by(.d)
	| if . != null and .d <= 3 and .d < ($word | length) then .word else null end;

# The keys of an object that nobody reads, as warnings: input the object.
def unread_keys($path; $known):
	if type != "object" then [] else
		[keys_unsorted[] | . as $k | select($known | index($k) | not)
			| nearest($k; $known) as $near
			| "\(under($path; $k)): nobody reads this key\(if $near then "; did you mean `\($near)`?" else "" end)"]
	end;
