package io.skerry.cloud.login;

import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.KeyGrant;
import io.skerry.cloud.tenancy.KeyLogin;
import io.skerry.cloud.tenancy.NewApiKey;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Gives people whom the rules let in a key for a while. */
final class Logins {
    /** Of one person at the same time; the oldest one gives way. */
    static final int MOST_OF_ONE = 20;

    private final Storage storage;
    private final InstantSource time;
    private final ApiKeys keys;
    private final Duration life;

    Logins(Storage storage, InstantSource time, ApiKeys keys, Duration life) {
        this.storage = storage;
        this.time = time;
        this.keys = keys;
        this.life = life;
    }

    /**
     * Says at once for what the person would be refused.
     *
     * @param customer whose things are wanted, by name or id; empty: whatever the rules let see
     * @throws ProblemException {@code login.no-rule}, {@code login.which-customer}
     */
    void check(Person person, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer) {
        storage.read(h -> chosen(h, person, customer));
    }

    /** @throws ProblemException as {@link #check} */
    NewLogin logIn(Person person, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer) {
        return storage.write(h -> {
            Chosen chosen = chosen(h, person, customer);
            var grant = new KeyGrant(
                    chosen.customerId(),
                    person.name(),
                    chosen.role(),
                    Optional.empty(),
                    Optional.of(life),
                    Optional.of(new KeyLogin(chosen.rule().loginRuleId(), person.subject())));
            NewApiKey made = keys.makeLogin(h, grant);
            keys.revokeOfPerson(h, person.subject(), MOST_OF_ONE, Actor.CONTROL_PLANE);
            return new NewLogin(made.secret(), person.name(), time.millis() + life.toMillis(), life);
        });
    }

    private static Chosen chosen(
            Handle h,
            Person person,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer) {
        List<LoginRule> matching = LoginRules.matching(h, person);
        Optional<Chosen> chosen = customer.isPresent()
                ? customerId(h, customer.get()).flatMap(id -> Chosen.within(id, matching))
                : Chosen.widest(matching);
        return chosen.orElseThrow(
                () -> customer.isEmpty() && !matching.isEmpty() ? several(h, matching) : noRule(person, customer));
    }

    private static Optional<String> customerId(Handle h, String nameOrId) {
        return h.createQuery("SELECT customer_id FROM customers WHERE customer_id = :wanted OR name = :wanted"
                        + " ORDER BY CASE WHEN customer_id = :wanted THEN 0 ELSE 1 END")
                .bind("wanted", nameOrId)
                .mapTo(String.class)
                .findFirst();
    }

    private static ProblemException noRule(
            Person person, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer) {
        return new Problem(
                        "login.no-rule",
                        "You are " + person.introduction() + ", and no login rule lets you in"
                                + customer.map(c -> " to customer '" + Text.shortened(c, 60) + "'")
                                        .orElse("") + ".",
                        "Ask an admin of this control plane for one (skerry login-rule add).")
                .asException();
    }

    private static ProblemException several(Handle h, List<LoginRule> matching) {
        List<String> names = h.createQuery(
                        "SELECT name FROM customers WHERE customer_id IN (<ids>) ORDER BY name LIMIT 10")
                .bindList("ids", Chosen.customers(matching))
                .mapTo(String.class)
                .list();
        return new Problem(
                        "login.which-customer",
                        "You may log in to several customers: " + String.join(", ", names) + ".",
                        "Say to which: skerry login --browser --customer NAME, or /login?customer=NAME.")
                .asException();
    }
}
