package main

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secretKey is the key that seals what is stored sealed: derived from
// HEED_SECRET_KEY, else from one made in the embedded data folder. With a database
// of its own and no key there is none: nothing that needs sealing is offered.
func secretKey(_ context.Context, c config) ([]byte, error) {
	secret := c.SecretKey
	if secret == "" && c.DatabaseURL == "" {
		var err error
		if secret, err = keptSecret(filepath.Join(c.DataDir, "secret_key")); err != nil {
			return nil, fmt.Errorf("the secret key in the data folder: %w", err)
		}
	}
	if secret == "" {
		return nil, nil
	}
	return hkdf.Key(sha256.New, []byte(secret), nil, "heed sealing key 1", 32)
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
