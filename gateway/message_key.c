#include "gateway/message_key.h"

#include <string.h>

#include <openssl/evp.h>

static bool add(EVP_MD_CTX *digest, const char *part)
{
	const char *text = part ? part : "";

	/* the NUL stands between this part and the next */
	return EVP_DigestUpdate(digest, text, strlen(text) + 1) == 1;
}

bool message_key(const char *const *parts, size_t count,
		 unsigned char key_out[MESSAGE_KEY_SIZE])
{
	unsigned char whole[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	bool done =
		digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;

	for (size_t i = 0; done && i < count; i++)
		done = add(digest, parts[i]);
	done = done && EVP_DigestFinal_ex(digest, whole, NULL) == 1;
	if (done)
		memcpy(key_out, whole, MESSAGE_KEY_SIZE);
	EVP_MD_CTX_free(digest);
	return done;
}
