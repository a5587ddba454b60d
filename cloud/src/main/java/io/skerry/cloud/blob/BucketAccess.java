package io.skerry.cloud.blob;

import io.skerry.content.tls.Pem;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** How a bucket is reached: by which server, as whom, and for how long it is waited. */
final class BucketAccess {
    /** All tries of a call without content. The collector counts on it: see {@code Leftovers}. */
    static final Duration CALL = Duration.ofSeconds(20);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Between two packets. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private BucketAccess() {}

    static S3Client client(BucketAddress address, AwsCredentialsProvider credentials, Duration call) {
        var http = UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE);
        address.authorityFile()
                .map(BucketAccess::trusting)
                .ifPresent(trust -> http.tlsTrustManagersProvider(trust::getTrustManagers));
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(http)
                .credentialsProvider(credentials)
                .region(region(address))
                .forcePathStyle(address.pathStyle())
                // Many servers refuse the checksums that are newer than Content-MD5.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(c -> c.apiCallTimeout(call)
                        // So that a second try has time.
                        .apiCallAttemptTimeout(call.dividedBy(2))
                        .retryStrategy(RetryMode.STANDARD));
        address.endpoint().ifPresent(client::endpointOverride);
        return client.build();
    }

    private static Region region(BucketAddress address) {
        Optional<String> named = address.region().or(() -> address.endpoint().map(e -> "us-east-1"));
        if (named.isPresent()) {
            return Region.of(named.get());
        }
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkException e) {
            throw new Problem(
                            "content.no-region",
                            "Neither the bucket's address nor the environment says in which region " + address.told()
                                    + " is.",
                            "Add ?region=NAME to the address, or set AWS_REGION.")
                    .asException(e);
        }
    }

    static AwsCredentialsProvider credentials(BucketAddress address) {
        return address.credentialsFile()
                .map(BucketAccess::ofFile)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static AwsCredentialsProvider ofFile(Path file) {
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Problem(
                                "content.credentials-exposed",
                                "Others can read the file " + file + ", which has the bucket's credentials in it.",
                                "Make it its owner's alone: chmod 600 " + file + ".")
                        .asException();
            }
            // Read anew when it was changed, so that another key needs no restart.
            return ProfileCredentialsProvider.builder()
                    .profileName("default")
                    .profileFile(ProfileFileSupplier.reloadWhenModified(file, ProfileFile.Type.CREDENTIALS))
                    .build();
        } catch (IOException e) {
            throw unreadable(file, Text.shortened(String.valueOf(e.getMessage()), 200))
                    .asException(e);
        } catch (SdkException | IllegalArgumentException _) {
            // Not as a cause: it may repeat what stands in the file.
            throw unreadable(file, "it has another form").asException();
        }
    }

    private static Problem unreadable(Path file, String why) {
        return new Problem(
                "content.credentials-unreadable",
                "The bucket's credentials can't be read from " + file + ": " + why + ".",
                "It has a line [default], then aws_access_key_id = … and aws_secret_access_key = …");
    }

    /** @throws ProblemException {@code content.no-credentials} */
    static void requireCredentials(BucketAddress address, AwsCredentialsProvider provider) {
        try {
            provider.resolveCredentials();
        } catch (SdkException | IllegalArgumentException _) {
            throw address.credentialsFile()
                    .map(file -> unreadable(file, "it has no such lines"))
                    .orElseGet(() -> new Problem(
                            "content.no-credentials",
                            "There are no credentials for " + address.told() + ".",
                            "Name a file that has some with --content-credentials-file, or set AWS_ACCESS_KEY_ID and"
                                    + " AWS_SECRET_ACCESS_KEY."))
                    .asException();
        }
    }

    private static TrustManagerFactory trusting(Path authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : Pem.certificates(Files.readString(authorities))) {
                store.setCertificateEntry(String.valueOf(store.size()), certificate);
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (IOException | GeneralSecurityException | ProblemException e) {
            throw new Problem(
                            "content.authority-malformed",
                            "The file " + authorities + " has no certificates that can be read.",
                            "Name a file with the authority's certificate in PEM form.")
                    .asException(e);
        }
    }
}
