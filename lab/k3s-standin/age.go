package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ageCertificates replaces this node's certificates by ones that end in so many days, as if they had been issued as long
// ago as that takes. What runs keeps what it has loaded.
func ageCertificates(arguments []string) int {
	if len(arguments) != 1 {
		fmt.Fprintln(os.Stderr, "usage: k3s stand-in-age-certificates DAYS")
		return 1
	}
	days, err := strconv.Atoi(arguments[0])
	if err == nil {
		err = age(flagValues{}, time.Duration(days)*day)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func age(values flagValues, left time.Duration) error {
	files, isServer, err := certificateFiles(values)
	if err != nil {
		return err
	}
	for _, file := range files {
		current, err := readIdentity(file.path)
		if os.IsNotExist(err) {
			continue
		} else if err != nil {
			return err
		}
		issuer, err := issuerOf(values, current, isServer)
		if err != nil {
			return err
		}
		aged, err := issuer.reissue(current, left)
		if err != nil {
			return err
		}
		if err := writeIdentity(file.path, aged); err != nil {
			return err
		}
		if filepath.Base(file.path) == "client-admin" {
			if err := replaceInKubeconfig(current, aged); err != nil {
				return err
			}
		}
	}
	return nil
}

// issuerOf a certificate: an authority of this server. An agent has none of their keys; what it fetched is replaced by
// what an authority of the same name has signed, since it fetches anew at its next start.
func issuerOf(values flagValues, current identity, isServer bool) (identity, error) {
	certificate, err := current.parsed()
	if err != nil {
		return identity{}, err
	}
	if isServer {
		all, err := readAuthorities(filepath.Join(dataDirectoryOf(values), "server", "tls"))
		if err != nil {
			return identity{}, err
		}
		for _, name := range []string{"server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"} {
			if authority, err := all.of(name).parsed(); err == nil && certificate.CheckSignatureFrom(authority) == nil {
				return all.of(name), nil
			}
		}
	}
	return newAuthority(certificate.Issuer.CommonName)
}

func (authority identity) reissue(current identity, validity time.Duration) (identity, error) {
	certificate, err := current.parsed()
	if err != nil {
		return identity{}, err
	}
	return sign(&x509.Certificate{
		Subject: certificate.Subject, KeyUsage: certificate.KeyUsage, ExtKeyUsage: certificate.ExtKeyUsage,
		DNSNames: certificate.DNSNames, IPAddresses: certificate.IPAddresses,
	}, validity, &authority)
}

// replaceInKubeconfig gives the administrator the aged certificate as well.
func replaceInKubeconfig(current, aged identity) error {
	text, err := os.ReadFile(defaultKubeconfig)
	if os.IsNotExist(err) {
		return nil
	} else if err != nil {
		return err
	}
	information, err := os.Stat(defaultKubeconfig)
	if err != nil {
		return err
	}
	replaced := strings.NewReplacer(
		encoded(string(current.Certificate)), encoded(string(aged.Certificate)),
		encoded(string(current.Key)), encoded(string(aged.Key)),
	).Replace(string(text))
	return writeFile(defaultKubeconfig, replaced, information.Mode().Perm())
}
