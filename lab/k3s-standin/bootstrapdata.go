package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"fleetlab/k3s-standin/etcd"
)

// The bootstrap data is in the datastore, encrypted with the cluster's token: without that, a snapshot is useless on a
// new host.

const bootstrapPrefix = "/bootstrap/"

var errDifferentToken = errors.New(
	"starting kubernetes: preparing server: bootstrap data already found and encrypted with different token")

func bootstrapKey(password string) string { return bootstrapPrefix + digestOf([]byte(password))[:12] }

// loadBootstrapData returns nil when the datastore holds none at all.
func loadBootstrapData(ctx context.Context, client *etcd.Client, password string) (authorities, error) {
	pairs, err := client.Range(ctx, bootstrapPrefix, true)
	if err != nil || len(pairs) == 0 {
		return nil, err
	}
	for _, pair := range pairs {
		if string(pair.Key) == bootstrapKey(password) {
			text, err := decrypt(password, string(pair.Value))
			if err != nil {
				return nil, err
			}
			return decodeAuthorities(text)
		}
	}
	return nil, errDifferentToken
}

// saveBootstrapData also removes what was stored under other tokens.
func saveBootstrapData(ctx context.Context, client *etcd.Client, all authorities, password string) error {
	text, err := all.encode()
	if err != nil {
		return err
	}
	encrypted, err := encrypt(password, text)
	if err != nil {
		return err
	}
	if err := client.Put(ctx, bootstrapKey(password), []byte(encrypted)); err != nil {
		return err
	}
	pairs, err := client.Range(ctx, bootstrapPrefix, false)
	for _, pair := range pairs {
		if string(pair.Key) != bootstrapKey(password) && err == nil {
			err = client.Delete(ctx, pair.Key)
		}
	}
	return err
}

func encrypt(password string, text []byte) (string, error) {
	salt := make([]byte, 8)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	sealer, err := sealerOf(password, salt)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, sealer.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	sealed := sealer.Seal(nonce, nonce, text, nil)
	return hex.EncodeToString(salt) + ":" + base64.StdEncoding.EncodeToString(sealed), nil
}

func decrypt(password, encrypted string) ([]byte, error) {
	saltText, sealedText, _ := strings.Cut(encrypted, ":")
	salt, err := hex.DecodeString(saltText)
	if err != nil {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(sealedText)
	if err != nil {
		return nil, err
	}
	sealer, err := sealerOf(password, salt)
	if err != nil {
		return nil, err
	}
	if len(sealed) < sealer.NonceSize() {
		return nil, fmt.Errorf("the bootstrap data is too short")
	}
	return sealer.Open(nil, sealed[:sealer.NonceSize()], sealed[sealer.NonceSize():], nil)
}

func sealerOf(password string, salt []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(stretch(password, salt))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// stretch is PBKDF2 with HMAC-SHA-1, 4096 rounds and 32 bytes, as in k3s.
func stretch(password string, salt []byte) []byte {
	var key []byte
	for block := byte(1); len(key) < 32; block++ {
		digest := hmac.New(sha1.New, []byte(password))
		digest.Write(append(append([]byte{}, salt...), 0, 0, 0, block))
		round := digest.Sum(nil)
		sum := append([]byte{}, round...)
		for count := 1; count < 4096; count++ {
			digest.Reset()
			digest.Write(round)
			round = digest.Sum(nil)
			for index := range sum {
				sum[index] ^= round[index]
			}
		}
		key = append(key, sum...)
	}
	return key[:32]
}
