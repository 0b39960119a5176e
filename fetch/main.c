#include <signal.h>
#include <string.h>

#include "check.h"
#include "exit_status.h"
#include "message.h"
#include "org.h"
#include "output.h"
#include "settings.h"

/* Sockets are written by libraries: SIGPIPE must not end the program there. stream.c sees to standard output. */
static void ignore_sigpipe(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

int main(int argc, char **argv)
{
	struct settings settings;
	int status;

	message_program("okta-fetch");
	output_claim_descriptors();
	ignore_sigpipe();
	status = settings_read(&settings, argc, argv);
	if (status == OPTIONS_GO_ON)
		status = settings.check ? check_org(&settings) : org_fetch(&settings);
	else
		private_key_free(settings.key);
	settings_free(&settings);
	return status;
}
