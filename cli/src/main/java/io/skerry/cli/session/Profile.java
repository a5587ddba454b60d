package io.skerry.cli.session;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Optional;

/**
 * One login.
 *
 * @param name what it is called here
 * @param url the cloud's operators' address
 * @param apiKey a secret
 * @param authorities the certificate authorities to trust for it, PEM; empty for the system's
 * @param customer the customer whose fleet is meant when none is named
 * @param loginUntil milliseconds since 1970, until when the key is good, if it came of a person's login
 */
@Json(naming = Json.Naming.LowerUnderscore)
record Profile(
        String name,
        String url,
        String apiKey,
        Optional<String> authorities,
        Optional<String> customer,
        Optional<Long> loginUntil) {
    Profile {
        Required.field(name, "name");
        Required.field(url, "url");
        Required.field(apiKey, "api_key");
        Required.field(authorities, "authorities");
        Required.field(customer, "customer");
        Required.field(loginUntil, "login_until");
    }

    @Override
    public String toString() {
        return "Profile[name=" + name + ", url=" + url + "]";
    }
}
