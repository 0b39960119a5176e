# Cuts the documents that $WANTED lists (lines of "REF KEY doc|id") out of a
# published catalog, by its index lines. Prints lists as JSON: the keys of a
# document, then the document. Writes Okta ids to $IDS: KEY<TAB>NUMBER<TAB>JSON.
#
# $YAML2JSON takes one document of at most 16 MiB: many small ones become the
# items of a list. If it refuses a list, each half is tried by itself.

function convert(from, to,   i, middle) {
	if (from >= to)
		return
	for (i = first[from]; i < first[to]; i++)
		print line[i] | yaml2json
	if (close(yaml2json) == 0 || from + 1 == to)
		return
	middle = int((from + to) / 2)
	convert(from, middle)
	convert(middle, to)
}

function convert_all() {
	first[documents] = lines
	convert(0, documents)
	documents = lines = bytes = 0
}

function begin(keys,   words, n, i) {
	if (bytes > 1048576)
		convert_all()
	gsub(/[\\"]/, "\\\\&", $4)
	n = split(keys, words, " ")
	keys = ""
	for (i = 1; i < n; i += 2) {
		if ($4 != "")
			printf "%s\t%d\t\"%s\"\n", words[i], number, $4 > ids
		if (words[i + 1] == "doc")
			keys = keys " " words[i]
	}
	if (keys == "")
		return
	taking = 1
	first[documents++] = lines
	line[lines++] = "- \"" substr(keys, 2) "\""
	line[lines++] = "-"
}

BEGIN {
	documents = lines = bytes = 0
	ids = ENVIRON["IDS"]
	yaml2json = "\"$YAML2JSON\" 2> /dev/null; s=$?; " \
		"cat > /dev/null; exit $s"
	while ((getline one < ENVIRON["WANTED"]) > 0) {
		split(one, words, " ")
		want[words[1]] = want[words[1]] " " words[2] " " words[3]
	}
}

/^--- #/ {
	sub(/\r$/, "")
	ref = tolower($3)
	taking = 0
	if (ref in want) {
		begin(want[ref])
		delete want[ref]
	}
	next
}

taking {
	sub(/\r$/, "")
	line[lines++] = " " $0
	bytes += length($0) + 2
}

END { convert_all() }
