package io.skerry.cloud.login;

import java.time.Duration;

/**
 * A login at the one moment at which its secret is known.
 *
 * @param secret the API key itself
 * @param name the person's
 * @param expiresAt milliseconds since 1970
 * @param life for how long it is good
 */
record NewLogin(String secret, String name, long expiresAt, Duration life) {
    @Override
    public String toString() {
        return "NewLogin[" + name + "]";
    }
}
