package io.skerry.lab.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * A program as it is shipped: {@code bin/skerry-<name>}, {@code program.conf}, {@code classpath} (the jars' names in their
 * order) and {@code lib/}.
 *
 * @param name for example {@code device}
 * @param jars what it is made of, ordered by file name
 */
record ProgramFolder(String name, List<Path> jars) {
    ProgramFolder {
        jars = jars.stream()
                .sorted(Comparator.comparing(j -> j.getFileName().toString()))
                .toList();
    }

    /** The SHA-256 of all jars in their order, as hex. The start script computes the same. */
    String hash() throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[128 * 1024];
            for (Path jar : jars) {
                try (InputStream in = Files.newInputStream(jar)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        sha256.update(buffer, 0, n);
                    }
                }
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Writes it.
     *
     * @param sources the folder with the start script and the programs' settings
     * @param target a folder that is not there yet
     */
    void write(Path sources, Path target) throws IOException {
        Path lib = Files.createDirectories(target.resolve("lib"));
        StringBuilder classpath = new StringBuilder();
        for (Path jar : jars) {
            Files.copy(jar, lib.resolve(jar.getFileName()));
            classpath.append(jar.getFileName()).append('\n');
        }
        Files.writeString(target.resolve("classpath"), classpath, StandardCharsets.UTF_8);
        Files.copy(sources.resolve(name + ".conf"), target.resolve("program.conf"));
        Path start = Files.createDirectories(target.resolve("bin")).resolve("skerry-" + name);
        Files.copy(sources.resolve("start"), start);
        Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
