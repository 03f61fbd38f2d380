package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"

	"fleetlab/k3s-standin/kube"
)

var tokenFlags = kindsOf("debug", "config log data-dir kubeconfig token new-token server description ttl o output",
	"groups usages")

// tokenCommands are `k3s token …`.
var tokenCommands = map[string]command{
	"create":   {tokenFlags, createToken},
	"list":     {tokenFlags, listTokens},
	"delete":   {tokenFlags, deleteTokens},
	"generate": {tokenFlags, generateToken},
	"rotate":   {tokenFlags, rotateTokenCommand},
}

const tokenLetters = "abcdefghijklmnopqrstuvwxyz0123456789"

func newBootstrapToken() (string, error) {
	text := make([]byte, 23)
	for index := range text {
		number, err := rand.Int(rand.Reader, big.NewInt(int64(len(tokenLetters))))
		if err != nil {
			return "", err
		}
		text[index] = tokenLetters[number.Int64()]
	}
	text[6] = '.'
	return string(text), nil
}

func generateToken(flagValues, []string) error {
	text, err := newBootstrapToken()
	fmt.Println(text)
	return err
}

func createToken(values flagValues, arguments []string) error {
	text := values.last("token")
	if len(arguments) > 0 {
		text = arguments[0]
	}
	var err error
	if text == "" {
		if text, err = newBootstrapToken(); err != nil {
			return err
		}
	}
	match := bootstrapToken.FindStringSubmatch(text)
	if match == nil {
		return fmt.Errorf("the bootstrap token %q was not of the form %q", text, bootstrapToken.String())
	}
	lifetime, err := time.ParseDuration(firstOf(values.last("ttl"), "24h"))
	if err != nil {
		return err
	}
	data := kube.Object{
		"token-id": encoded(match[1]), "token-secret": encoded(match[2]),
		"usage-bootstrap-authentication": encoded("true"), "usage-bootstrap-signing": encoded("true"),
		"auth-extra-groups": encoded(firstOf(strings.Join(splitAll(values["groups"]), ","),
			"system:bootstrappers:k3s:default-node-token")),
	}
	if lifetime > 0 {
		data["expiration"] = encoded(kube.Timestamp(time.Now().Add(lifetime)))
	}
	if description := values.last("description"); description != "" {
		data["description"] = encoded(description)
	}
	client, authority, err := administrator(values)
	if err != nil {
		return err
	}
	_, err = client.Create(context.Background(), kube.Secrets.Path("kube-system"), kube.Object{
		"apiVersion": "v1", "kind": "Secret", "type": bootstrapTokenType, "data": data,
		"metadata": kube.Object{"name": "bootstrap-token-" + match[1], "namespace": "kube-system"},
	})
	if kube.IsAlreadyExists(err) {
		return fmt.Errorf("a token with id %q already exists", match[1])
	}
	if err == nil {
		fmt.Printf("K10%s::%s\n", digestOf(authority), text)
	}
	return err
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func deleteTokens(values flagValues, tokens []string) error {
	if len(tokens) == 0 {
		return errors.New("missing argument; 'token delete' is missing token")
	}
	client, _, err := administrator(values)
	if err != nil {
		return err
	}
	for _, text := range tokens {
		id, _, _ := strings.Cut(text, ".")
		path := kube.Secrets.Path("kube-system", "bootstrap-token-"+id)
		if _, err := client.Get(context.Background(), path); err != nil {
			return fmt.Errorf("failed to delete bootstrap token %q: %w", id, err)
		}
		if err := client.Delete(context.Background(), path, nil); err != nil {
			return fmt.Errorf("failed to delete bootstrap token %q: %w", id, err)
		}
		fmt.Printf("bootstrap token %q deleted\n", id)
	}
	return nil
}

func rotateTokenCommand(values flagValues, _ []string) error {
	fmt.Println("\033[33mWARNING\033[0m: Recommended to keep a record of the old token. " +
		"If restoring from a snapshot, you must use the token associated with that snapshot.")
	client, err := localServer(values, "server", "token")
	if err != nil {
		return err
	}
	if err := client.send(http.MethodPut, "/v1-k3s/token",
		map[string]string{"newToken": values.last("new-token")}, nil); err != nil {
		return err
	}
	fmt.Println("Token rotated, restart k3s nodes with new token")
	return nil
}
