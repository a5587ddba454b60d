package io.skerry.lab;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A control plane's GraphQL API, as the lab and the system tests use it. Safe for use by several threads. */
public final class FleetApi implements AutoCloseable {
    private static final JsonType<Object> JSON = JsonMappers.mapper().build().type(Object.class);
    private static final Set<String> SETTLED = Set.of("rolled-back", "refused", "disabled", "stopped", "given-up");

    private final HttpClient http;
    private final URI url;
    private final String key;

    /**
     * @param url the control plane, without a path
     * @param authority its certificate authority's certificate, PEM
     * @param key an API key
     */
    public FleetApi(URI url, Path authority, String key) {
        this.url = url.resolve("/graphql");
        this.key = key;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .sslContext(trusting(authority))
                .build();
    }

    /** A TLS context that trusts one certificate authority. */
    static SSLContext trusting(Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + count++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Problem(
                            "lab.authority-unreadable",
                            "The certificate authority's file " + authority + " can't be read.")
                    .asException(e);
        }
    }

    /**
     * Carries out an operation; the answer is its {@code data}.
     *
     * @throws ProblemException with the code, message and remedy of the API's first error; {@code lab.cloud-unreachable}
     */
    public Answer execute(String document, Map<String, ?> variables) {
        String body = JSON.toJson(Map.of("query", document, "variables", variables));
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofMinutes(5))
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header("authorization", "apikey " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        String text;
        try {
            text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new Problem(
                            "lab.cloud-unreachable",
                            "The control plane at " + url + " does not answer: " + e.getMessage())
                    .asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for the control plane was interrupted.").asException(e);
        }
        Answer answer;
        try {
            answer = new Answer(JSON.fromJson(text));
        } catch (JsonException e) {
            throw new Problem("lab.answer-malformed", "The control plane answered: " + Text.shortened(text, 200))
                    .asException(e);
        }
        List<Answer> errors = answer.list("errors");
        if (!errors.isEmpty()) {
            Answer first = errors.getFirst();
            Answer extensions = first.in("extensions");
            throw new Problem(
                            extensions.text("code").orElse("graphql"),
                            first.text("message").orElse("The control plane refused."),
                            extensions.text("remedy").orElse(""))
                    .asException();
        }
        if (answer.text("code").isPresent()) {
            throw new Problem(
                            answer.text("code").get(),
                            answer.text("message").orElse(""),
                            answer.text("remedy").orElse(""))
                    .asException();
        }
        return answer.in("data");
    }

    /** The id of the first customer, which every installation begins with. */
    public String firstCustomer() {
        return execute("{ Authz_get_customers(take: 1) { customers { customer_id } } }", Map.of())
                .in("Authz_get_customers")
                .list("customers")
                .getFirst()
                .required("customer_id");
    }

    /** A claim token for one device of this name. */
    public String claimToken(String customer, String node) {
        return execute(
                        "mutation($c: ID!, $n: String) { DM_create_claim_token(customer_id: $c, node_name: $n) }",
                        Map.of("c", customer, "n", node))
                .required("DM_create_claim_token");
    }

    /** The id of the device of this name, if the customer has one. */
    public Optional<String> node(String customer, String name) {
        return execute(
                        "query($c: ID!, $n: String) { DM_get_nodes(customer_id: $c, name: $n, take: 200) { nodes { node_id name } } }",
                        Map.of("c", customer, "n", name))
                .in("DM_get_nodes")
                .list("nodes")
                .stream()
                .filter(n -> n.required("name").equals(name))
                .map(n -> n.required("node_id"))
                .findFirst();
    }

    /** The id of the service of this name, if the customer has one. */
    public Optional<String> service(String customer, String name) {
        return execute(
                        "query($c: ID!, $n: String) { DM_get_node_services(customer_id: $c, name: $n, take: 200) { services { node_service_id name } } }",
                        Map.of("c", customer, "n", name))
                .in("DM_get_node_services")
                .list("services")
                .stream()
                .filter(n -> n.required("name").equals(name))
                .map(n -> n.required("node_service_id"))
                .findFirst();
    }

    /**
     * Imports an image as a service's first or next version and waits for the end of it.
     *
     * @param input the {@code DM_import_node_service_input}
     * @return the service's id
     */
    public String importService(Map<String, ?> input) {
        return execute(
                        "mutation($i: DM_import_node_service_input!) { DM_import_node_service(input: $i) }",
                        Map.of("i", input))
                .required("DM_import_node_service");
    }

    /** Puts a service on a device; the answer is the instance's id. */
    public String addInstance(String service, String node) {
        return execute(
                        "mutation($s: ID!, $n: ID!) { DM_add_node_service_instance(node_service_id: $s, node_id: $n) }",
                        Map.of("s", service, "n", node))
                .required("DM_add_node_service_instance");
    }

    /** A customer's instances. */
    public List<Instance> instances(String customer) {
        return execute("""
                        query($c: ID!) { DM_get_node_service_instances(customer_id: $c, take: 200) { instances {
                          node_service_instance_id node_service_id service_name node_id node_name node_online target_version running_version
                          state reason { container code message } restarts } } }""", Map.of("c", customer)).in("DM_get_node_service_instances").list("instances").stream()
                .map(Instance::of)
                .toList();
    }

    /**
     * One instance as the API tells it.
     *
     * @param state for example {@code healthy}
     * @param reason why it isn't what was asked for; empty if nothing is wrong
     */
    public record Instance(
            String id,
            String service,
            String serviceName,
            String node,
            String nodeName,
            boolean online,
            Optional<Integer> targetVersion,
            Optional<Integer> runningVersion,
            String state,
            String reason,
            int restarts) {
        /** Whether it runs and works, as its device said lately. */
        public boolean healthy() {
            return online && state.equals("healthy");
        }

        /** Whether waiting changes nothing any more. */
        public boolean settled() {
            return healthy() || SETTLED.contains(state);
        }

        static Instance of(Answer a) {
            return new Instance(
                    a.required("node_service_instance_id"),
                    a.required("node_service_id"),
                    a.required("service_name"),
                    a.required("node_id"),
                    a.required("node_name"),
                    a.isTrue("node_online"),
                    a.number("target_version").map(Long::intValue),
                    a.number("running_version").map(Long::intValue),
                    a.required("state"),
                    a.in("reason").text("message").orElse(""),
                    a.number("restarts").map(Long::intValue).orElse(0));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
