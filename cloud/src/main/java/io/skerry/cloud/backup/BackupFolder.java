package io.skerry.cloud.backup;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.AllRows;
import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A backup that was made, as its manifest describes it. */
public final class BackupFolder implements AllRows {
    static final String MANIFEST = "manifest.json";
    static final JsonType<Manifest> MANIFEST_JSON = Wire.strict(Manifest.class);
    private static final JsonType<Form> FORM = Wire.lenient(Form.class);
    private static final int MOST_MANIFEST_BYTES = 256 * 1024 * 1024;

    private final Path root;
    private final Manifest manifest;

    private BackupFolder(Path root, Manifest manifest) {
        this.root = root;
        this.manifest = manifest;
    }

    /**
     * Of which form a backup is.
     *
     * @param format see {@link Manifest}
     */
    @Json
    public record Form(int format) {}

    /**
     * Opens a backup; what is in it isn't looked at yet.
     *
     * @throws ProblemException {@code backup.missing}, {@code backup.newer-version}, {@code backup.damaged}
     */
    public static BackupFolder open(Path root) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(root.resolve(MANIFEST))) {
            bytes = in.readNBytes(MOST_MANIFEST_BYTES);
        } catch (NoSuchFileException e) {
            throw new Problem(
                            "backup.missing",
                            "There is no backup at " + root + ": it has no " + MANIFEST + ".",
                            "Name the folder that 'skerry cloud backup' made; one whose name ends in .part was cut off.")
                    .asException(e);
        } catch (IOException e) {
            throw DurableFiles.failed("read", root.resolve(MANIFEST), e);
        }
        try {
            int format = Wire.read(FORM, bytes, "It").format();
            if (format > Manifest.FORMAT) {
                throw new Problem(
                                "backup.newer-version",
                                "The backup at " + root + " has the form " + format + "; this version of Skerry knows "
                                        + Manifest.FORMAT + ".",
                                "Use the version of Skerry that made it, or a later one.")
                        .asException();
            }
            return new BackupFolder(root, Wire.read(MANIFEST_JSON, bytes, "It"));
        } catch (ProblemException e) {
            if (e.code().equals("json.malformed")) {
                throw damaged(MANIFEST, Text.shortened(e.problem().message(), 200))
                        .asException(e);
            }
            throw e;
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /**
     * Reads all of it and compares it with the manifest.
     *
     * @throws ProblemException {@code backup.damaged}, naming the file
     */
    public void verify() {
        for (Manifest.TableRows table : manifest.tables()) {
            requireDigest(tableFile(table.name()), table.digest());
        }
        for (Manifest.KeptFile file : manifest.files()) {
            requireDigest(root.resolve(file.path()), file.digest());
        }
        ContentStore content = content();
        for (Manifest.Blob blob : manifest.blobs()) {
            requireDigest(content.path(blob.digest()), blob.digest());
        }
    }

    private void requireDigest(Path file, Digest expected) {
        String name = root.relativize(file).toString();
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest hash = Digest.sha256();
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
            if (!Digest.of(hash).equals(expected)) {
                throw damaged(name, "it isn't what was written").asException();
            }
        } catch (NoSuchFileException e) {
            throw damaged(name, "it is missing").asException(e);
        } catch (IOException e) {
            throw damaged(name, "it can't be read (" + Text.shortened(String.valueOf(e.getMessage()), 100) + ")")
                    .asException(e);
        }
    }

    private Problem damaged(Path file, String how) {
        return damaged(root.relativize(file).toString(), how);
    }

    private static Problem damaged(String file, String how) {
        return new Problem(
                "backup.damaged", "The backup's file " + file + " is damaged: " + how + ".", "Use another backup.");
    }

    ContentStore content() {
        return ContentStore.open(root.resolve("content"));
    }

    byte[] file(Manifest.KeptFile file) {
        Path path = root.resolve(file.path());
        try {
            byte[] bytes = Files.readAllBytes(path);
            if (!Digest.of(bytes).equals(file.digest())) {
                throw damaged(path, "it isn't what was written").asException();
            }
            return bytes;
        } catch (IOException e) {
            throw DurableFiles.failed("read", path, e);
        }
    }

    private Path tableFile(String table) {
        return tableFile(root, table);
    }

    static Path tableFile(Path root, String table) {
        return root.resolve("tables").resolve(table + ".rows");
    }

    @Override
    public String schema() {
        return manifest.schema();
    }

    @Override
    public Map<String, List<String>> columns() {
        var columns = new LinkedHashMap<String, List<String>>();
        manifest.tables().forEach(t -> columns.put(t.name(), t.columns()));
        return columns;
    }

    @Override
    public void rows(String table, Consumer<String> line) {
        Path file = tableFile(table);
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String next = in.readLine(); next != null; next = in.readLine()) {
                line.accept(next);
            }
        } catch (CharacterCodingException e) {
            throw damaged(file, "it isn't UTF-8").asException(e);
        } catch (IOException e) {
            throw DurableFiles.failed("read", file, e);
        }
    }
}
