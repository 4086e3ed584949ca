package tied

import "syscall"

func tie(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
