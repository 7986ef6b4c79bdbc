#ifndef HOFBUCH_CASSETS_H
#define HOFBUCH_CASSETS_H

#include <stddef.h>

/// A file compiled into the program.
struct hofbuch_file {
    /// The file's name, such as `hofbuch.css` or `layout.mustache`.
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// How many files there are.
size_t hofbuch_file_count(void);

/// The file at `index`, which must be below the count.
struct hofbuch_file hofbuch_file_at(size_t index);

#endif
