package etcd

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const requestTimeout = 5 * time.Second

// Client speaks to members through the JSON gateway that each of them has.
type Client struct {
	urls []string
	http *http.Client
}

// Membership is one member, as the cluster knows it. IDs are texts: they do not fit a JSON number.
type Membership struct {
	ID         string   `json:"ID"`
	Name       string   `json:"name"`
	PeerURLs   []string `json:"peerURLs"`
	ClientURLs []string `json:"clientURLs"`
	IsLearner  bool     `json:"isLearner"`
}

// NewClient asks the members at these URLs, one after the other until one answers; without a URL, this node's own.
func NewClient(certificates string, urls ...string) (*Client, error) {
	if len(urls) == 0 {
		urls = []string{"https://127.0.0.1:2379"}
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(certificates, "client.crt"), filepath.Join(certificates, "client.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(filepath.Join(certificates, "server-ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	return &Client{urls, &http.Client{
		Timeout:   requestTimeout,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}}},
	}}, nil
}

// Temporary speaks to what StartTemporary started.
func Temporary() *Client {
	return &Client{[]string{fmt.Sprintf("http://127.0.0.1:%d", temporaryPort)}, &http.Client{Timeout: requestTimeout}}
}

// call sends a request of the v3 API and decodes the answer.
func (c *Client) call(ctx context.Context, method string, request, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	var problem error
	for _, url := range c.urls {
		message, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v3/"+method, bytes.NewReader(body))
		if err != nil {
			return err
		}
		response, err := c.http.Do(message)
		if err != nil {
			problem = err
			continue
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			var refusal struct{ Error string }
			_ = json.NewDecoder(response.Body).Decode(&refusal)
			return errors.New(refusal.Error)
		}
		return json.NewDecoder(response.Body).Decode(answer)
	}
	return problem
}

// Pair is a key and its value.
type Pair struct {
	Key   []byte `json:"key"`
	Value []byte `json:"value"`
}

// Range returns all pairs whose key has the prefix. A local one asks the member alone and needs no quorum.
func (c *Client) Range(ctx context.Context, prefix string, local bool) ([]Pair, error) {
	end := []byte(prefix)
	end[len(end)-1]++
	var answer struct{ Kvs []Pair }
	err := c.call(ctx, "kv/range", map[string]any{"key": []byte(prefix), "range_end": end, "serializable": local}, &answer)
	return answer.Kvs, err
}

func (c *Client) Put(ctx context.Context, key string, value []byte) error {
	return c.call(ctx, "kv/put", Pair{[]byte(key), value}, &struct{}{})
}

func (c *Client) Delete(ctx context.Context, key []byte) error {
	return c.call(ctx, "kv/deleterange", map[string]any{"key": key}, &struct{}{})
}

// Members asks for the membership. It needs a quorum in etcd 3.5; 3.4 answers with what the asked member knows.
func (c *Client) Members(ctx context.Context) ([]Membership, error) {
	var answer struct{ Members []Membership }
	err := c.call(ctx, "cluster/member/list", struct{}{}, &answer)
	return answer.Members, err
}

// AddLearner announces a member that is about to join at this URL.
func (c *Client) AddLearner(ctx context.Context, peerURL string) error {
	request := map[string]any{"peerURLs": []string{peerURL}, "isLearner": true}
	return c.call(ctx, "cluster/member/add", request, &struct{}{})
}

func (c *Client) Promote(ctx context.Context, id string) error {
	return c.call(ctx, "cluster/member/promote", map[string]string{"ID": id}, &struct{}{})
}

func (c *Client) Remove(ctx context.Context, id string) error {
	return c.call(ctx, "cluster/member/remove", map[string]string{"ID": id}, &struct{}{})
}

// Move tells the cluster a member's new peer URL.
func (c *Client) Move(ctx context.Context, id, peerURL string) error {
	request := map[string]any{"ID": id, "peerURLs": []string{peerURL}}
	return c.call(ctx, "cluster/member/update", request, &struct{}{})
}

// IsHealthy is whether the member answers a read that needs a quorum.
func (c *Client) IsHealthy(ctx context.Context) bool {
	_, err := c.Range(ctx, "/health", false)
	return err == nil
}
