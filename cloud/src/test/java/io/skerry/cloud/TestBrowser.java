package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.content.tls.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a person's browser does in a login: follows redirects, keeps cookies, fills in the provider's forms. */
final class TestBrowser implements AutoCloseable {
    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");
    private static final int MOST_REDIRECTS = 15;

    private final HttpClient http;
    /** All hosts are localhost, and browsers don't tell ports apart. */
    final Map<String, String> cookies = new TreeMap<>();

    /** Where it was sent, in this order. */
    final List<URI> visited = new ArrayList<>();

    /** How the address begins that it doesn't go on to. */
    Optional<String> stop = Optional.empty();

    /** What was shown at last, or on the person's own machine, which nothing was asked of. */
    record Page(URI at, int status, String text) {}

    TestBrowser(Path... authorities) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (Path authority : authorities) {
            for (X509Certificate certificate : Pem.certificates(Files.readString(authority))) {
                trusted.setCertificateEntry("a" + trusted.size(), certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        http = HttpClient.newBuilder().sslContext(context).build();
    }

    Page opens(String address) throws IOException, InterruptedException {
        return follows(HttpRequest.newBuilder(URI.create(address)).GET());
    }

    /** Opens an address that leads to the provider's forms, and fills them in. */
    Page logsIn(String address, String name) throws IOException, InterruptedException {
        return continues(opens(address), name);
    }

    /** Fills in the forms from this one on. */
    Page continues(Page login, String name) throws IOException, InterruptedException {
        assertThat(login.text()).contains("name=\"login\"");
        Page consent = submits(login, Map.of("prompt", "login", "login", name, "password", "any"));
        return consent.text().contains("value=\"consent\"") ? submits(consent, Map.of("prompt", "consent")) : consent;
    }

    private Page submits(Page page, Map<String, String> fields) throws IOException, InterruptedException {
        Matcher form = FORM.matcher(page.text());
        assertThat(form.find()).as(page.text()).isTrue();
        String body = fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return follows(HttpRequest.newBuilder(page.at().resolve(form.group(1)))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Page follows(HttpRequest.Builder first) throws IOException, InterruptedException {
        HttpResponse<String> response = sends(first);
        for (int i = 0; response.statusCode() / 100 == 3; i++) {
            assertThat(i).isLessThan(MOST_REDIRECTS);
            URI next = response.uri()
                    .resolve(response.headers().firstValue("location").orElseThrow());
            visited.add(next);
            if (stop.filter(next.toString()::startsWith).isPresent()
                    || !next.getHost().equals("localhost")) {
                return new Page(next, response.statusCode(), "");
            }
            response = sends(HttpRequest.newBuilder(next).GET());
        }
        return new Page(response.uri(), response.statusCode(), response.body());
    }

    HttpResponse<String> sends(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (!cookies.isEmpty()) {
            request.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(c -> c.getKey() + "=" + c.getValue())
                            .collect(Collectors.joining("; ")));
        }
        request.header("accept", "text/html, */*;q=0.5");
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        response.headers().allValues("set-cookie").forEach(this::keeps);
        return response;
    }

    private void keeps(String cookie) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty() || cookie.toLowerCase(java.util.Locale.ROOT).contains("max-age=0")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
