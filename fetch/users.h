/*
 * The list of users (--users all).
 */
#ifndef USERS_H
#define USERS_H

#include "org.h"
#include "walk.h"

struct users {
	struct org *org;
	struct walk walk;
};

void users_start(struct users *users, struct org *org);

#endif
