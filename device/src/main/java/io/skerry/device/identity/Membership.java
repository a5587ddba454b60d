package io.skerry.device.identity;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;

/**
 * Who the device is, learned at enrolment.
 *
 * @param customer to whom it belongs
 * @param node its id
 * @param name its name
 * @param root the customer's root, pinned: the base64 DER form of its public key
 * @param cloud the cloud's address at enrolment
 */
@Json
public record Membership(String customer, String node, String name, String root, String cloud) {
    static final JsonType<Membership> JSON = Wire.lenient(Membership.class);

    public Membership {
        Required.field(customer, "customer");
        Required.field(node, "node");
        Required.field(name, "name");
        Required.field(root, "root");
        Required.field(cloud, "cloud");
    }
}
