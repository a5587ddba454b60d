package io.skerry.cloud.window;

/**
 * Of what something is said.
 *
 * @param kind what it is
 * @param id its id
 */
public record Subject(Kind kind, String id) {
    /** What it can be, and which column has its id. */
    public enum Kind {
        CUSTOMER("customer", "customer_id"),
        GROUP("group", "group_id"),
        NODE("node", "node_id"),
        SERVICE("service", "service_id"),
        INSTANCE("instance", "instance_id");

        private final String word;
        private final String column;

        Kind(String word, String column) {
            this.word = word;
            this.column = column;
        }

        public String word() {
            return word;
        }

        String column() {
            return column;
        }

        static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of subject: " + word);
        }
    }
}
