package io.skerry.cloud.login;

import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The login rules, as admins make and remove them. */
public final class LoginRules {
    static final int MOST = 500;
    private static final int LONGEST_VALUE = 255;

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final ApiKeys keys;
    private final AuditLog audit;

    public LoginRules(Storage storage, Ids ids, InstantSource time, ApiKeys keys, AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.keys = keys;
        this.audit = audit;
    }

    /**
     * A customer's rules, or those of the whole installation, in the order in which they were made.
     *
     * @param cursor that of the page before, or empty
     */
    public Page<LoginRule> list(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customerId,
            int take,
            String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM login_rules WHERE "
                                + (customerId.isPresent() ? "customer_id = :customer" : "customer_id IS NULL")
                                + " AND login_rule_id > :cursor ORDER BY login_rule_id LIMIT :most")
                        .bindMap(customerId.map(c -> Map.of("customer", c)).orElseGet(Map::of))
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> rule(rs))
                        .list(),
                take,
                LoginRule::loginRuleId));
    }

    /**
     * Makes a rule.
     *
     * @return its id
     * @throws io.skerry.spec.ProblemException {@code login-rule.…}, {@code customer.unknown}
     */
    public String create(NewLoginRule asked, Caller by) {
        refuseOutlasting(by);
        String value = value(asked);
        var rule = new LoginRule(ids.next(), asked.customerId(), asked.claim(), value, asked.role(), time.millis());
        return storage.write(h -> {
            rule.customerId().ifPresent(id -> Customers.require(h, id));
            List<LoginRule> there = of(h, rule.customerId());
            if (there.stream()
                    .anyMatch(r -> r.claim() == rule.claim() && r.value().equals(value))) {
                throw new Problem(
                                "login-rule.exists",
                                "There is a login rule for " + rule.words() + " already.",
                                "Remove that one first to give another role.")
                        .asException();
            }
            if (there.size() >= MOST) {
                throw new Problem(
                                "login-rule.too-many",
                                "There are " + MOST + " login rules already, as many as there may be.",
                                "Make one for a group in place of one for each person.")
                        .asException();
            }
            h.createUpdate("INSERT INTO login_rules (login_rule_id, customer_id, claim, value, role, created_at)"
                            + " VALUES (:id, :customer, :claim, :value, :role, :now)")
                    .bind("id", rule.loginRuleId())
                    .bind("customer", rule.customerId())
                    .bind("claim", rule.claim().word())
                    .bind("value", value)
                    .bind("role", rule.role().word())
                    .bind("now", rule.createdAt())
                    .execute();
            audit.note(h, by.actor(), change("Authz_create_login_rule", rule, Map.of(), told(rule)));
            return rule.loginRuleId();
        });
    }

    /** Else whoever has a key for a while had a way in for ever. A person who logged in has one already. */
    private static void refuseOutlasting(Caller by) {
        if (by.expiresAt().isPresent() && !by.actor().isPerson()) {
            throw new Problem(
                            "login-rule.out-of-bounds",
                            "A login rule lasts, and the API key that is to make it doesn't.",
                            "Make it with a key that doesn't expire, or log in.")
                    .asException();
        }
    }

    private static String value(NewLoginRule asked) {
        String value = asked.claim() == LoginClaim.EMAIL ? asked.value().toLowerCase(Locale.ROOT) : asked.value();
        boolean isAddress = value.matches("[^@\\s]+@[^@\\s]+");
        if (value.isBlank()
                || !Text.shortened(value, LONGEST_VALUE).equals(value)
                || (asked.claim() == LoginClaim.EMAIL && !isAddress)) {
            throw new Problem(
                            "login-rule.value-malformed",
                            "A login rule for " + asked.claim().word() + " can't have the value '"
                                    + Text.shortened(value, 60) + "'.",
                            "Give it as the provider says it, 1 to " + LONGEST_VALUE + " printable characters.")
                    .asException();
        }
        return value;
    }

    /**
     * Removes a rule and ends the logins that came by it.
     *
     * @throws io.skerry.spec.ProblemException {@code login-rule.unknown}, also when it isn't the caller's to remove
     */
    public void remove(String loginRuleId, Caller by) {
        storage.write(h -> {
            LoginRule rule = h.createQuery("SELECT * FROM login_rules WHERE login_rule_id = :id")
                    .bind("id", loginRuleId)
                    .map((rs, c) -> rule(rs))
                    .findOne()
                    .filter(r -> r.customerId().map(by::sees).orElseGet(by::ofInstallation))
                    .orElseThrow(() -> new Problem(
                                    "login-rule.unknown",
                                    "There is no login rule '" + Text.shortened(loginRuleId, 60) + "'.",
                                    "Look the ids up with Authz_get_login_rules or 'skerry login-rule ls'.")
                            .asException());
            h.execute("DELETE FROM login_rules WHERE login_rule_id = ?", loginRuleId);
            keys.revokeOfRule(h, loginRuleId, by.actor());
            audit.note(h, by.actor(), change("Authz_remove_login_rule", rule, told(rule), Map.of()));
            return rule;
        });
    }

    /** All rules that let this person in. */
    static List<LoginRule> matching(Handle h, Person person) {
        List<String> groups = person.groups().isEmpty() ? List.of("") : person.groups();
        List<LoginRule> found =
                new ArrayList<>(h.createQuery("SELECT * FROM login_rules WHERE (claim = 'sub' AND value = :sub)"
                                + " OR (claim = 'email' AND value = :email) OR (claim = 'group' AND value IN (<groups>))"
                                + " ORDER BY login_rule_id")
                        .bind("sub", person.subject())
                        .bind("email", person.email())
                        .bindList("groups", groups)
                        .map((rs, c) -> rule(rs))
                        .list());
        found.removeIf(rule -> !rule.matches(person));
        return found;
    }

    private static List<LoginRule> of(
            Handle h, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customerId) {
        return h.createQuery("SELECT * FROM login_rules WHERE "
                        + (customerId.isPresent() ? "customer_id = :customer" : "customer_id IS NULL"))
                .bindMap(customerId.map(c -> Map.of("customer", c)).orElseGet(Map::of))
                .map((rs, c) -> rule(rs))
                .list();
    }

    private static Change change(
            String operation, LoginRule rule, Map<String, Object> before, Map<String, Object> after) {
        return new Change(rule.customerId(), operation, "login-rule", rule.loginRuleId(), rule.words(), before, after);
    }

    private static Map<String, Object> told(LoginRule rule) {
        return Map.of(
                "claim",
                rule.claim().word(),
                "value",
                rule.value(),
                "role",
                rule.role().word());
    }

    private static LoginRule rule(ResultSet rs) throws SQLException {
        return new LoginRule(
                rs.getString("login_rule_id"),
                Optional.ofNullable(rs.getString("customer_id")),
                LoginClaim.of(rs.getString("claim")),
                rs.getString("value"),
                Role.of(rs.getString("role")),
                rs.getLong("created_at"));
    }
}
