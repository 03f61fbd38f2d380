package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const requestTimeout = 10 * time.Second

// clusterClient speaks to a server as a node that holds a token.
type clusterClient struct {
	url       string
	user      string // "node", or "server" for a server that joins
	password  string
	authority []byte // the cluster's CA as the server gave it
	http      *http.Client
}

// statusError is a refusal by the server.
type statusError struct {
	status int
	text   string
}

func (e statusError) Error() string { return e.text }

// connectToCluster trusts the server's authority, after comparing it with the token where that is of the secure form,
// and proves that the token is the cluster's.
func connectToCluster(url, user string, t token) (*clusterClient, error) {
	url = strings.TrimRight(url, "/")
	stranger := &http.Client{
		Timeout:   requestTimeout,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	}
	authority, err := fetch(stranger, http.MethodGet, url+"/cacerts", nil)
	if err != nil {
		return nil, fmt.Errorf("failed to get CA certs: %w", err)
	}
	if given := digestOf(authority); t.authorityDigest != "" && t.authorityDigest != given {
		return nil, fmt.Errorf("token CA hash does not match the Cluster CA certificate hash: %s != %s",
			t.authorityDigest, given)
	}
	pool, err := poolOf(authority)
	if err != nil {
		return nil, fmt.Errorf("CA cert validation failed: %w", err)
	}
	client := &clusterClient{url, user, t.password, authority, &http.Client{
		Timeout:   requestTimeout,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
	}}
	if _, err := client.get("/v1-k3s/config", nil); err != nil {
		return nil, fmt.Errorf("failed to retrieve configuration from server: %w", err)
	}
	return client, nil
}

// send sends an object to a path, as a server, and decodes the answer if there is to be one.
func (c *clusterClient) send(method, path string, object, answer any) error {
	body, err := json.Marshal(object)
	if err != nil {
		return err
	}
	patient := *c.http
	patient.Timeout = 2 * time.Minute // a snapshot takes its time
	text, err := fetch(&patient, method, c.url+path, func(request *http.Request) {
		request.SetBasicAuth(c.user, c.password)
		request.Body = io.NopCloser(bytes.NewReader(body))
	})
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// get fetches a path with the token, and with these headers.
func (c *clusterClient) get(path string, headers map[string]string) ([]byte, error) {
	return fetch(c.http, http.MethodGet, c.url+path, func(request *http.Request) {
		request.SetBasicAuth(c.user, c.password)
		for name, value := range headers {
			request.Header.Set(name, value)
		}
	})
}

// nodeIdentity fetches the certificate in a file such as client-kubelet.crt for the node that proves its name by its
// password. A refused password is said in k3s' words.
func (c *clusterClient) nodeIdentity(file, name, password string) (identity, error) {
	text, err := c.get("/v1-k3s/"+file, map[string]string{
		"k3s-Node-Name": name, "k3s-Node-Password": password,
	})
	var refusal statusError
	if errors.As(err, &refusal) && refusal.status == http.StatusForbidden {
		return identity{}, errors.New("Node password rejected, duplicate hostname or contents of " +
			"'/etc/rancher/node/password' may not match server node-passwd entry, " +
			"try enabling a unique node name with the --with-node-id flag")
	}
	if err != nil {
		return identity{}, err
	}
	_, key := pem.Decode(text) // the certificate comes first
	return identity{text[:len(text)-len(key)], key}, nil
}

// compareCriticalOptions fails when the server has other values than this one.
func (c *clusterClient) compareCriticalOptions(mine criticalOptions) error {
	var theirs criticalOptions
	text, err := c.get("/v1-k3s/config", nil)
	if err == nil {
		err = json.Unmarshal(text, &theirs)
	}
	if err != nil {
		return err
	}
	return mine.mustEqual(theirs)
}

// fetch returns the body of a 200, at most a megabyte of it. Before it is sent, prepare may add to the request.
func fetch(client *http.Client, method, url string, prepare func(*http.Request)) ([]byte, error) {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, err
	}
	if prepare != nil {
		prepare(request)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, statusError{response.StatusCode, strings.TrimSpace(string(body))}
	}
	return body, nil
}

// bootstrap fetches the cluster's authorities with their keys, as a server that joins does.
func (c *clusterClient) bootstrap() (authorities, error) {
	text, err := c.get("/v1-k3s/server-bootstrap", nil)
	if err != nil {
		return nil, err
	}
	return decodeAuthorities(text)
}
