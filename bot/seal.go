package bot

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// ErrUnsealable is that sealed bytes can't be opened: no key, another key, or not
// what was sealed here.
var ErrUnsealable = errors.New("can't be unsealed")

// sealVersion leads what is sealed, so that a key or a way of sealing can follow.
const sealVersion = 1

// keyIDSize is how many bytes of a key's id stand before what it sealed.
const keyIDSize = 8

// keyID names a key and says nothing of it.
func keyID(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("heed key id"))
	return mac.Sum(nil)[:keyIDSize]
}

// SealedWith tells whether sealed bytes carry this key's id, so that they were sealed
// with it unless somebody changed them.
func SealedWith(key, sealed []byte) bool {
	return len(sealed) > keyIDSize && sealed[0] == sealVersion && bytes.Equal(sealed[1:1+keyIDSize], keyID(key))
}

// SealingKey derives the key for Seal from the secret that people keep.
func SealingKey(secret string) ([]byte, error) {
	return hkdf.Key(sha256.New, []byte(secret), nil, "heed sealing key 1", 32)
}

// Seal encrypts plain with a key of 32 bytes (AES-256-GCM). about says where it
// belongs, e.g. the workspace of a token: sealed bytes that were moved elsewhere
// don't open. The key's id stands in front, for the day when the key changes.
func Seal(key, plain []byte, about string) ([]byte, error) {
	aead, err := sealer(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	head := append(append([]byte{sealVersion}, keyID(key)...), nonce...)
	return aead.Seal(head, nonce, plain, []byte(about)), nil
}

// Unseal decrypts what Seal made, with the same key and about; else ErrUnsealable.
func Unseal(key, sealed []byte, about string) ([]byte, error) {
	aead, err := sealer(key)
	if err != nil {
		return nil, err
	}
	if !SealedWith(key, sealed) || len(sealed) < 1+keyIDSize+aead.NonceSize() {
		return nil, ErrUnsealable
	}
	rest := sealed[1+keyIDSize:]
	nonce, body := rest[:aead.NonceSize()], rest[aead.NonceSize():]
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
