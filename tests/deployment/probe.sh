#!/bin/sh
# Run by okta-catalog-once.service in its sandbox, in place of okta-catalog: tells a line for each thing tried.
may() { # WHAT COMMAND...
	what=$1
	shift
	if "$@" > /dev/null 2>&1; then echo "may $what"; else echo "may not $what"; fi
}
may 'read the key that it is given' cat "$OKTA_KEY_FILE"
may 'write its state' touch /var/lib/okta-catalog/probe
may 'write a temporary file' touch /tmp/probe
may 'read the key on the disk' cat /etc/okta-catalog/okta-key.pem
may 'read homes' ls /root
may 'see other processes' test -e /proc/1/environ
may 'write below /etc' touch /etc/okta-catalog/probe
may 'write below /usr' touch /usr/local/bin/probe
may 'write below /var/lib' touch /var/lib/probe
may 'change its key' touch "$OKTA_KEY_FILE"
may 'mount' mount -t tmpfs tmpfs /tmp
may 'make a namespace' unshare --user true
may 'become root' setpriv --reuid 0 true
may 'see disks' test -e /dev/kmsg
may 'set the host name' hostname probe
may 'make a set-user-id file' sh -c 'cp /bin/true /var/lib/okta-catalog/suid && chmod 4755 /var/lib/okta-catalog/suid'
rm -f /var/lib/okta-catalog/probe /var/lib/okta-catalog/suid
