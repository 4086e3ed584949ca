//go:build unix && !linux

package pooled

import "syscall"

func tie(*syscall.SysProcAttr) {}
