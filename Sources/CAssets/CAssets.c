#include "CAssets.h"

// Written by generate.sh.

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file_0[] = {
#embed "files/favicon.svg"
};

static const unsigned char file_1[] = {
#embed "files/hofbuch.css"
};

static const unsigned char file_2[] = {
#embed "files/hofbuch.js"
};

static const unsigned char file_3[] = {
#embed "templates/badge.mustache"
};

static const unsigned char file_4[] = {
#embed "templates/check.mustache"
};

static const unsigned char file_5[] = {
#embed "templates/choices.mustache"
};

static const unsigned char file_6[] = {
#embed "templates/comparison.mustache"
};

static const unsigned char file_7[] = {
#embed "templates/console-audit.mustache"
};

static const unsigned char file_8[] = {
#embed "templates/console-bank-file.mustache"
};

static const unsigned char file_9[] = {
#embed "templates/console-bank-upload.mustache"
};

static const unsigned char file_10[] = {
#embed "templates/console-check.mustache"
};

static const unsigned char file_11[] = {
#embed "templates/console-close-approve.mustache"
};

static const unsigned char file_12[] = {
#embed "templates/console-close-compare.mustache"
};

static const unsigned char file_13[] = {
#embed "templates/console-close-count.mustache"
};

static const unsigned char file_14[] = {
#embed "templates/console-close-explain.mustache"
};

static const unsigned char file_15[] = {
#embed "templates/console-close-prepare.mustache"
};

static const unsigned char file_16[] = {
#embed "templates/console-close-sheet.mustache"
};

static const unsigned char file_17[] = {
#embed "templates/console-close.mustache"
};

static const unsigned char file_18[] = {
#embed "templates/console-closes.mustache"
};

static const unsigned char file_19[] = {
#embed "templates/console-confirmation.mustache"
};

static const unsigned char file_20[] = {
#embed "templates/console-debtor.mustache"
};

static const unsigned char file_21[] = {
#embed "templates/console-enrolment-code.mustache"
};

static const unsigned char file_22[] = {
#embed "templates/console-error.mustache"
};

static const unsigned char file_23[] = {
#embed "templates/console-export.mustache"
};

static const unsigned char file_24[] = {
#embed "templates/console-exports.mustache"
};

static const unsigned char file_25[] = {
#embed "templates/console-forbidden.mustache"
};

static const unsigned char file_26[] = {
#embed "templates/console-password.mustache"
};

static const unsigned char file_27[] = {
#embed "templates/console-payment-resolve.mustache"
};

static const unsigned char file_28[] = {
#embed "templates/console-payments.mustache"
};

static const unsigned char file_29[] = {
#embed "templates/console-plate.mustache"
};

static const unsigned char file_30[] = {
#embed "templates/console-report.mustache"
};

static const unsigned char file_31[] = {
#embed "templates/console-reversal-form.mustache"
};

static const unsigned char file_32[] = {
#embed "templates/console-reversal.mustache"
};

static const unsigned char file_33[] = {
#embed "templates/console-reversals.mustache"
};

static const unsigned char file_34[] = {
#embed "templates/console-sale.mustache"
};

static const unsigned char file_35[] = {
#embed "templates/console-sales.mustache"
};

static const unsigned char file_36[] = {
#embed "templates/console-settlement-board.mustache"
};

static const unsigned char file_37[] = {
#embed "templates/console-settlement-item.mustache"
};

static const unsigned char file_38[] = {
#embed "templates/console-settlement.mustache"
};

static const unsigned char file_39[] = {
#embed "templates/console-sheet.mustache"
};

static const unsigned char file_40[] = {
#embed "templates/console-sign-in.mustache"
};

static const unsigned char file_41[] = {
#embed "templates/console-start.mustache"
};

static const unsigned char file_42[] = {
#embed "templates/console-tariffs.mustache"
};

static const unsigned char file_43[] = {
#embed "templates/console-terminal-doubtful.mustache"
};

static const unsigned char file_44[] = {
#embed "templates/console-terminal-release.mustache"
};

static const unsigned char file_45[] = {
#embed "templates/console-terminal-revoke.mustache"
};

static const unsigned char file_46[] = {
#embed "templates/console-terminals.mustache"
};

static const unsigned char file_47[] = {
#embed "templates/csrf.mustache"
};

static const unsigned char file_48[] = {
#embed "templates/difference-hints.mustache"
};

static const unsigned char file_49[] = {
#embed "templates/facts.mustache"
};

static const unsigned char file_50[] = {
#embed "templates/field.mustache"
};

static const unsigned char file_51[] = {
#embed "templates/item-facts.mustache"
};

static const unsigned char file_52[] = {
#embed "templates/layout.mustache"
};

static const unsigned char file_53[] = {
#embed "templates/panel-small.mustache"
};

static const unsigned char file_54[] = {
#embed "templates/panel.mustache"
};

static const unsigned char file_55[] = {
#embed "templates/receipt-code.mustache"
};

static const unsigned char file_56[] = {
#embed "templates/receipt-page.mustache"
};

static const unsigned char file_57[] = {
#embed "templates/terminal-amount.mustache"
};

static const unsigned char file_58[] = {
#embed "templates/terminal-attendant.mustache"
};

static const unsigned char file_59[] = {
#embed "templates/terminal-claim.mustache"
};

static const unsigned char file_60[] = {
#embed "templates/terminal-delivery-end.mustache"
};

static const unsigned char file_61[] = {
#embed "templates/terminal-delivery.mustache"
};

static const unsigned char file_62[] = {
#embed "templates/terminal-facts.mustache"
};

static const unsigned char file_63[] = {
#embed "templates/terminal-item.mustache"
};

static const unsigned char file_64[] = {
#embed "templates/terminal-payment.mustache"
};

static const unsigned char file_65[] = {
#embed "templates/terminal-problem.mustache"
};

static const unsigned char file_66[] = {
#embed "templates/terminal-resolve.mustache"
};

static const unsigned char file_67[] = {
#embed "templates/terminal-slip.mustache"
};

static const unsigned char file_68[] = {
#embed "templates/terminal-start.mustache"
};

static const unsigned char file_69[] = {
#embed "templates/terminal-today.mustache"
};

static const unsigned char file_70[] = {
#embed "templates/terminal-unknown.mustache"
};

static const unsigned char file_71[] = {
#embed "templates/terminal-void.mustache"
};

static const unsigned char file_72[] = {
#embed "templates/timeline.mustache"
};

static const unsigned char file_73[] = {
#embed "../../receipts/beleg.html.mustache"
};

static const unsigned char file_74[] = {
#embed "../../receipts/beleg.txt.mustache"
};

static const struct hofbuch_file files[] = {
    {"favicon.svg", file_0, sizeof file_0},
    {"hofbuch.css", file_1, sizeof file_1},
    {"hofbuch.js", file_2, sizeof file_2},
    {"badge.mustache", file_3, sizeof file_3},
    {"check.mustache", file_4, sizeof file_4},
    {"choices.mustache", file_5, sizeof file_5},
    {"comparison.mustache", file_6, sizeof file_6},
    {"console-audit.mustache", file_7, sizeof file_7},
    {"console-bank-file.mustache", file_8, sizeof file_8},
    {"console-bank-upload.mustache", file_9, sizeof file_9},
    {"console-check.mustache", file_10, sizeof file_10},
    {"console-close-approve.mustache", file_11, sizeof file_11},
    {"console-close-compare.mustache", file_12, sizeof file_12},
    {"console-close-count.mustache", file_13, sizeof file_13},
    {"console-close-explain.mustache", file_14, sizeof file_14},
    {"console-close-prepare.mustache", file_15, sizeof file_15},
    {"console-close-sheet.mustache", file_16, sizeof file_16},
    {"console-close.mustache", file_17, sizeof file_17},
    {"console-closes.mustache", file_18, sizeof file_18},
    {"console-confirmation.mustache", file_19, sizeof file_19},
    {"console-debtor.mustache", file_20, sizeof file_20},
    {"console-enrolment-code.mustache", file_21, sizeof file_21},
    {"console-error.mustache", file_22, sizeof file_22},
    {"console-export.mustache", file_23, sizeof file_23},
    {"console-exports.mustache", file_24, sizeof file_24},
    {"console-forbidden.mustache", file_25, sizeof file_25},
    {"console-password.mustache", file_26, sizeof file_26},
    {"console-payment-resolve.mustache", file_27, sizeof file_27},
    {"console-payments.mustache", file_28, sizeof file_28},
    {"console-plate.mustache", file_29, sizeof file_29},
    {"console-report.mustache", file_30, sizeof file_30},
    {"console-reversal-form.mustache", file_31, sizeof file_31},
    {"console-reversal.mustache", file_32, sizeof file_32},
    {"console-reversals.mustache", file_33, sizeof file_33},
    {"console-sale.mustache", file_34, sizeof file_34},
    {"console-sales.mustache", file_35, sizeof file_35},
    {"console-settlement-board.mustache", file_36, sizeof file_36},
    {"console-settlement-item.mustache", file_37, sizeof file_37},
    {"console-settlement.mustache", file_38, sizeof file_38},
    {"console-sheet.mustache", file_39, sizeof file_39},
    {"console-sign-in.mustache", file_40, sizeof file_40},
    {"console-start.mustache", file_41, sizeof file_41},
    {"console-tariffs.mustache", file_42, sizeof file_42},
    {"console-terminal-doubtful.mustache", file_43, sizeof file_43},
    {"console-terminal-release.mustache", file_44, sizeof file_44},
    {"console-terminal-revoke.mustache", file_45, sizeof file_45},
    {"console-terminals.mustache", file_46, sizeof file_46},
    {"csrf.mustache", file_47, sizeof file_47},
    {"difference-hints.mustache", file_48, sizeof file_48},
    {"facts.mustache", file_49, sizeof file_49},
    {"field.mustache", file_50, sizeof file_50},
    {"item-facts.mustache", file_51, sizeof file_51},
    {"layout.mustache", file_52, sizeof file_52},
    {"panel-small.mustache", file_53, sizeof file_53},
    {"panel.mustache", file_54, sizeof file_54},
    {"receipt-code.mustache", file_55, sizeof file_55},
    {"receipt-page.mustache", file_56, sizeof file_56},
    {"terminal-amount.mustache", file_57, sizeof file_57},
    {"terminal-attendant.mustache", file_58, sizeof file_58},
    {"terminal-claim.mustache", file_59, sizeof file_59},
    {"terminal-delivery-end.mustache", file_60, sizeof file_60},
    {"terminal-delivery.mustache", file_61, sizeof file_61},
    {"terminal-facts.mustache", file_62, sizeof file_62},
    {"terminal-item.mustache", file_63, sizeof file_63},
    {"terminal-payment.mustache", file_64, sizeof file_64},
    {"terminal-problem.mustache", file_65, sizeof file_65},
    {"terminal-resolve.mustache", file_66, sizeof file_66},
    {"terminal-slip.mustache", file_67, sizeof file_67},
    {"terminal-start.mustache", file_68, sizeof file_68},
    {"terminal-today.mustache", file_69, sizeof file_69},
    {"terminal-unknown.mustache", file_70, sizeof file_70},
    {"terminal-void.mustache", file_71, sizeof file_71},
    {"timeline.mustache", file_72, sizeof file_72},
    {"beleg.html.mustache", file_73, sizeof file_73},
    {"beleg.txt.mustache", file_74, sizeof file_74},
};

size_t hofbuch_file_count(void) { return sizeof files / sizeof files[0]; }

struct hofbuch_file hofbuch_file_at(size_t index) { return files[index]; }
