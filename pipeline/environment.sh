# shellcheck shell=sh disable=SC2154
# Who gets which of the environment's variables. While the configuration is read it is not known which of them hold a
# secret, so no other program gets any but the harmless ones; afterwards all but the secret ones go on. A variable that
# is held back stays a variable of this shell.

# Variables that this shell keeps secrets in, should the environment have brought ones of that name.
unset configuration scheduled read_providers facts answer secret held_value
held='' environment_names=''
# okta-fetch gets all that it needs as arguments, and the secret through a pipe: these would only mislead it.
secret_names='OKTA_CLIENT_ORGURL OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_TOKEN'

# The names in the environment. A line within a value that looks like one does no harm.
exported_names() {
	export -p | while IFS= read -r line; do
		case $line in
		'export '*) line=${line#export } ;;
		'declare -'*) line=${line#declare -* } ;;
		*) continue ;;
		esac
		name=${line%%=*}
		case $name in
		'' | [0-9]* | *[!A-Za-z0-9_]*) ;;
		*) printf '%s\n' "$name" ;;
		esac
	done
}

is_harmless() {
	case $1 in
	PATH | HOME | PWD | OLDPWD | SHLVL | _ | SHELL | USER | LOGNAME | TERM | TZ | TMPDIR | LANG | LANGUAGE | LC_ALL | LC_CTYPE) ;;
	IFS | OPTIND | PPID | SHELLOPTS | BASHOPTS | POSIXLY_CORRECT | LD_LIBRARY_PATH | LD_PRELOAD) ;;
	ASAN_OPTIONS | UBSAN_OPTIONS | LSAN_OPTIONS) ;;
	configuration | scheduled | read_providers | facts | answer | secret | held | held_value | secret_names) ;;
	*) return 1 ;;
	esac
}

hold_back() {
	eval "held_value=\${$1-}; unset $1; $1=\$held_value"
	unset held_value
}

# Whether a variable came with the environment: this shell has others of its own.
in_environment() {
	case $environment_names in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

hold_environment() {
	# shellcheck disable=SC2046
	set -- $(exported_names)
	[ -n "$environment_names" ] || environment_names=" $* "
	for name; do
		is_harmless "$name" && continue
		hold_back "$name"
		case " $held " in
		*" $name "*) ;;
		*) held="$held $name" ;;
		esac
	done
}

# release_environment NAME...: these hold secrets, and are no one else's from now on.
release_environment() {
	for name; do
		case " $secret_names " in
		*" $name "*) ;;
		*) secret_names="$secret_names $name" ;;
		esac
	done
	for name in $held; do
		case " $secret_names " in
		*" $name "*) ;;
		*) export "${name?}" ;;
		esac
	done
}
