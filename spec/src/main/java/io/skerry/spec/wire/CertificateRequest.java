package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * The body of {@code POST /device/v1/certificate}, authenticated by the certificate that is to be renewed. The answer is a
 * {@link CertificateResponse}.
 *
 * @param csr a PKCS#10 request, PEM, by the same key
 */
@Json
public record CertificateRequest(String csr) {
    public CertificateRequest {
        Required.field(csr, "csr");
    }
}
