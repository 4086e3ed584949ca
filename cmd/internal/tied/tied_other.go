//go:build !linux

package tied

import "syscall"

// tie does nothing where the kernel can't: who kills such a program stops what it started,
// too.
func tie(*syscall.SysProcAttr) {}
