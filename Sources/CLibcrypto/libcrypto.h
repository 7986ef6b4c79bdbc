/* OpenSSL 3: scrypt (EVP_PBE_scrypt) and its error queue. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
