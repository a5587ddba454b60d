package io.skerry.cli.api;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in words why no answer came from a cloud. */
final class Unreachable {
    private Unreachable() {}

    /** {@code cloud.unreachable}, or {@code cloud.untrusted} when its certificate is the reason. */
    static Problem problem(Endpoint endpoint, IOException failure) {
        String host = endpoint.base().getHost();
        if (within(failure, UnresolvedAddressException.class) || within(failure, UnknownHostException.class)) {
            return unreachable("No host is called '" + host + "'.", "Check the address " + endpoint + ".");
        }
        if (within(failure, HttpConnectTimeoutException.class)
                || within(failure, SocketTimeoutException.class)
                || within(failure, NoRouteToHostException.class)) {
            return unreachable(
                    endpoint + " can't be reached from here.", "Check the address, your network and any firewall.");
        }
        if (within(failure, ConnectException.class)) {
            return unreachable(
                    "Nothing answers at " + endpoint + ".",
                    "Check that the cloud is running and that the port is right.");
        }
        if (within(failure, HttpTimeoutException.class)) {
            return unreachable(endpoint + " took too long to answer.", "Try again.");
        }
        return tls(endpoint, failure)
                .orElseGet(() ->
                        unreachable("The connection to " + endpoint + " broke: " + said(failure) + ".", "Try again."));
    }

    /** Whether the cloud may have heard the call whose answer didn't come. */
    static boolean perhapsHeard(IOException failure) {
        return !(within(failure, ConnectException.class)
                || within(failure, UnresolvedAddressException.class)
                || within(failure, UnknownHostException.class)
                || within(failure, NoRouteToHostException.class)
                || within(failure, HttpConnectTimeoutException.class)
                || within(failure, SSLException.class));
    }

    /** Whether the cloud was reached and took longer than whoever asked wanted to wait. */
    static boolean tookTooLong(IOException failure) {
        return within(failure, HttpTimeoutException.class) && !within(failure, HttpConnectTimeoutException.class);
    }

    /** The connection broke amid a change, and the cloud didn't come back. */
    static Problem amid(Endpoint endpoint, IOException failure) {
        return unreachable(
                tookTooLong(failure)
                        ? endpoint + " took too long to answer whether a change was made."
                        : "The connection to " + endpoint + " broke amid a change: " + said(failure) + ".",
                "Look whether the change was made before you ask for it again.");
    }

    private static Optional<Problem> tls(Endpoint endpoint, IOException failure) {
        if (within(failure, CertificateExpiredException.class)) {
            return Optional.of(new Problem(
                    "cloud.untrusted",
                    "The certificate of " + endpoint + " has expired.",
                    "Ask the cloud's operator to renew it; check this machine's clock too."));
        }
        if (within(failure, CertPathBuilderException.class) || within(failure, CertPathValidatorException.class)) {
            return Optional.of(new Problem(
                    "cloud.untrusted",
                    "The certificate of " + endpoint + " is from an authority that isn't trusted here.",
                    "Log in with the cloud's own authority: skerry login " + endpoint
                            + " --ca-file FILE (or --fingerprint SHA256)."));
        }
        if (within(failure, CertificateException.class)) {
            return Optional.of(new Problem(
                    "cloud.untrusted",
                    "The certificate of " + endpoint + " is not for this host name: " + said(failure) + ".",
                    "Use a name that stands in the certificate, or have the cloud started with --host "
                            + endpoint.base().getHost() + "."));
        }
        if (within(failure, SSLException.class)) {
            return Optional.of(unreachable(
                    "No TLS connection to " + endpoint + " comes about: " + said(failure) + ".",
                    "Check that the port is the operators' port of a Skerry cloud."));
        }
        return Optional.empty();
    }

    private static Problem unreachable(String message, String remedy) {
        return new Problem("cloud.unreachable", message, remedy);
    }

    private static boolean within(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static String said(Throwable failure) {
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return Text.shortened(text, 160).replaceFirst("\\.$", "");
    }
}
