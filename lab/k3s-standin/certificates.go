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

// newAuthority makes a certificate authority of ten years that signs itself.
func newAuthority(commonName string) (identity, error) {
	return sign(&x509.Certificate{
		Subject:               pkix.Name{CommonName: commonName},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}, 3650*day, nil)
}

// serverCertificate is valid for a year for the given names and addresses.
func (authority identity) serverCertificate(names []string) (identity, error) {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "k3s"},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if address := net.ParseIP(name); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return sign(template, 365*day, &authority)
}

// clientCertificate is valid for a year for a user of a group.
func (authority identity) clientCertificate(user, group string) (identity, error) {
	return sign(&x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: []string{group}},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, 365*day, &authority)
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
	template.NotAfter = template.NotBefore.Add(validity)
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
	encoded, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return identity{}, err
	}
	return identity{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}),
	}, nil
}

func (i identity) pair() (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(i.Certificate, i.Key)
	if err != nil {
		return pair, fmt.Errorf("failed to load a certificate: %w", err)
	}
	return pair, nil
}

// poolOf the certificates in a PEM text.
func poolOf(authority []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, errors.New("no certificate found")
	}
	return pool, nil
}
