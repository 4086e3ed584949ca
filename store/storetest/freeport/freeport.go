// Package freeport finds ports for programs whose address has to be known before they
// listen, or that come back to the same one.
package freeport

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
)

// Systems hand out ports from 32768 (Linux) or 49152 (others) on to whoever asks for any.
// One from there that was free a moment ago may be somebody's by the time it is used: the
// fakes and pools of tests that run beside take dozens a second.
const (
	lowest  = 20_000
	highest = 32_000
)

// Find is a TCP port of loopback that nobody has, below those that the system hands out.
func Find() (int, error) {
	for range 100 {
		n, err := rand.Int(rand.Reader, big.NewInt(highest-lowest))
		if err != nil {
			return 0, err
		}
		port := lowest + int(n.Int64())
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)) //nolint:noctx // it is closed at once
		if err != nil {
			continue
		}
		return port, l.Close()
	}
	return 0, errors.New("a hundred ports of loopback are taken")
}
