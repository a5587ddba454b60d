package io.skerry.device.identity;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.CertificateRequest;
import io.skerry.spec.wire.CertificateResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Renews the device's certificate when two thirds of its life are over, on a thread of its own. Also an expired one: the
 * cloud takes it for this purpose within its own limit.
 */
public final class CertificateRenewal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CertificateRenewal.class.getName());

    /** What time it is may become known at any moment, so the certificate is looked at this often whatever it says. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private static final Duration LONGEST_BACK_OFF = Duration.ofHours(1);
    /** A clock that is far ahead must not make a renewal of every look. */
    private static final Duration REST = Duration.ofDays(1);

    private final DeviceIdentity identity;
    private final CloudTls tls;
    private final InstantSource time;
    private final Function<CertificateRequest, CertificateResponse> cloud;
    private final BackOff backOff;
    private final Thread thread = Thread.ofVirtual().name("renewal").unstarted(this::run);
    private volatile @Nullable Problem problem;

    /** @param cloud asks the cloud; throws a {@link ProblemException} */
    public CertificateRenewal(
            DeviceIdentity identity,
            CloudTls tls,
            InstantSource time,
            Function<CertificateRequest, CertificateResponse> cloud,
            RandomGenerator random) {
        this.identity = identity;
        this.tls = tls;
        this.time = time;
        this.cloud = cloud;
        this.backOff = new BackOff(LOOK, LONGEST_BACK_OFF, random);
    }

    public void start() {
        thread.start();
    }

    /** Why the certificate, which is due, isn't renewed. */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** When a certificate is to be renewed: after two thirds of its life. */
    static Instant due(X509Certificate certificate) {
        Instant begin = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(begin, certificate.getNotAfter().toInstant());
        // In milliseconds, for Duration's own arithmetic starts BigDecimal, which costs a boot 20 ms.
        return begin.plusMillis(life.toMillis() / 3 * 2);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(look());
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "renewal ends", e);
        }
    }

    /** Renews if that is due, and says when to look again. */
    Duration look() {
        if (time.instant().isBefore(due(identity.tls().chain().getFirst()))) {
            return LOOK;
        }
        try {
            identity.renew(cloud.apply(new CertificateRequest(identity.signingRequest()))
                    .certificate());
            tls.show(identity);
            problem = null;
            backOff.reset();
            LOG.log(System.Logger.Level.INFO, "the device's certificate was renewed");
            return REST;
        } catch (ProblemException e) {
            return failed(e.problem(), e);
        } catch (RuntimeException e) {
            // A device that stopped trying would be lost when its certificate ends.
            return failed(new Problem("device.internal", "The renewal failed unexpectedly: " + e + "."), e);
        }
    }

    private Duration failed(Problem why, RuntimeException cause) {
        LOG.log(System.Logger.Level.WARNING, "the certificate can't be renewed: " + why.sentence(), cause);
        problem = new Problem(
                "certificate.not-renewed",
                "The device's certificate is due and can't be renewed: " + why.message(),
                why.remedy());
        return backOff.next();
    }
}
