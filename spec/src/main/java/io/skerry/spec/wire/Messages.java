package io.skerry.spec.wire;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;

/** The JSON of this package's messages. Errors are a {@link Problem} as the body. */
public final class Messages {
    public static final JsonType<Problem> PROBLEM = Wire.lenient(Problem.class);
    public static final JsonType<EnrolRequest> ENROL_REQUEST = Wire.lenient(EnrolRequest.class);
    public static final JsonType<EnrolResponse> ENROL_RESPONSE = Wire.lenient(EnrolResponse.class);
    public static final JsonType<CertificateRequest> CERTIFICATE_REQUEST = Wire.lenient(CertificateRequest.class);
    public static final JsonType<CertificateResponse> CERTIFICATE_RESPONSE = Wire.lenient(CertificateResponse.class);
    public static final JsonType<Envelope> ENVELOPE = Wire.lenient(Envelope.class);
    public static final JsonType<SignedDesiredState> SIGNED_DESIRED_STATE = Wire.lenient(SignedDesiredState.class);
    public static final JsonType<KeyCertificate> KEY_CERTIFICATE = Wire.strict(KeyCertificate.class);

    private Messages() {}
}
