# Words as sh reads them.

def word: if test("^[A-Za-z0-9_./:@%+=,-]+$") then . else @sh end;

# A message of a stage with $place instead of $copy, the run's own copy of it.
# A command in the message stays one that can be pasted: okta-map quotes there
# what needs quotes, and elsewhere nothing.
def with_place($copy; $place):
	($place | word) as $word
	| split($copy | @sh) | join($word)
	| split($copy) | join($word);
