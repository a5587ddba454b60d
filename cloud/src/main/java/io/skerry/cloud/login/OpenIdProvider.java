package io.skerry.cloud.login;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import io.skerry.cloud.egress.Calls;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the provider and back: authorization code with PKCE. It is asked only when somebody logs in, and by so many at once only that
 * it, or its absence, takes nothing from anybody else.
 */
final class OpenIdProvider {
    private static final Logger LOG = LoggerFactory.getLogger(OpenIdProvider.class);

    static final int MOST_AT_ONCE = 16;

    private final ProviderSettings settings;
    private final ProviderCalls calls;
    private final Discovery discovery;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    OpenIdProvider(ProviderSettings settings, Calls calls, InstantSource time) {
        this.settings = settings;
        this.calls = new ProviderCalls(calls, settings);
        this.discovery = new Discovery(settings, this.calls, time);
    }

    /**
     * Where the browser is sent to log in.
     *
     * @param redirect where the provider sends it after that
     * @throws ProblemException {@code login.provider-…}, {@code login.busy}
     */
    URI begin(Pending pending, URI redirect) {
        return oneOfFew(() -> new AuthenticationRequest.Builder(
                        ResponseType.CODE, Scope.parse(settings.scopes()), new ClientID(settings.clientId()), redirect)
                .endpointURI(discovery.known().metadata().getAuthorizationEndpointURI())
                .state(new State(pending.state()))
                .nonce(new Nonce(pending.nonce()))
                .codeChallenge(new CodeVerifier(pending.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI());
    }

    /**
     * Who came back.
     *
     * @param code that the provider gave the browser
     * @param issuer by which the provider says that it was it (RFC 9207), where it does
     * @param redirect as at the beginning
     * @throws ProblemException {@code login.provider-…}, {@code login.issuer}, {@code login.busy}
     */
    Person finish(
            String code,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> issuer,
            Pending pending,
            URI redirect) {
        return oneOfFew(() -> {
            Discovery.Known known = discovery.known();
            checkIssuer(issuer, known);
            OIDCTokens tokens = tokens(code, pending, redirect, known);
            List<Map<String, Object>> sources = new ArrayList<>();
            sources.add(known.tokens().claims(tokens.getIDToken(), pending.nonce()));
            if (!sources.getFirst().containsKey("email") || !sources.getFirst().containsKey(settings.groupsClaim())) {
                userInfo(tokens, known, String.valueOf(sources.getFirst().get("sub")))
                        .ifPresent(sources::add);
            }
            return Person.of(sources, settings.groupsClaim(), settings.emailTrusted());
        });
    }

    /** @throws ProblemException {@code login.issuer} when the answer that the browser brought is another provider's */
    void checkIssuer(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> issuer) {
        checkIssuer(issuer, oneOfFew(discovery::known));
    }

    private void checkIssuer(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> issuer, Discovery.Known known) {
        boolean silent = issuer.isEmpty() && known.metadata().supportsAuthorizationResponseIssuerParam();
        if (silent || issuer.filter(i -> !i.equals(settings.issuer())).isPresent()) {
            throw ProviderProblems.mixedUp();
        }
    }

    private OIDCTokens tokens(String code, Pending pending, URI redirect, Discovery.Known known) {
        var grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, new CodeVerifier(pending.verifier()));
        URI endpoint = known.metadata().getTokenEndpointURI();
        Optional<ClientAuthentication> authentication = authentication(known);
        TokenRequest request = authentication
                .map(a -> new TokenRequest.Builder(endpoint, a, grant))
                .orElseGet(() -> new TokenRequest.Builder(endpoint, new ClientID(settings.clientId()), grant))
                .build();
        try {
            TokenResponse response =
                    OIDCTokenResponseParser.parse(request.toHTTPRequest().send(calls));
            if (response instanceof OIDCTokenResponse good
                    && good.getOIDCTokens().getIDToken() != null) {
                return good.getOIDCTokens();
            }
            throw ProviderProblems.unusable(response.indicatesSuccess() ? "it gives no ID token" : refusal(response));
        } catch (IOException e) {
            throw unavailable(e);
        } catch (GeneralException e) {
            // Without its words, which may quote what came.
            throw ProviderProblems.unusable("it isn't what a token endpoint answers");
        }
    }

    private static String refusal(TokenResponse response) {
        @Nullable String code = response.toErrorResponse().getErrorObject().getCode();
        return "it doesn't take the code" + (code != null && code.matches("[a-z_]{1,40}") ? " (" + code + ")" : "");
    }

    private Optional<ClientAuthentication> authentication(Discovery.Known known) {
        @Nullable List<ClientAuthenticationMethod> offered = known.metadata().getTokenEndpointAuthMethods();
        boolean posted = offered != null
                && !offered.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && offered.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        var client = new ClientID(settings.clientId());
        return settings.clientSecret()
                .map(Secret::new)
                .map(s -> posted ? new ClientSecretPost(client, s) : new ClientSecretBasic(client, s));
    }

    /** Many providers say of whom the token is and no more, and the rest there. */
    private Optional<Map<String, Object>> userInfo(OIDCTokens tokens, Discovery.Known known, String subject) {
        @Nullable URI endpoint = known.metadata().getUserInfoEndpointURI();
        @Nullable BearerAccessToken token = tokens.getBearerAccessToken();
        if (endpoint == null || token == null) {
            return Optional.empty();
        }
        try {
            UserInfoResponse response = UserInfoResponse.parse(
                    new UserInfoRequest(endpoint, token).toHTTPRequest().send(calls));
            if (!response.indicatesSuccess() || response.toSuccessResponse().getUserInfo() == null) {
                throw ProviderProblems.unusable("it tells nothing of you");
            }
            Map<String, Object> claims =
                    response.toSuccessResponse().getUserInfo().toJSONObject();
            if (!subject.equals(claims.get("sub"))) {
                throw ProviderProblems.unusable("it tells of somebody else");
            }
            return Optional.of(claims);
        } catch (IOException e) {
            throw unavailable(e);
        } catch (GeneralException e) {
            throw ProviderProblems.unusable("it isn't what a user info endpoint answers");
        }
    }

    private ProblemException unavailable(IOException e) {
        LOG.warn("The OpenID provider {} doesn't answer: {}", settings.issuer(), e.toString());
        return ProviderProblems.unavailable(e);
    }

    private <T> T oneOfFew(Supplier<T> work) {
        if (!places.tryAcquire()) {
            throw LoginCodes.busy();
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
