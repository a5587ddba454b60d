package io.skerry.content.registry;

import io.skerry.content.oci.ImageReference;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What can go wrong between us and a registry, in words that name the reference. */
final class RegistryProblems {
    private RegistryProblems() {}

    static ProblemException unreachable(ImageReference reference, IOException cause) {
        return new Problem(
                        "registry.unreachable",
                        "Can't reach the registry of " + reference + ": " + why(cause) + ".",
                        cause instanceof SSLException
                                ? "Check the registry's certificate and which authorities are trusted here, or whether it"
                                        + " speaks TLS at all."
                                : "Check the registry's name and port, and the network between here and there.")
                .asException(cause);
    }

    static ProblemException failing(ImageReference reference, int status) {
        return new Problem(
                        "registry.unreachable",
                        "The registry of " + reference + " can't answer now (HTTP " + status + ").",
                        status == 429
                                ? "It limits how much may be fetched: wait, or log in to be allowed more."
                                : "Try again later.")
                .asException();
    }

    static ProblemException unauthorized(ImageReference reference, Optional<Credentials> credentials, int status) {
        String message = credentials
                .map(c -> status == 403
                        ? "The registry doesn't let user '" + Text.shortened(c.user(), 60) + "' read " + reference + "."
                        : "The registry refuses the credentials of user '" + Text.shortened(c.user(), 60) + "' for "
                                + reference + ".")
                .orElse("The registry wants credentials for " + reference + ", and none were given.");
        return new Problem("registry.unauthorized", message, remedy(reference, credentials.isPresent())).asException();
    }

    static ProblemException notFound(ImageReference reference, String what) {
        return new Problem(
                        "registry.not-found",
                        "The registry has no " + what + " " + reference + ".",
                        "Check the path and the tag; a private repository may also look missing without credentials.")
                .asException();
    }

    static ProblemException digestMismatch(ImageReference reference, String what) {
        return new Problem(
                        "registry.digest-mismatch",
                        "What the registry sent for " + reference + " is not what was asked for: " + what + ".",
                        "It was thrown away. Try again; if it stays so, the registry or something on the way is broken.")
                .asException();
    }

    static ProblemException tooLarge(ImageReference reference, String what) {
        return new Problem("registry.too-large", "For " + reference + " the registry sends " + what + ".", "")
                .asException();
    }

    static ProblemException malformed(ImageReference reference, String what) {
        return new Problem(
                        "registry.answer-malformed",
                        "The registry of " + reference + " answers what no registry should: " + what + ".",
                        "Check that the host and port are a registry's.")
                .asException();
    }

    static ProblemException interrupted(ImageReference reference, Exception cause) {
        Thread.currentThread().interrupt();
        return new Problem("registry.interrupted", "Fetching " + reference + " was interrupted.", "")
                .asException(cause);
    }

    private static String remedy(ImageReference reference, boolean given) {
        if (reference.isDockerHub()) {
            return "Docker Hub says the same of repositories that don't exist, so check the name; for a private one give"
                    + " your user name and a personal access token (made in its account settings), not your password.";
        }
        return given
                ? "Check user name and password, and whether that user may read the repository."
                : "Give a user name and password (or token) that may read the repository.";
    }

    private static String why(IOException cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof UnknownHostException || e instanceof UnresolvedAddressException) {
                return "its name isn't known";
            }
        }
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return switch (cause) {
            case HttpTimeoutException e -> "it doesn't answer in time";
            case SocketTimeoutException e -> "it doesn't answer in time";
            case ConnectException e -> "it doesn't take connections";
            case SSLException e -> "TLS fails (" + Text.shortened(detail, 160) + ")";
            default -> "the connection is lost (" + Text.shortened(detail, 160) + ")";
        };
    }
}
