#include "CDefaults.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char account_plan[] = {
#embed "../../finance/kontenplan-nkf.yaml"
};

static const unsigned char csv_profile[] = {
#embed "../../finance/profil-allgemein.yaml"
};

static const unsigned char journal_profile[] = {
#embed "../../finance/profil-business-central.yaml"
};

static const unsigned char feeder_profile[] = {
#embed "../../finance/profil-mach.yaml"
};

static const unsigned char list_profile[] = {
#embed "../../finance/profil-epaybl.yaml"
};

static const unsigned char datev[] = {
#embed "../../finance/datev.yaml"
};

static const unsigned char settlement[] = {
#embed "../../finance/abgleich.yaml"
};

static const unsigned char acquirer[] = {
#embed "../../finance/abrechnung-posten.yaml"
};

static const unsigned char tariff[] = {
#embed "../../tariffs/goettingen-2024.yaml"
};

static const unsigned char openapi[] = {
#embed "../../docs/openapi.json"
};

static const unsigned char tariff_schema[] = {
#embed "../../docs/formats/tariff.schema.json"
};

#define FILE_OF(name, bytes) { name, bytes, sizeof bytes }

static const struct hofbuch_default files[] = {
    FILE_OF("finance/kontenplan.yaml", account_plan),
    FILE_OF("finance/profil-allgemein.yaml", csv_profile),
    FILE_OF("finance/profil-business-central.yaml", journal_profile),
    FILE_OF("finance/profil-mach.yaml", feeder_profile),
    FILE_OF("finance/profil-epaybl.yaml", list_profile),
    FILE_OF("finance/datev.yaml", datev),
    FILE_OF("finance/abgleich.yaml", settlement),
    FILE_OF("finance/abrechnung-posten.yaml", acquirer),
    FILE_OF("tariffs/goettingen-2024.yaml", tariff),
    FILE_OF("openapi.json", openapi),
    FILE_OF("schemas/tariff.json", tariff_schema),
};

size_t hofbuch_default_count(void) { return sizeof files / sizeof files[0]; }

struct hofbuch_default hofbuch_default_at(size_t index) { return files[index]; }
