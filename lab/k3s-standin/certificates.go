package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

const day = 24 * time.Hour

// identity is a certificate and its key, both as PEM.
type identity struct{ Certificate, Key []byte }

// subject is what a certificate says of its holder.
type subject struct {
	name   string   // the common name
	groups []string // the organizations
	usages []x509.ExtKeyUsage
	names  []string // host names and addresses, of a server
}

var (
	asClient = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	asServer = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	asBoth   = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

// newAuthority makes a certificate authority of ten years that signs itself.
func newAuthority(commonName string) (identity, error) {
	return sign(&x509.Certificate{
		Subject:               pkix.Name{CommonName: commonName},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}, 3650*day, nil)
}

// issue makes a certificate for a subject.
func (authority identity) issue(s subject, validity time.Duration) (identity, error) {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: s.name, Organization: s.groups},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: s.usages,
	}
	for _, name := range s.names {
		if address := net.ParseIP(name); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return sign(template, validity, &authority)
}

// sign makes a key and a certificate for it, signed by the issuer or, without one, by itself.
func sign(template *x509.Certificate, validity time.Duration, issuer *identity) (identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identity{}, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62)); err != nil {
		return identity{}, err
	}
	template.NotBefore = time.Now().Add(-time.Minute)
	template.NotAfter = time.Now().Add(validity)
	if issued := template.NotAfter.Add(-leafValidity); issued.Before(template.NotBefore) {
		template.NotBefore = issued // as old as one must be that ends so soon
	}
	parent, signer := template, any(key)
	if issuer != nil {
		pair, err := issuer.pair()
		if err != nil {
			return identity{}, err
		}
		if parent, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return identity{}, err
		}
		signer = pair.PrivateKey
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return identity{}, err
	}
	encoded, err := encodeKey(key)
	if err != nil {
		return identity{}, err
	}
	return identity{pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), encoded}, nil
}

// newKey is a key without a certificate: that of the service accounts' tokens.
func newKey() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return encodeKey(key)
}

func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	encoded, err := x509.MarshalECPrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}), err
}

func (i identity) pair() (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(i.Certificate, i.Key)
	if err != nil {
		return pair, fmt.Errorf("failed to load a certificate: %w", err)
	}
	return pair, nil
}

// parsed is the certificate itself.
func (i identity) parsed() (*x509.Certificate, error) {
	block, _ := pem.Decode(i.Certificate)
	if block == nil {
		return nil, errors.New("no certificate found")
	}
	return x509.ParseCertificate(block.Bytes)
}

// poolOf the certificates in a PEM text.
func poolOf(authority []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, errors.New("no certificate found")
	}
	return pool, nil
}
