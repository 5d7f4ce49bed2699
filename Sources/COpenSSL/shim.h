// OpenSSL 3.0 for Swift: the headers, and one static inline function for each macro or variadic
// function we call.
#pragma once

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// MARK: SSL_CTX and SSL

static inline long COpenSSL_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_mode(context, mode);
}

static inline int COpenSSL_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline int COpenSSL_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_max_proto_version(context, version);
}

static inline int COpenSSL_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *groups) {
  return (int)SSL_CTX_set1_groups_list(context, groups);
}

static inline int COpenSSL_SSL_CTX_set1_sigalgs_list(SSL_CTX *context, const char *algorithms) {
  return (int)SSL_CTX_set1_sigalgs_list(context, algorithms);
}

static inline int COpenSSL_SSL_CTX_set1_client_sigalgs_list(
  SSL_CTX *context, const char *algorithms) {
  return (int)SSL_CTX_set1_client_sigalgs_list(context, algorithms);
}

static inline long COpenSSL_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_session_cache_mode(context, mode);
}

static inline int COpenSSL_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int COpenSSL_SSL_set_tlsext_host_name(SSL *session, const char *name) {
  return (int)SSL_set_tlsext_host_name(session, name);
}

static inline int COpenSSL_SSL_set_app_data(SSL *session, void *data) {
  return SSL_set_app_data(session, (char *)data);
}

static inline void *COpenSSL_SSL_get_app_data(const SSL *session) {
  return SSL_get_app_data(session);
}

// MARK: BIO

static inline void COpenSSL_BIO_set_retry_read(BIO *bio) {
  BIO_clear_retry_flags(bio);
  BIO_set_retry_read(bio);
}

static inline size_t COpenSSL_BIO_get_mem_data(BIO *bio, const char **bytes) {
  char *start = NULL;
  long count = BIO_get_mem_data(bio, &start);
  *bytes = start;
  return count > 0 ? (size_t)count : 0;
}

// MARK: Keys and certificates

static inline EVP_PKEY *COpenSSL_generate_p256_key(void) {
  return EVP_EC_gen("P-256");
}

static inline int COpenSSL_GENERAL_NAMES_count(const GENERAL_NAMES *names) {
  return sk_GENERAL_NAME_num(names);
}

static inline const GENERAL_NAME *COpenSSL_GENERAL_NAMES_at(const GENERAL_NAMES *names, int index) {
  return sk_GENERAL_NAME_value(names, index);
}

static inline const ASN1_STRING *COpenSSL_GENERAL_NAME_text(const GENERAL_NAME *name) {
  return name->d.ia5;
}

static inline const ASN1_OCTET_STRING *COpenSSL_GENERAL_NAME_address(const GENERAL_NAME *name) {
  return name->d.iPAddress;
}

static inline int COpenSSL_GENERAL_NAME_type(const GENERAL_NAME *name) {
  return name->type;
}

// Parameters name themselves by C strings that must outlive the call, which Swift's temporary ones
// do not.
static inline int COpenSSL_EVP_MAC_set_sha256_key(
    EVP_MAC_CTX *context, unsigned char *key, size_t count) {
  OSSL_PARAM parameters[3] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, count),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_CTX_set_params(context, parameters);
}

// MARK: Options whose macros Swift cannot read

static const uint64_t COpenSSL_OPTIONS_noRenegotiation = SSL_OP_NO_RENEGOTIATION;
static const uint64_t COpenSSL_OPTIONS_noCompression = SSL_OP_NO_COMPRESSION;
static const unsigned long COpenSSL_NAME_rfc2253 = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
