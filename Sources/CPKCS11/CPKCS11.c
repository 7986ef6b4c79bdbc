#include "CPKCS11.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// The little of PKCS#11 2.40 (OASIS) that signing needs; names and values are the standard's.

typedef unsigned long CK_ULONG;
typedef unsigned char CK_BYTE;
typedef CK_ULONG CK_RV, CK_SLOT_ID, CK_SESSION_HANDLE, CK_OBJECT_HANDLE;

struct ck_attribute {
    CK_ULONG type;
    void *value;
    CK_ULONG length;
};

struct ck_mechanism {
    CK_ULONG mechanism;
    void *parameter;
    CK_ULONG length;
};

struct ck_token_info {
    CK_BYTE label[32];
    CK_BYTE rest[256];
};

struct ck_initialize_args {
    void *functions[4];
    CK_ULONG flags;
    void *reserved;
};

struct ck_function_list {
    CK_BYTE version[2];
    // In the order of the standard; those that are not called here have no type.
    CK_RV (*initialize)(struct ck_initialize_args *);
    void *unused1[3];
    CK_RV (*get_slot_list)(CK_BYTE, CK_SLOT_ID *, CK_ULONG *);
    void *unused2[1];
    CK_RV (*get_token_info)(CK_SLOT_ID, struct ck_token_info *);
    void *unused3[5];
    CK_RV (*open_session)(CK_SLOT_ID, CK_ULONG, void *, void *, CK_SESSION_HANDLE *);
    CK_RV (*close_session)(CK_SESSION_HANDLE);
    void *unused4[4];
    CK_RV (*login)(CK_SESSION_HANDLE, CK_ULONG, const CK_BYTE *, CK_ULONG);
    void *unused5[5];
    CK_RV (*get_attribute_value)(
        CK_SESSION_HANDLE, CK_OBJECT_HANDLE, struct ck_attribute *, CK_ULONG);
    void *unused6[1];
    CK_RV (*find_objects_init)(CK_SESSION_HANDLE, struct ck_attribute *, CK_ULONG);
    CK_RV (*find_objects)(CK_SESSION_HANDLE, CK_OBJECT_HANDLE *, CK_ULONG, CK_ULONG *);
    CK_RV (*find_objects_final)(CK_SESSION_HANDLE);
    void *unused7[13];
    CK_RV (*sign_init)(CK_SESSION_HANDLE, struct ck_mechanism *, CK_OBJECT_HANDLE);
    CK_RV (*sign)(CK_SESSION_HANDLE, const CK_BYTE *, CK_ULONG, CK_BYTE *, CK_ULONG *);
    void *unused8[15];
    CK_RV (*generate_key_pair)(
        CK_SESSION_HANDLE, struct ck_mechanism *, struct ck_attribute *, CK_ULONG,
        struct ck_attribute *, CK_ULONG, CK_OBJECT_HANDLE *, CK_OBJECT_HANDLE *);
    void *unused9[8];
};

enum {
    CKR_OK = 0,
    CKR_USER_ALREADY_LOGGED_IN = 0x100,
    CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191,
    CKF_OS_LOCKING_OK = 2,
    CKF_RW_SESSION = 2,
    CKF_SERIAL_SESSION = 4,
    CKU_USER = 1,
    CKO_PUBLIC_KEY = 2,
    CKO_PRIVATE_KEY = 3,
    CKK_EC = 3,
    CKK_EC_EDWARDS = 0x40,
    CKM_EC_KEY_PAIR_GEN = 0x1040,
    CKM_ECDSA = 0x1041,
    CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055,
    CKM_EDDSA = 0x1057,
    CKA_CLASS = 0,
    CKA_TOKEN = 1,
    CKA_PRIVATE = 2,
    CKA_LABEL = 3,
    CKA_KEY_TYPE = 0x100,
    CKA_SENSITIVE = 0x103,
    CKA_SIGN = 0x108,
    CKA_VERIFY = 0x10A,
    CKA_EXTRACTABLE = 0x162,
    CKA_EC_PARAMS = 0x180,
    CKA_EC_POINT = 0x181,
};

struct hofbuch_token {
    struct ck_function_list *module;
    CK_SESSION_HANDLE session;
};

static int failed(struct hofbuch_token_error *error, const char *step, CK_RV value) {
    error->step = step;
    error->value = value;
    return 0;
}

static struct ck_function_list *load(const char *path, struct hofbuch_token_error *error) {
    // Never unloaded: other sessions of this process may use it.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        failed(error, "the module cannot be loaded", 0);
        return NULL;
    }
    CK_RV (*get_function_list)(struct ck_function_list **) =
        (CK_RV (*)(struct ck_function_list **))dlsym(library, "C_GetFunctionList");
    struct ck_function_list *module = NULL;
    if (get_function_list == NULL || get_function_list(&module) != CKR_OK || module == NULL) {
        failed(error, "the file is no PKCS#11 module", 0);
        return NULL;
    }
    struct ck_initialize_args arguments = {{NULL, NULL, NULL, NULL}, CKF_OS_LOCKING_OK, NULL};
    CK_RV value = module->initialize(&arguments);
    if (value != CKR_OK && value != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        failed(error, "the module cannot be started", value);
        return NULL;
    }
    return module;
}

// Labels of tokens are padded with spaces.
static int is_labelled(const struct ck_token_info *token, const char *label) {
    size_t length = strlen(label);
    if (length > sizeof token->label || memcmp(token->label, label, length) != 0) return 0;
    for (size_t index = length; index < sizeof token->label; index++) {
        if (token->label[index] != ' ') return 0;
    }
    return 1;
}

static int find_slot(
    struct ck_function_list *module, const char *label, CK_SLOT_ID *found,
    struct hofbuch_token_error *error) {
    CK_SLOT_ID slots[64];
    CK_ULONG count = sizeof slots / sizeof slots[0];
    CK_RV value = module->get_slot_list(1, slots, &count);
    if (value != CKR_OK) return failed(error, "the tokens cannot be listed", value);
    for (CK_ULONG index = 0; index < count; index++) {
        struct ck_token_info token;
        if (module->get_token_info(slots[index], &token) != CKR_OK) continue;
        if (is_labelled(&token, label)) {
            *found = slots[index];
            return 1;
        }
    }
    return failed(error, "there is no token with this label", 0);
}

struct hofbuch_token *hofbuch_token_open(
    const char *path, const char *label, const uint8_t *pin, size_t pin_length,
    struct hofbuch_token_error *error) {
    struct ck_function_list *module = load(path, error);
    CK_SLOT_ID slot;
    if (module == NULL || !find_slot(module, label, &slot, error)) return NULL;
    struct hofbuch_token *token = malloc(sizeof *token);
    if (token == NULL) {
        failed(error, "there is no memory left", 0);
        return NULL;
    }
    token->module = module;
    CK_RV value = module->open_session(
        slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &token->session);
    if (value != CKR_OK) {
        free(token);
        failed(error, "no session can be opened", value);
        return NULL;
    }
    value = module->login(token->session, CKU_USER, pin, pin_length);
    if (value != CKR_OK && value != CKR_USER_ALREADY_LOGGED_IN) {
        hofbuch_token_close(token);
        failed(error, "the token does not accept the PIN", value);
        return NULL;
    }
    return token;
}

void hofbuch_token_close(struct hofbuch_token *token) {
    token->module->close_session(token->session);
    free(token);
}

static CK_ULONG key_type(enum hofbuch_key_kind kind) {
    return kind == hofbuch_key_es256 ? CKK_EC : CKK_EC_EDWARDS;
}

// The only object of a class with this kind and label; 0 if there is none or more than one.
static CK_OBJECT_HANDLE find_object(
    struct hofbuch_token *token, CK_ULONG class, enum hofbuch_key_kind kind, const char *label,
    struct hofbuch_token_error *error) {
    CK_ULONG type = key_type(kind);
    struct ck_attribute wanted[] = {
        {CKA_CLASS, &class, sizeof class},
        {CKA_KEY_TYPE, &type, sizeof type},
        {CKA_LABEL, (void *)label, strlen(label)},
    };
    CK_RV value = token->module->find_objects_init(token->session, wanted, 3);
    if (value != CKR_OK) {
        failed(error, "the keys cannot be listed", value);
        return 0;
    }
    CK_OBJECT_HANDLE found[2];
    CK_ULONG count = 0;
    value = token->module->find_objects(token->session, found, 2, &count);
    token->module->find_objects_final(token->session);
    if (value != CKR_OK || count != 1) {
        failed(error, count == 2 ? "two keys have this label" : "no key has this label", value);
        return 0;
    }
    return found[0];
}

unsigned long hofbuch_token_find(
    struct hofbuch_token *token, enum hofbuch_key_kind kind, const char *label,
    uint8_t public_key[64], struct hofbuch_token_error *error) {
    CK_OBJECT_HANDLE private = find_object(token, CKO_PRIVATE_KEY, kind, label, error);
    if (private == 0) return 0;
    CK_OBJECT_HANDLE public = find_object(token, CKO_PUBLIC_KEY, kind, label, error);
    if (public == 0) return 0;
    uint8_t point[80];
    struct ck_attribute attribute = {CKA_EC_POINT, point, sizeof point};
    CK_RV value = token->module->get_attribute_value(token->session, public, &attribute, 1);
    // A DER octet string: of 04 x y for P-256, of the 32 bytes for Ed25519.
    size_t count = kind == hofbuch_key_es256 ? 64 : 32;
    size_t before = kind == hofbuch_key_es256 ? 3 : 2;
    int is_known = value == CKR_OK && attribute.length == before + count && point[0] == 4
        && point[1] == attribute.length - 2 && (before == 2 || point[2] == 4);
    if (!is_known) {
        failed(error, "the public key cannot be read", value);
        return 0;
    }
    memcpy(public_key, point + before, count);
    return private;
}

unsigned long hofbuch_token_generate(
    struct hofbuch_token *token, enum hofbuch_key_kind kind, const char *label,
    struct hofbuch_token_error *error) {
    // Object identifier of P-256; name of Ed25519's curve, which is what modules take for it.
    static const uint8_t p256[] = {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
    static const uint8_t ed25519[] = {0x13, 0x0C, 'e', 'd', 'w', 'a', 'r', 'd',
                                      's',  '2',  '5', '5', '1', '9'};
    int is_es256 = kind == hofbuch_key_es256;
    struct ck_mechanism mechanism = {
        is_es256 ? CKM_EC_KEY_PAIR_GEN : CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0};
    CK_BYTE yes = 1, no = 0;
    struct ck_attribute public[] = {
        {CKA_TOKEN, &yes, 1},
        {CKA_VERIFY, &yes, 1},
        {CKA_LABEL, (void *)label, strlen(label)},
        {CKA_EC_PARAMS, (void *)(is_es256 ? p256 : ed25519),
         is_es256 ? sizeof p256 : sizeof ed25519},
    };
    struct ck_attribute private[] = {
        {CKA_TOKEN, &yes, 1},     {CKA_PRIVATE, &yes, 1},
        {CKA_SENSITIVE, &yes, 1}, {CKA_EXTRACTABLE, &no, 1},
        {CKA_SIGN, &yes, 1},      {CKA_LABEL, (void *)label, strlen(label)},
    };
    CK_OBJECT_HANDLE public_key = 0, private_key = 0;
    CK_RV value = token->module->generate_key_pair(
        token->session, &mechanism, public, 4, private, 6, &public_key, &private_key);
    if (value != CKR_OK) {
        failed(error, "the token cannot make such a key", value);
        return 0;
    }
    return private_key;
}

int hofbuch_token_sign(
    struct hofbuch_token *token, enum hofbuch_key_kind kind, unsigned long key,
    const uint8_t *message, size_t length, uint8_t signature[64],
    struct hofbuch_token_error *error) {
    struct ck_mechanism mechanism = {
        kind == hofbuch_key_es256 ? CKM_ECDSA : CKM_EDDSA, NULL, 0};
    CK_RV value = token->module->sign_init(token->session, &mechanism, key);
    if (value != CKR_OK) return failed(error, "the token does not sign with this key", value);
    CK_ULONG count = 64;
    value = token->module->sign(token->session, message, length, signature, &count);
    if (value != CKR_OK || count != 64) return failed(error, "the token did not sign", value);
    return 1;
}
