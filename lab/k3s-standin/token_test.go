package main

import (
	"strings"
	"testing"
)

func TestSecureTokenIsReadBack(t *testing.T) {
	text := secureForm([]byte("a certificate"), "server", "pass:word")
	got, err := parseToken(text)
	if err != nil || got != (token{digestOf([]byte("a certificate")), "pass:word"}) {
		t.Errorf("%s was read as %v, %v", text, got, err)
	}
}

func TestShortTokenIsAPassword(t *testing.T) {
	if got, err := parseToken("secret"); err != nil || got != (token{"", "secret"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestMalformedTokensAreRefused(t *testing.T) {
	for _, text := range []string{"", "K10", "K10abc::server:x", "K10" + strings.Repeat("a", 64) + "::server"} {
		if got, err := parseToken(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestBootstrapTokenInTheSecureFormIsReadBack(t *testing.T) {
	text := "K10" + digestOf([]byte("a certificate")) + "::abcdef.0123456789abcdef"
	got, err := parseToken(text)
	if err != nil || got != (token{digestOf([]byte("a certificate")), "abcdef.0123456789abcdef"}) {
		t.Errorf("%s was read as %v, %v", text, got, err)
	}
}
