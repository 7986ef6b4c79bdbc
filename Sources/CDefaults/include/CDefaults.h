#ifndef HOFBUCH_CDEFAULTS_H
#define HOFBUCH_CDEFAULTS_H

#include <stddef.h>

/// A file of finance/, tariffs/ or docs/ compiled into the program.
struct hofbuch_default {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// How many files there are.
size_t hofbuch_default_count(void);

/// The file at `index`, which must be below the count.
struct hofbuch_default hofbuch_default_at(size_t index);

#endif
