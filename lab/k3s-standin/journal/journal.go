// Package journal writes log lines in the form of k3s' own log: time="…" level=info msg="…".
package journal

import (
	"fmt"
	"os"
	"sync"
	"time"
)

var lock sync.Mutex

func Info(format string, values ...any)    { write("info", format, values) }
func Warning(format string, values ...any) { write("warning", format, values) }
func Error(format string, values ...any)   { write("error", format, values) }
func Fatal(format string, values ...any)   { write("fatal", format, values) }

func write(level, format string, values []any) {
	lock.Lock()
	defer lock.Unlock()
	now := time.Now().UTC().Format(time.RFC3339)
	fmt.Fprintf(os.Stderr, "time=%q level=%s msg=%q\n", now, level, fmt.Sprintf(format, values...))
}
