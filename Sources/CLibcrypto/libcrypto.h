/* OpenSSL 3: scrypt, signature checks, the error queue. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

/* Time stamps (RFC 3161). */
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

/* OPENSSL_free is a macro that Swift does not see. */
static inline void hofbuch_openssl_free(void *bytes) { OPENSSL_free(bytes); }
