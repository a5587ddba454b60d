package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.status.Capabilities;

/**
 * The body of {@code POST /device/v1/enrol}, over TLS without a client certificate.
 *
 * @param claimToken the secret part of a claim token; never logged
 * @param csr a PKCS#10 request, PEM, for a P-256 key that was made on the device
 * @param name what the device calls itself; the cloud makes it unique within the customer
 * @param capabilities what the device can do
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record EnrolRequest(String claimToken, String csr, String name, Capabilities capabilities) {
    public EnrolRequest {
        Required.field(claimToken, "claim_token");
        Required.field(csr, "csr");
        Required.field(name, "name");
        Required.field(capabilities, "capabilities");
    }

    @Override
    public String toString() {
        return "EnrolRequest[name=" + name + "]";
    }
}
