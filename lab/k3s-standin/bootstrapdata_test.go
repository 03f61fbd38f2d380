package main

import (
	"testing"
	"time"
)

func TestBootstrapDataNeedTheirToken(t *testing.T) {
	encrypted, err := encrypt("secret", []byte("the authorities"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := decrypt("secret", encrypted); err != nil || string(got) != "the authorities" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := decrypt("other", encrypted); err == nil {
		t.Errorf("another token decrypts to %q", got)
	}
}

func TestLeavesAreRenewedWhenTheyRunOutOrNamesChange(t *testing.T) {
	authority, err := newAuthority("a")
	if err != nil {
		t.Fatal(err)
	}
	other, err := newAuthority("a")
	if err != nil {
		t.Fatal(err)
	}
	l := leaf{"", "", "", subject{"server", nil, asServer, []string{"a", "10.0.0.1", "a"}}}
	for name, example := range map[string]struct {
		days   int
		names  []string
		issuer identity
		isGood bool
	}{
		"fresh":             {365, l.subject.names, authority, true},
		"soon over":         {renewalDays - 1, l.subject.names, authority, false},
		"over":              {-1, l.subject.names, authority, false},
		"other names":       {365, []string{"b"}, authority, false},
		"another authority": {365, l.subject.names, other, false},
	} {
		s := l.subject
		s.names = example.names
		made, err := example.issuer.issue(s, time.Duration(example.days)*day)
		if err != nil {
			t.Fatal(err)
		}
		if l.isGood(made, authority) != example.isGood {
			t.Errorf("%s: want %v", name, example.isGood)
		}
	}
}
