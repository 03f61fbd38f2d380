package main

import "sync"

// passwords are the secret parts of a cluster's tokens. A rotation changes them while the server runs.
type passwords struct {
	lock          sync.Mutex
	server, agent string
}

func (p *passwords) ofServer() string {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.server
}

func (p *passwords) ofAgent() string {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.agent
}

// set makes a password the servers', and the agents' too unless they have one of their own.
func (p *passwords) set(server, agent string) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.server, p.agent = server, agent; agent == "" {
		p.agent = server
	}
}
