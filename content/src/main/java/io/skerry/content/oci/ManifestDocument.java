package io.skerry.content.oci;

import io.skerry.content.json.JsonTree;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;

/** What manifests and indexes have in common: size, schema version, media type. */
final class ManifestDocument {
    private ManifestDocument() {}

    /** The JSON of a document, if it is of the kind that its media type says. */
    static JsonTree read(byte[] bytes, String mediaType, String what) {
        if (MediaTypes.isSchema1(mediaType)) {
            throw schema1();
        }
        if (bytes.length > Manifest.MOST_BYTES) {
            throw new Problem(
                            "manifest.malformed",
                            what + " can't be read: it has more than " + Manifest.MOST_BYTES + " bytes.")
                    .asException();
        }
        JsonTree tree = JsonTree.parse(bytes, "manifest.malformed", what);
        long version = tree.required("schemaVersion").asWholeNumber();
        if (version == 1) {
            throw schema1();
        }
        if (version != 2) {
            throw unsupported(what + " is of schema version " + version + ".", "Skerry reads version 2.");
        }
        // The OCI specification lets a registry's word stand when the document has none; when both speak they must
        // agree,
        // else one client would take as an index what another takes as an image.
        String own = tree.text("mediaType");
        if (!own.isEmpty() && !own.equals(mediaType)) {
            throw tree.wrong("it calls itself '" + Text.shortened(own, 80) + "', the registry calls it '"
                    + Text.shortened(mediaType, 80) + "'");
        }
        return tree;
    }

    static ProblemException unsupported(String message, String remedy) {
        return new Problem("manifest.unsupported", message, remedy).asException();
    }

    private static ProblemException schema1() {
        return unsupported(
                "The image has a manifest of schema 1, which Docker gave up in 2019 because its content has no digests.",
                "Push the image again with a current docker, podman, buildah or skopeo.");
    }
}
