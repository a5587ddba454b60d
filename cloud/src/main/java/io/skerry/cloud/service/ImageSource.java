package io.skerry.cloud.service;

import io.skerry.content.oci.ImageReference;
import io.skerry.content.registry.Credentials;
import io.skerry.spec.Architecture;
import java.util.Optional;

/**
 * Where an import takes the image of one architecture from.
 *
 * @param field where it stands in the input, for messages
 * @param architecture for which devices
 * @param written the reference as the importer wrote it
 * @param reference the same, read
 * @param credentials for the registry; held in memory only
 */
record ImageSource(
        String field,
        Architecture architecture,
        String written,
        ImageReference reference,
        Optional<Credentials> credentials) {}
