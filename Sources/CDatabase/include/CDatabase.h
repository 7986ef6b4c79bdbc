#ifndef HOFBUCH_CDATABASE_H
#define HOFBUCH_CDATABASE_H

/* Calls of SQLite that Swift cannot make: one takes variadic arguments, one a C callback with
   memory of ours. `database` is a `sqlite3 *`. */

/* Switches the defensive flag on and reads it back: 1 on, 0 off, -1 where it is unknown. */
int hofbuch_set_defensive(void *database);

/* After each commit through `database`, `*pages` is how many pages the write-ahead log holds. */
void hofbuch_watch_wal(void *database, int *pages);

#endif
