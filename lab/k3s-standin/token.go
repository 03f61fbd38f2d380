package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"
)

// token is a cluster's secret, and the digest of its certificate authority where the long form gives one.
type token struct {
	authorityDigest string // 64 hex digits, or empty in the short form
	password        string
}

var (
	secureToken          = regexp.MustCompile(`^K10([0-9a-f]{64})::([^:]+):(.+)$`)
	secureBootstrapToken = regexp.MustCompile(`^K10([0-9a-f]{64})::([a-z0-9]{6}\.[a-z0-9]{16})$`)
)

// parseToken reads the short form (a password) and the secure one (K10<digest>::<user>:<password>, or with a bootstrap
// token for user and password).
func parseToken(text string) (token, error) {
	if match := secureToken.FindStringSubmatch(text); match != nil {
		return token{match[1], match[3]}, nil
	}
	if match := secureBootstrapToken.FindStringSubmatch(text); match != nil {
		return token{match[1], match[2]}, nil
	}
	if text == "" || strings.HasPrefix(text, "K10") || strings.Contains(text, "::") {
		return token{}, errors.New(
			"failed to normalize server token; must be in format K10<CA-HASH>::<USERNAME>:<PASSWORD> or <PASSWORD>")
	}
	return token{"", text}, nil
}

// secureForm is the token as server/token holds it.
func secureForm(authority []byte, user, password string) string {
	return "K10" + digestOf(authority) + "::" + user + ":" + password
}

// digestOf a certificate authority: of its PEM file, byte for byte.
func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
