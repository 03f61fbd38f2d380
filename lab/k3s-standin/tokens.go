package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"time"

	"fleetlab/k3s-standin/kube"
)

var bootstrapToken = regexp.MustCompile(`^([a-z0-9]{6})\.([a-z0-9]{16})$`)

const bootstrapTokenType = "bootstrap.kubernetes.io/token"

// isBootstrapToken is whether the cluster knows the token, as a Secret, and it has not expired.
func (c *cluster) isBootstrapToken(ctx context.Context, text string) bool {
	match := bootstrapToken.FindStringSubmatch(text)
	if match == nil || !c.isReady.Load() {
		return false
	}
	secret, err := c.admin.Get(ctx, kube.Secrets.Path("kube-system", "bootstrap-token-"+match[1]))
	if err != nil || secret.Text("type") != bootstrapTokenType || secretText(secret, "token-secret") != match[2] {
		return false
	}
	expiry, err := time.Parse(time.RFC3339, secretText(secret, "expiration"))
	return err != nil || time.Now().Before(expiry)
}

func secretText(secret kube.Object, key string) string {
	text, _ := base64.StdEncoding.DecodeString(secret.Text("data", key))
	return string(text)
}

// rotateToken makes another token the cluster's. Every server must be restarted with it, and what joins from now on.
func (c *cluster) rotateToken(w http.ResponseWriter, r *http.Request) {
	var request struct {
		NewToken *string `json:"newToken"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || r.Method != http.MethodPut {
		http.Error(w, "not a request to rotate the token", http.StatusBadRequest)
		return
	}
	password, err := randomHex(16)
	if request.NewToken != nil && *request.NewToken != "" {
		var t token
		t, err = parseToken(*request.NewToken)
		password = t.password
	}
	if err == nil {
		err = saveBootstrapData(r.Context(), c.etcd, c.authorities, password)
	}
	if err == nil {
		c.passwords.set(password, c.agentsOwn)
		err = c.writeTokens()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
