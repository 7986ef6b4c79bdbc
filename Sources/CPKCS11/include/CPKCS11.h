#ifndef HOFBUCH_CPKCS11_H
#define HOFBUCH_CPKCS11_H

#include <stddef.h>
#include <stdint.h>

/// An open session with one token of a PKCS#11 module, signed in. Not for two threads at once.
struct hofbuch_token;

enum hofbuch_key_kind { hofbuch_key_es256 = 0, hofbuch_key_ed25519 = 1 };

/// What went wrong: the step that failed and the module's return value (CKR_…), 0 if the module
/// was not asked.
struct hofbuch_token_error {
    const char *step;
    unsigned long value;
};

/// Loads the module at `path`, finds the token called `label` and signs in with the PIN. NULL and
/// `error` if that fails.
struct hofbuch_token *hofbuch_token_open(
    const char *path, const char *label, const uint8_t *pin, size_t pin_length,
    struct hofbuch_token_error *error);

/// Ends the session. The module stays loaded.
void hofbuch_token_close(struct hofbuch_token *token);

/// The private key of a kind called `label`: its handle, and in `public_key` the public half (64
/// bytes x and y, or 32 bytes). 0 and `error` if there is none or more than one.
unsigned long hofbuch_token_find(
    struct hofbuch_token *token, enum hofbuch_key_kind kind, const char *label,
    uint8_t public_key[64], struct hofbuch_token_error *error);

/// Makes a pair of keys called `label` that stays in the token. The handle of the private one, or
/// 0 and `error`.
unsigned long hofbuch_token_generate(
    struct hofbuch_token *token, enum hofbuch_key_kind kind, const char *label,
    struct hofbuch_token_error *error);

/// Signs: for ES256 a SHA-256 digest of 32 bytes, for Ed25519 the message. 64 bytes into
/// `signature`. 1, or 0 and `error`.
int hofbuch_token_sign(
    struct hofbuch_token *token, enum hofbuch_key_kind kind, unsigned long key,
    const uint8_t *message, size_t length, uint8_t signature[64],
    struct hofbuch_token_error *error);

#endif
