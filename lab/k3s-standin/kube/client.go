package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const requestTimeout = 15 * time.Second

// Client sends requests to one API server, or to one of several through its transport.
type Client struct {
	URL  string // https://…, without a path
	HTTP *http.Client
}

// Status is a refusal by the API server.
type Status struct {
	Code    int
	Reason  string
	Message string
}

func (s Status) Error() string { return s.Message }

func IsNotFound(err error) bool      { return hasReason(err, "NotFound") }
func IsAlreadyExists(err error) bool { return hasReason(err, "AlreadyExists") }
func IsConflict(err error) bool      { return hasReason(err, "Conflict") }

func hasReason(err error, reason string) bool {
	var status Status
	return errors.As(err, &status) && status.Reason == reason
}

func (c *Client) Get(ctx context.Context, path string) (Object, error) {
	return c.do(ctx, http.MethodGet, path, "", nil)
}

// List returns the objects at a path.
func (c *Client) List(ctx context.Context, path string) ([]Object, error) {
	list, err := c.Get(ctx, path)
	return list.List("items"), err
}

func (c *Client) Create(ctx context.Context, path string, object Object) (Object, error) {
	return c.do(ctx, http.MethodPost, path, "application/json", object)
}

func (c *Client) Replace(ctx context.Context, path string, object Object) (Object, error) {
	return c.do(ctx, http.MethodPut, path, "application/json", object)
}

// Patch merges (RFC 7386): null removes a key, a list replaces the whole list.
func (c *Client) Patch(ctx context.Context, path string, patch Object) (Object, error) {
	return c.do(ctx, http.MethodPatch, path, "application/merge-patch+json", patch)
}

// PatchStrategically merges as kubectl does: lists that have a key, such as conditions, are merged by it.
func (c *Client) PatchStrategically(ctx context.Context, path string, patch Object) (Object, error) {
	return c.do(ctx, http.MethodPatch, path, "application/strategic-merge-patch+json", patch)
}

// Delete deletes, with these options or none. What is gone already is no error.
func (c *Client) Delete(ctx context.Context, path string, options Object) error {
	_, err := c.do(ctx, http.MethodDelete, path, "application/json", options)
	if IsNotFound(err) {
		return nil
	}
	return err
}

// Text fetches a path whose answer is no object, such as /readyz.
func (c *Client) Text(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	response, err := c.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func (c *Client) do(ctx context.Context, method, path, contentType string, body Object) (Object, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	response, err := c.send(ctx, method, path, contentType, body)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var object Object
	return object, json.NewDecoder(response.Body).Decode(&object)
}

// send returns the response to a request that succeeded. Its body is the caller's to close.
func (c *Client) send(ctx context.Context, method, path, contentType string, body Object) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.URL+path, content)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	var refusal Object
	_ = json.Unmarshal(text, &refusal)
	status := Status{response.StatusCode, refusal.Text("reason"), refusal.Text("message")}
	if status.Message == "" {
		status.Message = fmt.Sprintf("%s %s: %s", method, path, response.Status)
	}
	return nil, status
}
