//go:build tools

// Package versitygw pins the S3 service that the tests of the blob store speak to.
package versitygw

import _ "github.com/versity/versitygw/cmd/versitygw"
