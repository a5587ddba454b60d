package io.skerry.content.registry;

/**
 * A user and password, or an access token in its place, for one registry.
 *
 * @param password a secret
 */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}
