package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"heed/bot"
	"heed/store"
)

// secretKey is the key that seals what is stored sealed: derived from
// HEED_SECRET_KEY, else from one made in the embedded data folder. With a database
// of its own and no key there is none: nothing that needs sealing is offered.
func secretKey(c config) ([]byte, error) {
	secret := c.SecretKey
	if secret == "" && c.DatabaseURL == "" {
		var err error
		if secret, err = keptSecret(secretFile(c)); err != nil {
			return nil, fmt.Errorf("the secret key in the data folder: %w", err)
		}
	}
	if secret == "" {
		return nil, nil
	}
	return bot.SealingKey(secret)
}

// secretFile is where the embedded default keeps its secret.
func secretFile(c config) string { return filepath.Join(c.DataDir, "secret_key") }

// hashName names the key that hashes the accounts of those who asked to be forgotten.
const hashName = "hash"

// hashKey is that key: made once, kept in the database, sealed where there is a secret
// key. It stays when the secret key changes, so that who is forgotten stays so. It is
// nil, and said in the log, where another secret key sealed it.
func hashKey(ctx context.Context, s *store.Store, secret []byte, log *slog.Logger) ([]byte, error) {
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	return keepHashKey(ctx, s, secret, fresh, log)
}

// keepHashKey keeps fresh unless there is such a key already, and answers the one there is.
func keepHashKey(ctx context.Context, s *store.Store, secret, fresh []byte, log *slog.Logger) ([]byte, error) {
	about := bot.SealedKey(hashName)
	value := fresh
	if secret != nil {
		var err error
		if value, err = bot.Seal(secret, fresh, about); err != nil {
			return nil, err
		}
	}
	kept, sealed, err := s.KeepKey(ctx, hashName, value, secret != nil)
	if err != nil {
		return nil, err
	}
	if sealed {
		plain, err := bot.Unseal(secret, kept, about)
		if errors.Is(err, bot.ErrUnsealable) {
			log.ErrorContext(ctx, "sealed with another secret key: stored tokens and hidden texts can't be opened, and who was forgotten isn't recognized. Set the key of before, or see `heed rotate-key --help`")
			return nil, nil
		}
		return plain, err
	}
	if secret == nil {
		return kept, nil
	}
	if value, err = bot.Seal(secret, kept, about); err != nil {
		return nil, err
	}
	return kept, s.SealKey(ctx, hashName, value)
}

// keptSecret reads the secret in a file, made at the first call, readable by its
// owner alone.
func keptSecret(path string) (string, error) {
	kept, err := os.ReadFile(path) // #nosec G304 -- the data folder's own file
	if err == nil {
		return string(kept), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return "", err
	}
	secret := hex.EncodeToString(fresh)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- as above
	if errors.Is(err, fs.ErrExist) {
		return keptSecret(path) // another program was first
	}
	if err != nil {
		return "", err
	}
	if _, err = f.WriteString(secret); err != nil {
		_ = f.Close()
		return "", err
	}
	return secret, f.Close()
}
