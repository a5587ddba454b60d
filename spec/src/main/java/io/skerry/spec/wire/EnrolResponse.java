package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * The answer to {@link EnrolRequest}.
 *
 * @param customer the customer that the device now belongs to
 * @param node the device's id from now on
 * @param name the device's name from now on
 * @param certificate the device's certificate and those between it and the authority, PEM
 * @param authority the certificate authority's certificate, PEM, for checking the cloud from now on
 * @param root the customer's root, to be pinned: the base64 DER form of its public key
 */
@Json
public record EnrolResponse(
        String customer, String node, String name, String certificate, String authority, String root) {
    public EnrolResponse {
        Required.field(customer, "customer");
        Required.field(node, "node");
        Required.field(name, "name");
        Required.field(certificate, "certificate");
        Required.field(authority, "authority");
        Required.field(root, "root");
    }
}
