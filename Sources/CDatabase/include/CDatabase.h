#ifndef HOFBUCH_CDATABASE_H
#define HOFBUCH_CDATABASE_H

/* Calls of SQLite that Swift cannot make: one takes variadic arguments, one a C callback with
   memory of ours, and those about large values are not imported. `database` is a `sqlite3 *`. */

/* Switches the defensive flag on and reads it back: 1 on, 0 off, -1 where it is unknown. */
int hofbuch_set_defensive(void *database);

/* After each commit through `database`, `*pages` is how many pages the write-ahead log holds. */
void hofbuch_watch_wal(void *database, int *pages);

/* Opens a value of the table for writing; its size does not change. NULL on failure, with the result
   code in `*result`. */
void *hofbuch_open_value(void *database, const char *table, const char *column, long long rowid,
                         int *result);

/* Writes `count` bytes from `offset` on; a result code of SQLite. */
int hofbuch_write_value(void *value, const void *bytes, int count, int offset);

/* Closes the value, whatever became of it; a result code of SQLite. */
int hofbuch_close_value(void *value);

#endif
