-- What came with events; the bytes lie in the blob store, under a key made of day, project and ids.
CREATE TABLE IF NOT EXISTS attachments
(
    project_id UInt32,
    event_id FixedString(16),
    attachment_id FixedString(16),
    -- When it was received: a day's rows and its blobs go together.
    time DateTime64(3, 'UTC') CODEC(Delta(8), Default),
    name String,
    content_type LowCardinality(String),
    attachment_type LowCardinality(String),
    byte_count UInt64,
    content_sha FixedString(20)
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (project_id, event_id, attachment_id)
SETTINGS {{ tables }};
