#include <cjson/cJSON.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "crypto_memory.h"
#include "exit_status.h"
#include "memory.h"
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

/* Else a text that was not parsed for want of memory would count as invalid. */
static void check_memory_of_libraries(void)
{
	cJSON_Hooks hooks = {memory_alloc, free};

	cJSON_InitHooks(&hooks);
	crypto_memory_checked();
}

int main(int argc, char **argv)
{
	struct settings settings;
	int status;

	message_program("okta-fetch");
	output_claim_descriptors();
	ignore_sigpipe();
	check_memory_of_libraries();
	status = settings_read(&settings, argc, argv);
	if (status == OPTIONS_GO_ON)
		status = settings.check ? check_org(&settings) : org_fetch(&settings);
	else
		private_key_free(settings.key);
	settings_free(&settings);
	return status;
}
