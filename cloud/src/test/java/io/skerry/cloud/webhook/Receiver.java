package io.skerry.cloud.webhook;

import io.skerry.cloud.egress.EgressAnswer;
import io.skerry.cloud.egress.EgressPost;
import io.skerry.cloud.egress.Posts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A receiver without a network, which answers as it is told to. */
final class Receiver implements Posts {
    /** What it was sent, in order, taken or not. */
    final List<EgressPost> posts = Collections.synchronizedList(new ArrayList<>());

    private volatile Function<EgressPost, Optional<Integer>> answers = post -> Optional.of(200);

    void answers(int status) {
        answers = post -> Optional.of(status);
    }

    /** Nothing is no answer. */
    void answers(Function<EgressPost, Optional<Integer>> how) {
        answers = how;
    }

    @Override
    public EgressAnswer post(EgressPost post) throws IOException {
        posts.add(post);
        return answers.apply(post)
                .map(status -> new EgressAnswer(status, ("said " + status).getBytes(StandardCharsets.UTF_8)))
                .orElseThrow(() -> new IOException("reset"));
    }

    @Override
    public void check(String host) {}

    @Override
    public boolean isPrivateAllowed() {
        return false;
    }

    /** The text of the message. */
    static String text(EgressPost post) {
        return new String(post.body(), StandardCharsets.UTF_8);
    }

    /** The names of the devices that it was told of. */
    List<String> names() {
        return List.copyOf(posts).stream()
                .map(p -> text(p).replaceFirst("(?s).*\"node_name\":\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
