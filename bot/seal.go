package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
)

// ErrUnsealable is that sealed bytes can't be opened: no key, another key, or not
// what was sealed here.
var ErrUnsealable = errors.New("can't be unsealed")

// sealVersion leads what is sealed, so that a key or a way of sealing can follow.
const sealVersion = 1

// Seal encrypts plain with a key of 32 bytes (AES-256-GCM). about says where it
// belongs, e.g. the workspace of a token: sealed bytes that were moved elsewhere
// don't open.
func Seal(key, plain []byte, about string) ([]byte, error) {
	aead, err := sealer(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return aead.Seal(append([]byte{sealVersion}, nonce...), nonce, plain, []byte(about)), nil
}

// Unseal decrypts what Seal made, with the same key and about; else ErrUnsealable.
func Unseal(key, sealed []byte, about string) ([]byte, error) {
	aead, err := sealer(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < 1+aead.NonceSize() || sealed[0] != sealVersion {
		return nil, ErrUnsealable
	}
	nonce, body := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, body, []byte(about))
	if err != nil {
		return nil, ErrUnsealable
	}
	return plain, nil
}

func sealer(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, ErrUnsealable
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, ErrUnsealable
	}
	return cipher.NewGCM(block)
}
