package pooled

import "syscall"

// tie has the kernel end the child with this program.
func tie(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
