/*
 * The exit statuses of every program of the set: the numbers of sysexits(3), with our own meaning
 * and one number more. okta-catalog(5) has the table for users.
 */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

enum exit_status {
	STATUS_OK = 0,
	STATUS_USAGE = 64,       /* wrong options or operands */
	STATUS_DATA = 65,        /* bad, cut or aborted input */
	STATUS_UNAVAILABLE = 69, /* Okta cannot be reached or trusted; worth a retry */
	STATUS_INTERNAL = 70,    /* out of memory, a failing library */
	STATUS_CREATE = 73,      /* output cannot be created */
	STATUS_IO = 74,          /* output cannot be written; worth a retry */
	STATUS_LATER = 75,       /* rate limit beyond patience, lock held, timeout; worth a retry */
	STATUS_PROTOCOL = 76,    /* the other side broke the protocol; worth a retry */
	STATUS_REFUSED = 77,     /* Okta refused us: key, scope, role */
	STATUS_CONFIG = 78,      /* a configured thing that does not exist or is none */
	STATUS_GUARD = 79        /* refused by the guard: a person decides */
};

#endif
