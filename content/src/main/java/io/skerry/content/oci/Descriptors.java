package io.skerry.content.oci;

import io.skerry.content.json.JsonTree;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;

/** Reads descriptors within manifests and indexes. */
final class Descriptors {
    private Descriptors() {}

    static Descriptor parse(JsonTree tree) {
        Digest digest;
        try {
            digest = new Digest(tree.required("digest").asText());
        } catch (ProblemException e) {
            if (!e.code().startsWith("digest.")) {
                throw e;
            }
            throw tree.wrong("'" + tree.where() + ".digest' is not a SHA-256 digest");
        }
        long size = tree.required("size").asWholeNumber();
        if (size < 0) {
            throw tree.wrong("'" + tree.where() + ".size' is negative");
        }
        String mediaType = tree.required("mediaType").asText();
        Descriptor descriptor = new Descriptor(mediaType, digest, size);
        return tree.field("platform")
                .map(p -> descriptor.on(new Platform(p.text("os"), p.text("architecture"), p.text("variant"))))
                .orElse(descriptor);
    }
}
