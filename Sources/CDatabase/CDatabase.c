#include "CDatabase.h"

#include <sqlite3.h>
#include <stddef.h>

int hofbuch_set_defensive(void *database) {
    int found = -1;
    if (sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, &found) != SQLITE_OK) return -1;
    return found;
}

static int note_pages(void *pages, sqlite3 *database, const char *name, int count) {
    (void)database;
    (void)name;
    *(int *)pages = count;
    return SQLITE_OK;
}

void hofbuch_watch_wal(void *database, int *pages) {
    sqlite3_wal_hook(database, note_pages, pages);
}
