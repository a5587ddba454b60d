package io.skerry.cloud.login;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;

/** What is said when the provider is the trouble; never what it sent, which may hold tokens. */
final class ProviderProblems {
    private ProviderProblems() {}

    static ProblemException unavailable(Exception cause) {
        return new Problem(
                        "login.provider-unavailable",
                        "The OpenID provider can't be asked at the moment, so nobody can log in; logins and API keys that"
                                + " there are go on.",
                        "Try again later, or use an API key; why it is so stands in the control plane's log.")
                .asException(cause);
    }

    static ProblemException unusable(String why) {
        return new Problem(
                        "login.provider-answer",
                        "The OpenID provider's answer can't be used: " + why + ".",
                        "Have an admin compare the control plane's --oidc-… options with the provider's settings.")
                .asException();
    }

    static ProblemException mixedUp() {
        return new Problem(
                        "login.issuer",
                        "The answer isn't from the OpenID provider that this control plane knows.",
                        "Begin again; if it comes again, tell an admin.")
                .asException();
    }
}
