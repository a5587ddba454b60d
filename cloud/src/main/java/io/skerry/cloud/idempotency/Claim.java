package io.skerry.cloud.idempotency;

/** What comes of asking to carry out a call. */
sealed interface Claim {
    /** It is the asker's: nobody has changed anything for it. */
    record Granted(String attemptId) implements Claim {}

    /** Another one carries it out at this moment. */
    record Held() implements Claim {}

    /** It was carried out, and this was its sealed answer. */
    record Answered(String answer) implements Claim {}

    /** It changed something, and what it was answered is not known any more. */
    record Lost() implements Claim {}

    /** By the same key something else was asked for. */
    record OtherInput() implements Claim {}

    /** The caller has as many calls kept as one may have. */
    record TooMany() implements Claim {}
}
