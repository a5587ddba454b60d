package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerUserTest {
    private static final List<String> PASSWD =
            List.of("root:x:0:0::/:/bin/sh", "broken", "app:x:1000:1001::/srv:/bin/sh", "odd:x:no:1::/:");
    private static final List<String> GROUP =
            List.of("root:x:0:", "video:x:44:app,odd", "app:x:1001:", "many:x:7:x,app", "short");

    private static ContainerUser of(String written) {
        return ContainerUser.of(written, PASSWD, GROUP);
    }

    @Test
    void resolvesAsDockerDoes() {
        assertThat(of("")).isEqualTo(new ContainerUser(0, 0, List.of(0)));
        assertThat(of("root")).isEqualTo(new ContainerUser(0, 0, List.of(0)));
        assertThat(of("app")).isEqualTo(new ContainerUser(1000, 1001, List.of(1001, 44, 7)));
        assertThat(of("1000")).isEqualTo(new ContainerUser(1000, 1001, List.of(1001, 44, 7)));
        assertThat(of("4242")).isEqualTo(new ContainerUser(4242, 0, List.of(0)));
        assertThat(of("app:video")).isEqualTo(new ContainerUser(1000, 44, List.of(44)));
        assertThat(of("4242:99")).isEqualTo(new ContainerUser(4242, 99, List.of(99)));
    }

    @Test
    void refusesWhomTheImageDoesNotKnow() {
        for (String written : List.of("nobody", "app:nogroup", "odd", "-1")) {
            assertThatThrownBy(() -> of(written))
                    .as(written)
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("container.unknown-user"));
        }
    }

    @Test
    void rootNeedsNoFile() {
        assertThat(ContainerUser.of("root", List.of(), List.of()).uid()).isZero();
    }
}
