package io.skerry.lab.vm;

import io.skerry.lab.Folders;
import io.skerry.lab.SampleImage;
import io.skerry.lab.host.HostTools;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What an unpacked layer holds, in one digest: each entry's kind, permissions, owner, size, link and content. Two unpackings of
 * one archive by different programs have the same.
 *
 * @param diffId the digest of the archive that was unpacked
 * @param print as {@link #SCRIPT} prints it
 */
public record LayerPrint(Digest diffId, String print) {
    /** Prints that of the folder in which it is run. */
    static final String SCRIPT = "(find . -mindepth 1 ! -type d -printf '%y %m %U:%G %s %l %p\\n';"
            + " find . -mindepth 1 -type d -printf 'd %m %U:%G %p\\n';"
            + " find . -type f -exec sha256sum '{}' +) | LC_ALL=C sort | sha256sum | cut -d' ' -f1";

    /** That of a sample image's one layer, unpacked by {@code tar}; needs root, since owners count. */
    public static LayerPrint of(SampleImage image, Architecture architecture) {
        HostTools tools = new HostTools();
        try {
            Path folder = Files.createTempDirectory("skerry-layer");
            try {
                image.writeLayout(folder, architecture);
                Path layer;
                try (Stream<Path> blobs = Files.list(folder.resolve("blobs/sha256"))) {
                    layer = blobs.max(java.util.Comparator.comparingLong(
                                    p -> p.toFile().length()))
                            .orElseThrow();
                }
                Path tar = folder.resolve("layer.tar");
                tools.run("sh", "-c", "gzip -dc \"$1\" >\"$2\"", "sh", layer.toString(), tar.toString());
                Path tree = Files.createDirectory(folder.resolve("tree"));
                tools.run("tar", "-xpf", tar.toString(), "-C", tree.toString());
                String print = tools.run("sh", "-c", "cd \"$1\" && " + SCRIPT, "sh", tree.toString());
                return new LayerPrint(Digest.of(Files.readAllBytes(tar)), print.strip());
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
