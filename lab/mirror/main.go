// Command mirror serves directories over HTTP: the nodes' apt repository and the k3s releases.
//
//	mirror ADDRESS=DIRECTORY…
//
// It logs one line a request to standard error, so that a test can tell what a node asked for.
package main

import (
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	if len(os.Args) < 2 {
		log.Fatal("usage: mirror ADDRESS=DIRECTORY…")
	}
	ended := make(chan error)
	for _, argument := range os.Args[1:] {
		address, directory, found := strings.Cut(argument, "=")
		if !found {
			log.Fatalf("not of the form ADDRESS=DIRECTORY: %s", argument)
		}
		handler := logged(address, http.FileServer(http.Dir(directory)))
		go func() { ended <- http.ListenAndServe(address, handler) }()
	}
	log.Fatal(<-ended)
}

// logged writes a line for each request once it has been answered.
func logged(address string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		log.Printf("%s %s %s %s %d", address, r.RemoteAddr, r.Method, r.URL.EscapedPath(), recorder.status)
	})
}

// statusRecorder remembers the status that the wrapped handler sent.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
