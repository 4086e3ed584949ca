// Command findpostgres prints the folder of the Postgres that the embedded server would
// run. Where there is none it says how to get one and exits with 1.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"heed/store"
	"heed/store/embedded"
)

func main() {
	dir, err := embedded.Find(context.Background(), os.Getenv("HEED_POSTGRES_BIN"))
	if err == nil {
		fmt.Println(dir)
		return
	}
	var p *store.Problem
	if errors.As(err, &p) {
		fmt.Fprintln(os.Stderr, p.Say())
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}
