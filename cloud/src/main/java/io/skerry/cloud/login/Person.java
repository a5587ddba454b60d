package io.skerry.cloud.login;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in, as the provider says.
 *
 * @param subject whom the provider calls by this and nobody else, ever
 * @param email in small letters, if it is the person's for certain
 * @param doubtfulEmail the address otherwise, for messages alone
 * @param username by which the person may be known to others; may change and may be anybody's choice
 * @param groups that the person is in
 */
@Json
record Person(
        String subject,
        Optional<String> email,
        Optional<String> doubtfulEmail,
        Optional<String> username,
        List<String> groups) {
    static final int MOST_GROUPS = 1000;
    private static final int LONGEST = 255;
    private static final int LONGEST_NAME = 200;

    Person {
        groups = List.copyOf(groups);
    }

    /**
     * Reads what is said of a person.
     *
     * @param sources the claims of the ID token, and after them those of the user info, of the same subject
     * @throws ProblemException {@code login.provider-answer}
     */
    static Person of(List<Map<String, Object>> sources, String groupsClaim, boolean emailTrusted) {
        String subject = text(sources, "sub")
                .filter(s -> s.length() <= LONGEST)
                .orElseThrow(() -> unusable("says no subject that can be used"));
        Optional<String> email =
                text(sources, "email").filter(e -> e.length() <= LONGEST).map(e -> e.toLowerCase(Locale.ROOT));
        boolean certain = email.isPresent() && certain(sources, email.get(), emailTrusted);
        return new Person(
                subject,
                email.filter(e -> certain),
                email.filter(e -> !certain),
                text(sources, "preferred_username")
                        .or(() -> text(sources, "name"))
                        .map(n -> Text.shortened(n, 100)),
                groups(sources, groupsClaim));
    }

    /** Whether the address is said to be verified and nowhere not to be; where nothing is said of it, it is as the setting says. */
    private static boolean certain(List<Map<String, Object>> sources, String email, boolean emailTrusted) {
        List<String> said = sources.stream()
                .filter(s -> email.equalsIgnoreCase(String.valueOf(s.get("email"))))
                .filter(s -> s.containsKey("email_verified"))
                .map(s -> String.valueOf(s.get("email_verified")))
                .toList();
        return said.isEmpty() ? emailTrusted : said.stream().allMatch("true"::equals);
    }

    private static Optional<String> text(List<Map<String, Object>> sources, String claim) {
        return sources.stream()
                .map(s -> s.get(claim))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(t -> !t.isBlank())
                .findFirst();
    }

    private static List<String> groups(List<Map<String, Object>> sources, String claim) {
        for (Map<String, Object> source : sources) {
            @Nullable Object found = within(source, claim);
            if (found != null) {
                List<String> groups = new ArrayList<>();
                Collection<?> all = found instanceof Collection<?> several ? several : List.of(found);
                all.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .forEach(groups::add);
                if (groups.size() > MOST_GROUPS) {
                    throw unusable("names more than " + MOST_GROUPS + " groups of yours");
                }
                return groups;
            }
        }
        return List.of();
    }

    /** Names with dots may be those of claims (they are often addresses), or lead into claims within claims. */
    private static @Nullable Object within(Map<?, ?> claims, String name) {
        @Nullable Object whole = claims.get(name);
        int dot = name.indexOf('.');
        if (whole != null || dot < 0) {
            return whole;
        }
        return claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
                ? within(inner, name.substring(dot + 1))
                : null;
    }

    private static ProblemException unusable(String what) {
        return new Problem(
                        "login.provider-answer",
                        "The OpenID provider " + what + ".",
                        "Ask whoever runs it to change what it tells of you.")
                .asException();
    }

    /** What a key of the person's is called, and with it what the audit log says. */
    String name() {
        return Text.shortened(
                email.orElseGet(
                        () -> username.map(u -> u + " (" + subject + ")").orElse(subject)),
                LONGEST_NAME);
    }

    /** Who one is here, for who is not let in. */
    String introduction() {
        String known = email.map(e -> e + ", ")
                .or(() -> doubtfulEmail.map(e -> e + " (not verified), "))
                .or(() -> username.map(u -> u + ", "))
                .orElse("");
        return Text.shortened(known, LONGEST_NAME) + "subject " + Text.shortened(subject, 100);
    }
}
