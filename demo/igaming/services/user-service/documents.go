package main

import (
	"context"
	"fmt"
	"io"

	"github.com/getsentry/sentry-go"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"demo/igaming/services/kit"
)

const (
	documentBucket   = "kyc-documents"
	documentBytesMax = 512 << 10
)

// documentStore keeps identity documents in S3-compatible storage.
type documentStore struct{ client *minio.Client }

func openDocumentStore() (*documentStore, error) {
	client, err := minio.New(kit.Setting("S3_ADDRESS", "127.0.0.1:"+kit.Setting("S3_PORT", "17070")), &minio.Options{
		Creds: credentials.NewStaticV4(kit.Setting("S3_ACCESS_KEY", "igaming"), kit.Setting("S3_SECRET_KEY", "igaming-secret"), ""),
	})
	if err != nil {
		return nil, fmt.Errorf("preparing object storage: %w", err)
	}
	return &documentStore{client: client}, nil
}

// put stores one document of known length.
func (d *documentStore) put(ctx context.Context, name string, body io.Reader, length int64) error {
	if span := sentry.SpanFromContext(ctx); span != nil {
		child := span.StartChild("file.upload", sentry.WithDescription("put "+documentBucket))
		child.SetData("file.bytes", length)
		defer child.Finish()
	}
	_, err := d.client.PutObject(ctx, documentBucket, name, body, length, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return fmt.Errorf("storing document %s: %w", name, err)
	}
	return nil
}
