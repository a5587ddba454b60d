package io.skerry.device.image;

import io.skerry.content.files.DurableFiles;
import io.skerry.content.unpack.TreePrint;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What says that a layer is wholly unpacked: one line of its diff id, its print and, once it was found to be otherwise, {@code
 * damaged}. A damaged layer goes on to be run from until it is fetched again: perhaps nothing needs what is spoilt of it.
 *
 * @param print the {@link TreePrint} of the folder when it was unpacked; nothing when it was before there were prints
 */
record LayerMark(Digest diffId, Optional<String> print, boolean damaged) {
    private static final System.Logger LOG = System.getLogger(LayerMark.class.getName());
    private static final String DAMAGED = " damaged";
    private static final Pattern FORM = Pattern.compile("(sha256:[0-9a-f]{64})(?: ([0-9a-f]{16})(" + DAMAGED + ")?)?");

    /** What this file says; nothing when it says nothing of use, so that the layer is fetched again. */
    static Optional<LayerMark> read(Path file) {
        try {
            return parsed(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (ClosedByInterruptException e) {
            throw DurableFiles.failed("read", file, e);
        } catch (IOException e) {
            // One bad place on the disk mustn't keep all images from being looked at.
            LOG.log(System.Logger.Level.WARNING, "the mark " + file + " counts as if it were not there", e);
            return Optional.empty();
        }
    }

    private static Optional<LayerMark> parsed(String line) {
        Matcher form = FORM.matcher(line);
        return form.matches()
                ? Optional.of(new LayerMark(
                        new Digest(form.group(1)), Optional.ofNullable(form.group(2)), form.group(3) != null))
                : Optional.empty();
    }

    /** @throws ProblemException {@code disk.…} */
    void write(Path file) {
        String line = diffId.value() + print.map(p -> " " + p).orElse("") + (damaged ? DAMAGED : "");
        DurableFiles.write(file, line.getBytes(StandardCharsets.US_ASCII), 0600);
    }

    LayerMark asDamaged() {
        return new LayerMark(diffId, print, true);
    }
}
