// Package process runs the programs that k3s has inside itself and the stand-in beside itself: etcd and kube-apiserver.
package process

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Directory is where every node finds the programs.
const Directory = "/usr/lib/fleetlab/control-plane"

// Process is a program that runs, or ran. It dies with this process, however that ends: the unit of k3s has
// KillMode=process, so nobody else would stop it.
type Process struct {
	Ended chan struct{} // closed when the program has ended

	command *exec.Cmd
	problem error
}

// Program is the path of one of them.
func Program(name string) string { return filepath.Join(Directory, name) }

// Start starts a program. Each line that it writes goes to this process' standard error, unless the function, which may
// be nil, says that it is not worth it.
func Start(name string, arguments []string, isWorthIt func(line string) bool) (*Process, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &Process{Ended: make(chan struct{}), command: exec.Command(Program(name), arguments...)}
	p.command.Stdout, p.command.Stderr = writer, writer
	p.command.Env = environment()
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		// The kernel sends the signal when the thread ends that started the program, not the process.
		runtime.LockOSThread()
		err := p.command.Start()
		writer.Close()
		started <- err
		if err == nil {
			p.problem = p.command.Wait()
			close(p.Ended)
		}
	}()
	go copyLines(reader, isWorthIt)
	return p, <-started
}

// environment is this process' own, without the socket of the service manager: whether k3s is ready, k3s says.
func environment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "NOTIFY_SOCKET=") {
			kept = append(kept, variable)
		}
	}
	return kept
}

func copyLines(reader io.ReadCloser, isWorthIt func(string) bool) {
	defer reader.Close()
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if isWorthIt == nil || isWorthIt(scanner.Text()) {
			_, _ = os.Stderr.Write(append(scanner.Bytes(), '\n'))
		}
	}
	_, _ = io.Copy(io.Discard, reader) // after a line that was too long: never block the program
}

// Problem is what the program ended with.
func (p *Process) Problem() error { return p.problem }

// Stop ends the program by SIGTERM, and by SIGKILL when that takes longer than the grace.
func (p *Process) Stop(grace time.Duration) {
	if p == nil {
		return
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.Ended:
	case <-time.After(grace):
		_ = p.command.Process.Kill()
		<-p.Ended
	}
}
