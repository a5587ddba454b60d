package io.skerry.cloud.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.AuthorizedParty;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks ID tokens, by the library but for one point: signed by one of the provider's keys and with one of its algorithms, from this issuer, for this client, of this very
 * login, and good now, by clocks that may differ by a minute.
 */
final class IdTokens {
    private static final Logger LOG = LoggerFactory.getLogger(IdTokens.class);

    /** Those with which a provider signs by a key that nobody else has: no "none", and no HS whose key the client knows too. */
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    static final Duration SKEW = Duration.ofMinutes(1);

    private final IDTokenValidator validator;
    private final String client;

    IdTokens(Issuer issuer, ClientID client, Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> keys) {
        this.client = client.getValue();
        validator = new IDTokenValidator(issuer, client, new JWSVerificationKeySelector<>(algorithms, keys), null);
        validator.setMaxClockSkew(Math.toIntExact(SKEW.toSeconds()));
    }

    /**
     * What a good token says.
     *
     * @throws ProblemException {@code login.provider-answer} for any other one, {@code login.provider-unavailable} when the provider's
     *     keys can't be had
     */
    Map<String, Object> claims(JWT token, String nonce) {
        try {
            IDTokenClaimsSet claims = validator.validate(token, new Nonce(nonce));
            checkParty(claims);
            return Map.copyOf(claims.toJSONObject());
        } catch (KeySourceException e) {
            throw ProviderProblems.unavailable(e);
        } catch (BadJOSEException | JOSEException e) {
            // Its words are of single claims, never the token.
            LOG.warn("An ID token was refused: {}", e.getMessage());
            throw ProviderProblems.unusable("its ID token isn't good");
        }
    }

    /** The library passes over for whom a token was made among several; OpenID Connect Core, 3.1.3.7, points 4 and 5. */
    private void checkParty(IDTokenClaimsSet claims) throws BadJOSEException {
        @Nullable AuthorizedParty party = claims.getAuthorizedParty();
        boolean several = claims.getAudience().size() > 1;
        if (party == null ? several : !party.getValue().equals(client)) {
            throw new BadJOSEException("the authorized party is another one");
        }
    }
}
