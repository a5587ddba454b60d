package io.skerry.cloud.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Forged, borrowed and stale ID tokens. */
class IdTokensTest {
    private static final String ISSUER = "https://login.example";
    private static final String NONCE = "the-nonce";

    private static RSAKey rsa;
    private static ECKey ec;
    private static IdTokens tokens;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("r").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
        tokens = new IdTokens(
                new Issuer(ISSUER),
                new ClientID("skerry"),
                IdTokens.ALGORITHMS,
                new ImmutableJWKSet<>(new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK()))));
    }

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("skerry")
                .subject("ada")
                .issueTime(ago(Duration.ZERO))
                .expirationTime(ago(Duration.ofMinutes(-5)))
                .claim("nonce", NONCE)
                .claim("email", "ada@example.org");
    }

    private static Date ago(Duration duration) {
        return Date.from(Instant.now().minus(duration));
    }

    private static JWT signed(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer, String keyId)
            throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
        token.sign(signer);
        return token;
    }

    private static JWT signed(JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(claims.build(), JWSAlgorithm.RS256, new RSASSASigner(rsa), "r");
    }

    private static void refuses(JWT token) {
        assertThatThrownBy(() -> tokens.claims(token, NONCE)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("login.provider-answer");
            assertThat(e.problem().sentence()).contains("ID token isn't good").doesNotContain("ada");
        });
    }

    @Test
    void aTokenThatIsSignedByTheProviderIsRead() throws JOSEException {
        assertThat(tokens.claims(signed(good()), NONCE)).containsEntry("email", "ada@example.org");
        assertThat(tokens.claims(signed(good().build(), JWSAlgorithm.ES256, new ECDSASigner(ec), "e"), NONCE))
                .containsEntry("sub", "ada");
    }

    @Test
    void aTokenThatNobodySignedIsRefused() {
        refuses(new PlainJWT(good().build()));
    }

    @Test
    void aTokenThatIsSignedWithWhatEverybodyKnowsIsRefused() throws JOSEException {
        byte[] publicKey = rsa.toPublicJWK().toRSAPublicKey().getEncoded();
        refuses(signed(good().build(), JWSAlgorithm.HS256, new MACSigner(publicKey), "r"));
    }

    @Test
    void aTokenOfAnotherKeyIsRefusedUnderEitherName() throws JOSEException {
        RSAKey other = new RSAKeyGenerator(2048).keyID("r").generate();
        refuses(signed(good().build(), JWSAlgorithm.RS256, new RSASSASigner(other), "r"));
        refuses(signed(good().build(), JWSAlgorithm.RS256, new RSASSASigner(other), "unknown"));
    }

    @Test
    void aTokenThatWasChangedIsRefused() throws Exception {
        String[] parts = signed(good()).serialize().split("\\.", -1);
        String claims = signed(good().subject("mallory")).serialize().split("\\.", -1)[1];
        refuses(SignedJWT.parse(parts[0] + "." + claims + "." + parts[2]));
    }

    @Test
    void aTokenForSomebodyElseOrOfAnotherLoginIsRefused() throws JOSEException {
        refuses(signed(good().issuer("https://login.example.evil")));
        refuses(signed(good().audience("another-client")));
        refuses(signed(good().audience(List.of("skerry", "another-client")).claim("azp", "another-client")));
        refuses(signed(good().audience(List.of("skerry", "another-client"))));
        refuses(signed(good().claim("azp", "another-client")));
        refuses(signed(good().claim("nonce", "another")));
        refuses(signed(good().claim("nonce", null)));
        refuses(signed(good().subject(null)));
    }

    @Test
    void clocksMayDifferByAMinuteAndNoMore() throws JOSEException {
        assertThat(tokens.claims(signed(good().expirationTime(ago(Duration.ofSeconds(30)))), NONCE))
                .isNotEmpty();
        refuses(signed(good().expirationTime(ago(Duration.ofSeconds(90)))));
        assertThat(tokens.claims(signed(good().issueTime(ago(Duration.ofSeconds(-30)))), NONCE))
                .isNotEmpty();
        refuses(signed(good().issueTime(ago(Duration.ofSeconds(-90)))));
    }

    @Test
    void anAlgorithmThatTheProviderDoesntOfferIsRefused() throws JOSEException {
        var strict = new IdTokens(
                new Issuer(ISSUER),
                new ClientID("skerry"),
                Set.of(JWSAlgorithm.ES256),
                new ImmutableJWKSet<>(new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK()))));
        JWT token = signed(good());

        assertThatThrownBy(() -> strict.claims(token, NONCE)).isInstanceOf(ProblemException.class);
    }
}
