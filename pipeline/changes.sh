#!/bin/sh
# Prints what a publication would change, field by field, for --dry-run. The
# documents that differ are cut out of the catalogs by their index lines and
# compared as JSON, in one stream, so that memory holds only their refs.
#
#   changes.sh RUN BASE NAME PROVIDER text|json YAML2JSON
#
# RUN holds catalog-emit's summary.json, and the new catalog as new/NAME, or as
# forced/NAME if the guard refused it; BASE is the catalog of before. They may
# be in any format, and need not exist. YAML2JSON is the program.
set -eu
run=$1 before=$2 after=$1/new/$3 provider=$4 format=$5 YAML2JSON=$6
export YAML2JSON
work=$run/changes.work
[ ! -e "$run/forced/$3" ] || after=$run/forced/$3
here=${0%/*}

# Lines of "KEY NEED" to "KEY<TAB>N<TAB>JSON": from a catalog in one file or in
# parts, or from neither.
documents() { # SIDE NUMBER CATALOG
	head=$(head -c 4096 "$3" 2>/dev/null | head -n 1)
	case $head in
	'# catalog-emit'*' split='*) set -- "$1" "$2" "${3%.*}"/[0-9]*.yaml ;;
	'') [ -e "$3" ] || set -- "$1" "$2" "${3%.*}"/[0-9]*.yaml ;;
	esac
	[ -e "$3" ] && [ -s "$work/$1" ] || return 0
	case $head in
	"{"* | "["*) jq -n -R -r --rawfile wanted "$work/$1" \
		--argjson side "$2" -f "$here/documents.jq" "$3" ;;
	*) yaml_documents "$@" ;;
	esac
}

yaml_documents() { # SIDE NUMBER FILE...
	WANTED=$work/$1 IDS=$work/$1.ids number=$2
	export WANTED IDS
	shift 2
	LC_ALL=C awk -v number="$number" -f "$here/documents.awk" "$@" |
		jq -r --argjson side "$number" 'range(0; length; 2) as $i
			| (.[$i] | split(" ")[]) as $key
			| "\($key)\t\($side + 2)\t\(.[$i + 1] | tojson)"'
	[ ! -e "$IDS" ] || cat "$IDS"
}

mkdir -p "$work"
jq -r -f "$here/wanted.jq" "$run/summary.json" > "$work/lines"
for side in before after; do
	sed -n "s/^$side //p" "$work/lines" | tr '[:upper:]' '[:lower:]' \
		> "$work/$side"
done
sed -n 's/^item //p' "$work/lines" > "$work/items"
# awk takes a path such as a=b/default.yaml for an assignment.
case $before in /*) ;; *) before=./$before ;; esac
documents before 1 "$before" > "$work/documents.before" &
documents after 2 "$after" > "$work/documents.after"
wait "$!"
LC_ALL=C sort -T "$work" "$work/items" "$work/documents.before" \
	"$work/documents.after" |
	jq -n -R -r --arg provider "$provider" --arg format "$format" \
		-f "$here/changes.jq"
