#ifndef VERSION_H
#define VERSION_H

/* Of the whole set; --version prints it and User-Agent carries it. */
#define OKTA_CATALOG_VERSION "0.1.0"

#endif
