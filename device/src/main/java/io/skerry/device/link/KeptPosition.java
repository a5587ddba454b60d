package io.skerry.device.link;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Head;
import io.skerry.spec.desired.Position;

/**
 * {@code position.json}: how new the newest desired state was that was to be followed; nothing older counts any more.
 *
 * @param customer of that desired state
 * @param node of that desired state
 * @param position of that desired state
 * @param digest of its payload, so that it may come again
 */
@Json
public record KeptPosition(String customer, String node, Position position, String digest) {
    static final JsonType<KeptPosition> JSON = Wire.lenient(KeptPosition.class);

    public KeptPosition {
        Required.field(customer, "customer");
        Required.field(node, "node");
        Required.field(position, "position");
        Required.field(digest, "digest");
    }

    static KeptPosition of(Accepted accepted) {
        Head head = accepted.state().head();
        return new KeptPosition(
                head.customer(), head.node(), head.position(), accepted.digest().value());
    }

    boolean isFor(String customer, String node) {
        return this.customer.equals(customer) && this.node.equals(node);
    }
}
