package io.skerry.cloud.remote;

import io.skerry.cloud.authority.CertificateAuthority;
import io.skerry.cloud.replica.Replica;
import io.skerry.cloud.replica.Replicas;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.ReloadableKeyManager;
import io.skerry.content.tls.TlsContexts;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.content.tls.TlsKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a device's stream on to the replica at which its operator waits: the device comes to any of them. Which one it is
 * stands before the dot in the stream's id.
 */
public final class StreamHop {
    /** Where replicas bring streams, on the devices' port; followed by a stream's id. */
    public static final String PATH = "/replica/v1/streams/";

    /** Whose device brings the stream. */
    static final String NODE_HEADER = "Skerry-Node";

    private static final Logger LOG = LoggerFactory.getLogger(StreamHop.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration CERTIFICATE = Duration.ofDays(2);

    private static final Pattern FORM = Pattern.compile("[0-9a-f-]{36}\\.[A-Za-z0-9_-]{1,64}");
    private static final int MOST = 500;

    private final Semaphore places = new Semaphore(MOST);
    private final Optional<Replicas> replicas;
    private final CertificateAuthority authority;

    /** @param replicas empty when this process is the only one */
    public StreamHop(Optional<Replicas> replicas, CertificateAuthority authority) {
        this.replicas = replicas;
        this.authority = authority;
    }

    /** An id that says where the stream is. */
    String idOf(String secret) {
        return replicas.map(r -> r.self() + "." + secret).orElse(secret);
    }

    /** Another replica at which the stream may be. */
    Optional<Replica> holder(String streamId) {
        return FORM.matcher(streamId).matches()
                ? replicas.flatMap(r -> r.other(streamId.substring(0, streamId.indexOf('.'))))
                : Optional.empty();
    }

    /**
     * Opens the way there.
     *
     * @return what the device sends to; nothing when nobody waits for it there, or too many are passed on already
     */
    Optional<PassedStream> open(Replica holder, String streamId, String nodeId) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        HttpClient http = client();
        var passed = new PassedStream(http, places::release);
        try {
            http.newWebSocketBuilder()
                    .header(NODE_HEADER, nodeId)
                    .connectTimeout(CONNECT)
                    .buildAsync(URI.create("wss://" + holder.address() + PATH + streamId), passed.further())
                    .join();
            return Optional.of(passed);
        } catch (CompletionException e) {
            LOG.info("The replica at {} doesn't take a stream of node {}.", holder.address(), nodeId, e);
            passed.failed();
            return Optional.empty();
        }
    }

    private HttpClient client() {
        KeyPair pair = TlsKeys.generate();
        var identity = new TlsIdentity(
                pair.getPrivate(), List.of(authority.replica(pair.getPublic(), CERTIFICATE), authority.certificate()));
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsContexts.mutual(
                        new ReloadableKeyManager(identity), PinnedAuthority.of(authority.certificate())))
                .build();
    }
}
