//go:build !linux

package main

import "errors"

func mount(string, string) error { return errors.New("not on this system") }

func unmount(string) {}
