/*
 * Makes libcrypto end the program (70) when there is no memory, like memory.h:
 * libcrypto itself crashes, or reports a good key or hash as unusable.
 */
#ifndef CRYPTO_MEMORY_H
#define CRYPTO_MEMORY_H

/* Call it in main, before libcrypto has allocated anything. */
void crypto_memory_checked(void);

#endif
