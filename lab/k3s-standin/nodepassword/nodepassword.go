// Package nodepassword keeps the secret by which a node proves that it is the one that first joined under its name.
package nodepassword

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"

	"fleetlab/k3s-standin/kube"
)

const (
	namespace = "kube-system"
	suffix    = ".node-password.k3s"

	// SecretType is that of newer k3s releases.
	SecretType = "k3s.cattle.io/node-password"
)

// ErrRejected means that the node joined with another password before.
var ErrRejected = errors.New("unable to verify password: hash does not match")

func secretName(node string) string { return strings.ToLower(node) + suffix }

// NodeOf a Secret is the node whose password it keeps.
func NodeOf(secret kube.Object) (node string, isPassword bool) {
	name := secret.Name()
	return strings.TrimSuffix(name, suffix), secret.Namespace() == namespace && strings.HasSuffix(name, suffix)
}

// Ensure admits a node: with any password the first time, with the same one ever after.
func Ensure(ctx context.Context, client *kube.Client, node, password string) error {
	path := kube.Secrets.Path(namespace, secretName(node))
	secret, err := client.Get(ctx, path)
	if kube.IsNotFound(err) {
		if secret, err = create(ctx, client, node, password); kube.IsAlreadyExists(err) {
			secret, err = client.Get(ctx, path)
		}
	}
	if err != nil {
		return err
	}
	hash, err := base64.StdEncoding.DecodeString(secret.Text("data", "hash"))
	if err != nil || !matches(string(hash), password) {
		return ErrRejected
	}
	return nil
}

// Forget removes what is known of a node.
func Forget(ctx context.Context, client *kube.Client, node string) error {
	return client.Delete(ctx, kube.Secrets.Path(namespace, secretName(node)), nil)
}

func create(ctx context.Context, client *kube.Client, node, password string) (kube.Object, error) {
	salt := make([]byte, 8)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	metadata := kube.Object{"name": secretName(node), "namespace": namespace}
	if object, err := client.Get(ctx, kube.Nodes.Path("", node)); err == nil {
		metadata["ownerReferences"] = []kube.Object{Owner(object)}
	}
	return client.Create(ctx, kube.Secrets.Path(namespace), kube.Object{
		"apiVersion": "v1", "kind": "Secret", "type": SecretType, "immutable": true, "metadata": metadata,
		"data": kube.Object{"hash": base64.StdEncoding.EncodeToString([]byte(hashOf(salt, password)))},
	})
}

// Owner makes the Secret go with the Node.
func Owner(node kube.Object) kube.Object {
	return kube.Object{"apiVersion": "v1", "kind": "Node", "name": node.Name(), "uid": node.UID()}
}

// hashOf a password, in the form that k3s has for scrypt, which the standard library lacks.
func hashOf(salt []byte, password string) string {
	digest := hmac.New(sha256.New, salt)
	digest.Write([]byte(password))
	return "$stand-in:" + hex.EncodeToString(salt) + ":" + base64.StdEncoding.EncodeToString(digest.Sum(nil))
}

func matches(hash, password string) bool {
	parts := strings.Split(hash, ":")
	if len(parts) != 3 {
		return false
	}
	salt, err := hex.DecodeString(parts[1])
	return err == nil && hmac.Equal([]byte(hash), []byte(hashOf(salt, password)))
}
