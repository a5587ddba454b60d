package io.skerry.cloud.rollout;

/** How a device stands with the new version. */
public enum Stand {
    PENDING("pending"),
    DONE("done"),
    FAILED("failed");

    private final String word;

    Stand(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static Stand of(String word) {
        for (Stand stand : values()) {
            if (stand.word.equals(word)) {
                return stand;
            }
        }
        throw new IllegalArgumentException("no stand: " + word);
    }
}
