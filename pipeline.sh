#!/bin/sh
# Reads the configuration and runs okta-fetch | okta-map | catalog-emit for each provider, once or on its schedule.
# Manual: okta-catalog(1).
set -u

program=okta-catalog
unset CDPATH

# This file, symbolic links followed. No other program may see the environment yet: it may hold secrets.
own_file() {
	[ -L "$0" ] || { printf '%s\n' "$0"; return; }
	export -p | {
		while IFS= read -r line; do
			line=${line#export } line=${line#declare -* }
			name=${line%%=*}
			case $name in
			'' | PATH | SHELLOPTS | BASHOPTS | PPID | [0-9]* | *[!A-Za-z0-9_]*) ;;
			*) unset "$name" ;;
			esac
		done
		readlink -f -- "$0"
	}
}

here=$(own_file)
case $here in
*/*) here=${here%/*} ;;
*) here=. ;;
esac
here=$(cd -- "${here:-/}" && pwd)
if [ -d "$here/pipeline" ]; then
	parts=$here/pipeline bin=${BIN:-$here/bin}
else
	parts=$here/../share/okta-catalog bin=${BIN:-$here}
fi

# shellcheck source=pipeline/message.sh
. "$parts/message.sh"
# shellcheck source=pipeline/environment.sh
. "$parts/environment.sh"
# shellcheck source=pipeline/configuration.sh
. "$parts/configuration.sh"
# shellcheck source=pipeline/check.sh
. "$parts/check.sh"
# shellcheck source=pipeline/state.sh
. "$parts/state.sh"
# shellcheck source=pipeline/identity.sh
. "$parts/identity.sh"
# shellcheck source=pipeline/run.sh
. "$parts/run.sh"
# shellcheck source=pipeline/dry_run.sh
. "$parts/dry_run.sh"
# shellcheck source=pipeline/loop.sh
. "$parts/loop.sh"
# shellcheck source=pipeline/supervisor.sh
. "$parts/supervisor.sh"

usage() {
	cat <<-'TEXT'
	Usage: pipeline.sh --config FILE... [OPTION...]
	Publishes the people and teams of Okta orgs as Backstage catalogs, once or on their schedule.

	      --config FILE      an app-config in YAML or JSON; repeatable, later ones win
	      --provider ID      only this provider; repeatable
	      --output DIR       where DIR/ID.yaml is published (./catalog)
	      --state DIR        locks and status ($STATE_DIRECTORY or ~/.local/state/okta-catalog)
	      --once             one run of each provider, then end
	      --force            let one run pass catalog-emit's guard
	      --check            judge the configuration, ask the orgs, and end
	      --dry-run          show what a run would change, and change nothing
	      --from FILE        with --dry-run, a stored stream in place of Okta
	      --print-config     show what would be run, secrets masked, and end
	      --status           tell how the last runs went; 0 only when every catalog is fresh
	      --log-format F     text, or json: an object a line
	  -q, --quiet            errors only
	  -v, --verbose          say more
	      --help, --version

	Manual: okta-catalog(1)
	TEXT
}

need_value() {
	[ $# -ge 2 ] || die 64 "$1 needs a value; see --help"
	case $2 in
	'') die 64 "$1 has an empty value" ;;
	*"$newline"*) die 64 "$1: a value with a line break" ;;
	esac
}

need_id() {
	case $1 in
	*[!A-Za-z0-9_-]*) die 64 "--provider $1 is no id: expected letters, digits, - and _" ;;
	esac
}

# Modes that publish nothing win over --once, in whatever order, so that --dry-run
# before a command that was printed with --once is a dry run.
set_mode() { # MODE OPTION
	case $mode in
	"$1" | loop | once) mode=$1 mode_option=$2 ;;
	*) [ "$1" = once ] ||
		die 64 "$mode_option and $2: give one of them" ;;
	esac
}

# A pipe can be read but once; a schedule reads its configuration before every run.
refuse_pipes() {
	printf '%s' "$configs" | while IFS= read -r file; do
		[ ! -p "$file" ] || die 64 "--config $file is a pipe, which can be read but once: give a file, or --once"
	done || exit 64
}

mode=loop mode_option='' force='' from='' output=./catalog state='' wanted='' verbosity=''
configs=''
while [ $# -gt 0 ]; do
	case $1 in
	--config | --provider | --output | --state | --log-format | --from)
		need_value "$@"
		case $1 in
		--config) configs="$configs$2
" ;;
		--provider) need_id "$2"; wanted="$wanted $2" ;;
		--output) output=$2 ;;
		--state) state=$2 ;;
		--log-format) log_format=$2 ;;
		--from) from=$2 ;;
		esac
		shift ;;
	--once) set_mode once "$1" ;;
	--check) set_mode check "$1" ;;
	--dry-run) set_mode dry "$1" ;;
	--print-config) set_mode print "$1" ;;
	--status) set_mode status "$1" ;;
	--force) force=--force ;;
	-q | --quiet) verbosity=-q quiet=1 ;;
	-v | --verbose) verbosity=-v ;;
	--help) usage; exit 0 ;;
	--version) exec "$bin/okta-fetch" --version ;;
	-*) die 64 "unknown option $1; see --help" ;;
	*) die 64 "unexpected $1: a configuration is given with --config $1; see --help" ;;
	esac
	shift
done
case $log_format in text | json) ;; *) die 64 "--log-format: expected text or json" ;; esac
[ -z "$from" ] || [ "$mode" = dry ] || die 64 "--from goes with --dry-run"
[ -n "$configs" ] || die 64 "no configuration: give --config my-app-config.yaml"
for tool in jq flock timeout; do
	command -v "$tool" >/dev/null || die 78 "$tool is missing: install it (Debian: jq, util-linux, coreutils)"
done
for stage in okta-fetch okta-map catalog-emit yaml2json; do
	[ -x "$bin/$stage" ] || die 78 "$bin/$stage is missing: run make first"
done
[ -n "$state${STATE_DIRECTORY:-}${XDG_STATE_HOME:-}${HOME:-}" ] || die 64 "no place for the state: give --state DIR, or set HOME"
: "${state:=${STATE_DIRECTORY:-${XDG_STATE_HOME:-${HOME:-}/.local/state}/okta-catalog}}"
umask 077
loops=
[ "$mode" != loop ] || trap : USR1

[ "$mode" != loop ] || refuse_pipes
read_configuration || { tell_problems; exit 78; }
# What is started does not outlive this shell, where setpriv can do that.
tether=
! setpriv --pdeathsig TERM true 2>/dev/null || tether='setpriv --pdeathsig TERM'
case $mode in
check) check_configuration; exit "$?" ;;
print) print_configuration; exit "$?" ;;
status) print_status; exit "$?" ;;
once) run_each_once; exit "$?" ;;
dry) dry_run_each; exit "$?" ;;
loop) run_loops; exit "$?" ;;
esac
