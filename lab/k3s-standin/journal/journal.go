package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// logger writes lines in the form of k3s' own log: time="…" level=info msg="…".
type logger struct{ lock sync.Mutex }

var log logger

func (l *logger) info(format string, values ...any)    { l.write("info", format, values) }
func (l *logger) warning(format string, values ...any) { l.write("warning", format, values) }
func (l *logger) error(format string, values ...any)   { l.write("error", format, values) }
func (l *logger) fatal(format string, values ...any)   { l.write("fatal", format, values) }

func (l *logger) write(level, format string, values []any) {
	l.lock.Lock()
	defer l.lock.Unlock()
	now := time.Now().UTC().Format(time.RFC3339)
	fmt.Fprintf(os.Stderr, "time=%q level=%s msg=%q\n", now, level, fmt.Sprintf(format, values...))
}
