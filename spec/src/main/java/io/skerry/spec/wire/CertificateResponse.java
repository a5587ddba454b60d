package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * A renewed certificate.
 *
 * @param certificate the device's certificate and those between it and the authority, PEM
 */
@Json
public record CertificateResponse(String certificate) {
    public CertificateResponse {
        Required.field(certificate, "certificate");
    }
}
