#!/bin/sh
# Writes CAssets.c, the table of the files that are compiled in. Run after adding or renaming one.
set -eu
cd "$(dirname "$0")"
{
    printf '#include "CAssets.h"\n\n// Written by generate.sh.\n\n'
    printf '#pragma clang diagnostic ignored "-Wc23-extensions"\n'
    number=0
    entries=""
    for file in files/* templates/*.mustache ../../receipts/*.mustache; do
        printf '\nstatic const unsigned char file_%d[] = {\n#embed "%s"\n};\n' "$number" "$file"
        entries="$entries    {\"${file##*/}\", file_$number, sizeof file_$number},
"
        number=$((number + 1))
    done
    printf '\nstatic const struct hofbuch_file files[] = {\n%s};\n' "$entries"
    printf '\nsize_t hofbuch_file_count(void) { return sizeof files / sizeof files[0]; }\n'
    printf '\nstruct hofbuch_file hofbuch_file_at(size_t index) { return files[index]; }\n'
} > CAssets.c
