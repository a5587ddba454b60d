package io.skerry.cli.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private final Answers answers = new Answers(Endpoint.parse("https://cloud.example"));

    private Problem refusal(int status, String body) {
        try {
            answers.field("f", status, body.getBytes(UTF_8));
        } catch (ProblemException e) {
            return e.problem();
        }
        throw new AssertionError("it was taken");
    }

    @Test
    void aFieldIsFoundAndNullIsAbsent() {
        assertThat(answers.field("f", 200, "{\"data\":{\"f\":7}}".getBytes(UTF_8)))
                .contains(7L);
        assertThat(answers.field("f", 200, "{\"data\":{\"f\":null}}".getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void theFirstErrorIsToldWithItsCodeAndRemedy() {
        assertThat(refusal(
                        200,
                        "{\"errors\":[{\"message\":\"No such node\",\"extensions\":{\"code\":\"node.not-found\","
                                + "\"remedy\":\"Look.\"}},{\"message\":\"x\"}],\"data\":null}"))
                .isEqualTo(new Problem("node.not-found", "No such node.", "Look."));
    }

    @Test
    void problemsOfTheHttpLayerAreTold() {
        assertThat(refusal(503, "{\"code\":\"cloud.starting\",\"message\":\"It starts.\",\"remedy\":\"\"}")
                        .code())
                .isEqualTo("cloud.starting");
        assertThat(refusal(
                                401,
                                "{\"errors\":[{\"message\":\"Unknown.\",\"extensions\":{\"code\":"
                                        + "\"authorization.unknown-key\"}}]}")
                        .code())
                .isEqualTo("session.key-refused");
        assertThat(refusal(401, "{}").code()).isEqualTo("session.key-refused");
        assertThat(refusal(403, "{\"code\":\"x\",\"message\":\"Not you.\",\"remedy\":\"\"}"))
                .isEqualTo(new Problem("access.denied", "Not you."));
    }

    @Test
    void whatNoCloudAnswersIsNamedAsSuch() {
        for (String body : new String[] {"", "<html>", "[]", "7", "{}", "{\"data\":7}", "{\"data\""}) {
            assertThat(refusal(200, body).code()).as(body).isEqualTo("cloud.not-skerry");
        }
    }

    @Test
    void controlCharactersFromTheCloudAreNotRepeated() {
        assertThatThrownBy(
                        () -> answers.field("f", 200, "{\"errors\":[{\"message\":\"a\\u001b[2Jb\"}]}".getBytes(UTF_8)))
                .hasMessageContaining("a?[2Jb");
    }
}
