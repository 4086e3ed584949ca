// Package discordfake is a Discord that remembers, for tests.
package discordfake
