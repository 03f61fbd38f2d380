package kube

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

const retryInterval = time.Second

// Mirror keeps a copy of all objects at a path, by a list and then a watch, and says when it changed.
type Mirror struct {
	client  *Client
	path    string // with a query, if any
	changed func()

	lock    sync.Mutex
	synced  bool
	objects map[string]Object
}

// NewMirror starts to mirror, until the context ends. It calls changed after each change, from a goroutine of its own.
func NewMirror(ctx context.Context, client *Client, path string, changed func()) *Mirror {
	mirror := &Mirror{client: client, path: path, changed: changed, objects: map[string]Object{}}
	go mirror.run(ctx)
	return mirror
}

// IsSynced is whether the mirror has once been complete.
func (m *Mirror) IsSynced() bool {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.synced
}

// All objects. They are shared: whoever wants to change one copies it first.
func (m *Mirror) All() []Object {
	m.lock.Lock()
	defer m.lock.Unlock()
	all := make([]Object, 0, len(m.objects))
	for _, object := range m.objects {
		all = append(all, object)
	}
	return all
}

// Find an object, or nil.
func (m *Mirror) Find(namespace, name string) Object {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.objects[namespace+"/"+name]
}

func (m *Mirror) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := m.follow(ctx); err != nil {
			select {
			case <-ctx.Done():
			case <-time.After(retryInterval):
			}
		}
	}
}

// follow lists once and then watches until the watch ends.
func (m *Mirror) follow(ctx context.Context) error {
	list, err := m.client.Get(ctx, m.path)
	if err != nil {
		return err
	}
	objects := map[string]Object{}
	for _, object := range list.List("items") {
		objects[object.Key()] = object
	}
	m.lock.Lock()
	m.objects, m.synced = objects, true
	m.lock.Unlock()
	m.changed()
	return m.watch(ctx, list.ResourceVersion())
}

func (m *Mirror) watch(ctx context.Context, version string) error {
	for ctx.Err() == nil {
		separator := "?"
		if strings.Contains(m.path, "?") {
			separator = "&"
		}
		response, err := m.client.send(ctx, "GET",
			m.path+separator+"watch=true&timeoutSeconds=300&resourceVersion="+version, "", nil)
		if err != nil {
			return err
		}
		decoder := json.NewDecoder(response.Body)
		for {
			var event struct {
				Type   string
				Object Object
			}
			if err := decoder.Decode(&event); err != nil {
				break // the server ends a watch after its time: go on from where it was
			}
			if event.Type == "ERROR" {
				response.Body.Close()
				return errors.New(event.Object.Text("message"))
			}
			version = event.Object.ResourceVersion()
			m.apply(event.Type, event.Object)
		}
		response.Body.Close()
		// A server that goes down closes all watches; the next list may meet another one.
		if !m.pause(ctx) {
			return ctx.Err()
		}
	}
	return ctx.Err()
}

func (m *Mirror) pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(100 * time.Millisecond):
		return true
	}
}

func (m *Mirror) apply(kind string, object Object) {
	if kind == "DELETED" {
		m.lock.Lock()
		delete(m.objects, object.Key())
		m.lock.Unlock()
	} else if kind == "ADDED" || kind == "MODIFIED" {
		m.Put(object)
	}
	m.changed()
}

// Put takes in what a write answered, so that whoever wrote does not act on the state before it while the watch lags.
func (m *Mirror) Put(object Object) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if known := m.objects[object.Key()]; known == nil || !isOlder(object, known) {
		m.objects[object.Key()] = object
	}
}

func isOlder(one, other Object) bool {
	first, firstErr := strconv.ParseUint(one.ResourceVersion(), 10, 64)
	second, secondErr := strconv.ParseUint(other.ResourceVersion(), 10, 64)
	return firstErr == nil && secondErr == nil && first < second
}
