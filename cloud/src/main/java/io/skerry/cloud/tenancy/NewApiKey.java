package io.skerry.cloud.tenancy;

/**
 * An API key at the one moment at which its secret is known.
 *
 * @param apiKeyId by which it is named
 * @param secret what its owner calls with; shown once, kept nowhere
 */
public record NewApiKey(String apiKeyId, String secret) {
    @Override
    public String toString() {
        return "NewApiKey[" + apiKeyId + "]";
    }
}
