package io.skerry.cloud.login;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the provider says of itself, asked for when it is needed and kept for an hour. One asks at a time; while it can't be reached it is
 * asked every few seconds at most, and who comes in between is told so at once.
 */
final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    static final Duration KEPT = Duration.ofHours(1);
    static final Duration REST = Duration.ofSeconds(3);

    /** How soon its keys are asked for again for the sake of one that isn't among them. */
    private static final Duration KEYS_EVERY = Duration.ofSeconds(10);

    private final ProviderSettings settings;
    private final ProviderCalls calls;
    private final InstantSource time;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Known known;
    private volatile @Nullable Failure failure;

    /**
     * The provider as it described itself.
     *
     * @param tokens checks its ID tokens
     */
    record Known(OIDCProviderMetadata metadata, IdTokens tokens, long until) {}

    private record Failure(ProblemException problem, long until) {}

    Discovery(ProviderSettings settings, ProviderCalls calls, InstantSource time) {
        this.settings = settings;
        this.calls = calls;
        this.time = time;
    }

    /** @throws ProblemException {@code login.provider-unavailable}, {@code login.provider-answer}, {@code egress.refused} */
    Known known() {
        Optional<Known> kept = kept();
        return kept.isPresent() ? kept.get() : asked();
    }

    private Optional<Known> kept() {
        return Optional.ofNullable(known).filter(k -> time.millis() < k.until());
    }

    private Known asked() {
        try {
            if (!asking.tryLock(ProviderCalls.TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProviderProblems.unavailable(new IOException("others wait for it already"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProviderProblems.unavailable(e);
        }
        try {
            Optional<Known> kept = kept();
            if (kept.isPresent()) {
                return kept.get();
            }
            Failure last = failure;
            if (last != null && time.millis() < last.until()) {
                throw last.problem().problem().asException();
            }
            return remembered();
        } finally {
            asking.unlock();
        }
    }

    private Known remembered() {
        try {
            Known fresh = fetched();
            known = fresh;
            failure = null;
            return fresh;
        } catch (ProblemException e) {
            LOG.warn("The OpenID provider {} can't be used: {}", settings.issuer(), reason(e));
            failure = new Failure(e, time.millis() + REST.toMillis());
            throw e;
        }
    }

    private static String reason(ProblemException e) {
        return e.getCause() == null ? e.problem().message() : e.getCause().toString();
    }

    private Known fetched() {
        String text;
        try {
            text = calls.fetched(settings.discovery());
        } catch (IOException e) {
            throw ProviderProblems.unavailable(e);
        }
        OIDCProviderMetadata metadata;
        try {
            metadata = OIDCProviderMetadata.parse(text);
        } catch (ParseException e) {
            throw ProviderProblems.unusable("it doesn't describe itself as OpenID Connect Discovery says");
        }
        if (!settings.issuer().equals(metadata.getIssuer().getValue())) {
            throw ProviderProblems.unusable("it calls itself by another issuer than --oidc-issuer");
        }
        for (URI needed :
                List.of(endpoint(metadata.getAuthorizationEndpointURI()), endpoint(metadata.getTokenEndpointURI()))) {
            if (!settings.mayBeAt(needed)) {
                throw ProviderProblems.unusable("it names an address without TLS");
            }
        }
        return new Known(metadata, tokens(metadata), time.millis() + KEPT.toMillis());
    }

    private static URI endpoint(@Nullable URI uri) {
        if (uri == null) {
            throw ProviderProblems.unusable("it names no address for the authorization code flow");
        }
        return uri;
    }

    private IdTokens tokens(OIDCProviderMetadata metadata) {
        Set<JWSAlgorithm> algorithms = new HashSet<>(IdTokens.ALGORITHMS);
        if (metadata.getIDTokenJWSAlgs() != null) {
            algorithms.retainAll(metadata.getIDTokenJWSAlgs());
        }
        if (algorithms.isEmpty()) {
            throw ProviderProblems.unusable("it signs ID tokens with none of the algorithms RS, PS and ES");
        }
        return new IdTokens(
                new Issuer(settings.issuer()), new ClientID(settings.clientId()), algorithms, keys(metadata));
    }

    private JWKSource<SecurityContext> keys(OIDCProviderMetadata metadata) {
        try {
            return JWKSourceBuilder.create(endpoint(metadata.getJWKSetURI()).toURL(), calls)
                    .cache(KEPT.toMillis(), ProviderCalls.TIME_LIMIT.toMillis())
                    .refreshAheadCache(false)
                    .rateLimited(KEYS_EVERY.toMillis())
                    .build();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw ProviderProblems.unusable("the address of its keys isn't one");
        }
    }
}
