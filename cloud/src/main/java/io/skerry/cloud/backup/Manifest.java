package io.skerry.cloud.backup;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import java.util.List;

/**
 * What a backup has in it, {@code manifest.json}. Written last.
 *
 * @param format {@link #FORMAT} of the backup's form
 * @param takenAt milliseconds since 1970: what was changed later isn't in it
 * @param schema the newest migration of the tables: {@code "7"}
 * @param tables in {@code tables/<name>.rows}, a row a line
 * @param files beside the database: keys, and authorities of registries
 * @param blobs the images' content, in {@code content/blobs/<2 hex>/<hex>}
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Manifest(
        int format, long takenAt, String schema, List<TableRows> tables, List<KeptFile> files, List<Blob> blobs) {
    public static final int FORMAT = 1;

    public Manifest {
        Required.field(tables, "tables");
        Required.field(files, "files");
        Required.field(blobs, "blobs");
        form(schema, "[0-9]{1,9}", "schema");
        tables = List.copyOf(tables);
        files = List.copyOf(files);
        blobs = List.copyOf(blobs);
    }

    /**
     * A table's rows.
     *
     * @param columns in the order of a row's values
     * @param digest of the file
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record TableRows(String name, List<String> columns, long rows, Digest digest) {
        public TableRows {
            form(name, "[a-z][a-z0-9_]{0,62}", "name");
            Required.field(columns, "columns");
            Required.field(digest, "digest");
            columns = List.copyOf(columns);
        }
    }

    /**
     * A file of the data folder.
     *
     * @param path in the data folder, and in the backup
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record KeptFile(String path, Digest digest) {
        private static final String FORM = "(keys|registry-ca)(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}){1,8}";

        public KeptFile {
            // No part may begin with a dot, so none leads out of the folder.
            form(path, FORM, "path");
            Required.field(digest, "digest");
        }

        /** Whether a file of this path can be in a backup. */
        static boolean fits(String path) {
            return path.matches(FORM);
        }
    }

    /** An image's blob. */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Blob(Digest digest, long size) {
        public Blob {
            Required.field(digest, "digest");
        }
    }

    /** How many rows all tables have. */
    public long rows() {
        return tables.stream().mapToLong(TableRows::rows).sum();
    }

    /** How many bytes all blobs have. */
    public long blobBytes() {
        return blobs.stream().mapToLong(Blob::size).sum();
    }

    private static void form(String value, String pattern, String field) {
        Required.field(value, field);
        if (!value.matches(pattern)) {
            throw new IllegalArgumentException("'" + field + "' has another form than it must have");
        }
    }
}
