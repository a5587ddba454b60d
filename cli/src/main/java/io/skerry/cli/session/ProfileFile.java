package io.skerry.cli.session;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file in which logins are kept; only its owner can read it. Written whole, so that a crash leaves the old or the new. */
final class ProfileFile {
    private static final JsonType<Profiles> JSON = Wire.lenient(Profiles.class);
    private static final long LARGEST = 4 << 20;

    private final Path file;

    ProfileFile(Path settings) {
        this.file = settings.resolve("profiles.json");
    }

    /** @throws ProblemException {@code session.file} when it is there but can't be read */
    Profiles read() {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("it is larger than " + LARGEST + " bytes");
            }
            return Wire.read(JSON, Files.readAllBytes(file), "It");
        } catch (NoSuchFileException e) {
            return Profiles.NONE;
        } catch (IOException e) {
            throw failure("read", e.toString(), e);
        } catch (ProblemException e) {
            throw failure("read", e.problem().message(), e);
        }
    }

    /** @throws ProblemException {@code session.file} */
    void write(Profiles profiles) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(
                    folder,
                    "profiles",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                try (FileChannel channel = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
                    ByteBuffer bytes =
                            ByteBuffer.wrap(JSON.toJsonPretty(profiles).getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw failure("written", e.toString(), e);
        }
    }

    private ProblemException failure(String done, String why, Exception e) {
        return new Problem(
                        "session.file",
                        file + " can't be " + done + ": " + why.replaceFirst("\\.$", "") + ".",
                        "Check the file and its folder, or remove the file and log in again.")
                .asException(e);
    }
}
