package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.Jsonb;
import io.skerry.content.oci.ImageConfig;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeSpecTest {
    private static RuntimeSpec spec(ContainerUser user, Limits limits, boolean swap, String... command) {
        ImageConfig image = new ImageConfig(
                "linux",
                "amd64",
                "",
                List.of("/entry"),
                List.of(command),
                Map.of("A", "image \"quoted\"\n", "B", "image"),
                "",
                "",
                "SIGTERM",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return new RuntimeSpec(
                image,
                Sandbox.container(RestartPolicy.NO, limits, Map.of("B", "service"), List.of(), Optional.empty()),
                user,
                new ContainerFolder(Path.of("/d/containers/one+"), Path.of("/d/run/notes/one+")),
                List.of(
                        new RuntimeSpec.Bind(Path.of("/d/v/inner"), "/v/inner"),
                        new RuntimeSpec.Bind(Path.of("/d/v/outer"), "/v")),
                List.of(new RuntimeSpec.Bind(Path.of("/d/run/notes/one+/config/0"), "/etc/app.conf")),
                Path.of("/usr/bin/tini-static"),
                "/skerry/x/one+",
                Path.of("/d/networks/one+"),
                new RuntimeSpec.Machine(Architecture.AMD64, false, swap));
    }

    private static String text(RuntimeSpec spec) {
        return new String(spec.json(), StandardCharsets.UTF_8);
    }

    private static final Limits LIMITS = new Limits(1000, 250, 7);

    @Test
    void isJsonWithWhatWasAskedFor() {
        String json = text(spec(ContainerUser.ROOT, LIMITS, true, "one", "two"));

        assertThat(Jsonb.builder().build().type(Object.class).fromJson(json)).isInstanceOf(Map.class);
        assertThat(json)
                .contains("\"args\":[\"/dev/init\",\"--\",\"/entry\",\"one\",\"two\"]")
                .contains("\"A=image \\\"quoted\\\"\\n\"", "\"B=service\"")
                .doesNotContain("B=image")
                .contains("\"memory\":{\"limit\":1000,\"swap\":1000}")
                .contains("\"pids\":{\"limit\":7}")
                .contains("\"quota\":25000")
                .contains("\"cgroupsPath\":\"/skerry/x/one+\"")
                .contains("\"hostname\":\"one\"", "\"HOSTNAME=one\"")
                .contains("\"/d/networks/one+\"")
                .contains("\"cwd\":\"/\"")
                .doesNotContain("{\"type\":\"cgroup\"}");
        assertThat(json)
                .contains(
                        "\"destination\":\"/etc/app.conf\",\"type\":\"bind\","
                                + "\"source\":\"/d/run/notes/one+/config/0\",\"options\":[\"bind\",\"ro\",\"nosuid\",\"nodev\"]");
        assertThat(json.indexOf("\"destination\":\"/v\"")).isLessThan(json.indexOf("\"destination\":\"/v/inner\""));
    }

    @Test
    void leavesOutLimitsThatAreNone() {
        String json = text(spec(ContainerUser.ROOT, new Limits(5, 0, 4), false));

        assertThat(json).contains("\"memory\":{\"limit\":5}").doesNotContain("\"cpu\"");
    }

    @Test
    void onlyRootHasEffectiveCapabilities() {
        assertThat(text(spec(ContainerUser.ROOT, LIMITS, true))).contains("\"effective\"", "CAP_SYS_BOOT");
        assertThat(text(spec(new ContainerUser(5, 5, List.of(5)), LIMITS, true)))
                .doesNotContain("\"effective\"")
                .doesNotContain("CAP_MKNOD")
                .doesNotContain("CAP_AUDIT_WRITE")
                .doesNotContain("CAP_SYS_ADMIN");
    }

    @Test
    void theAllowListHasRebootButNothingThatReachesTheKernel() {
        String json = new String(OciJson.bytes(Seccomp.profile(Architecture.AMD64)), StandardCharsets.UTF_8);

        assertThat(json).contains("\"defaultAction\":\"SCMP_ACT_ERRNO\"", "\"reboot\"");
        for (String denied : List.of(
                "kexec_load",
                "kexec_file_load",
                "mount",
                "umount2",
                "ptrace",
                "keyctl",
                "bpf",
                "perf_event_open",
                "init_module",
                "finit_module",
                "delete_module",
                "unshare",
                "setns",
                "userfaultfd",
                "io_uring_setup",
                "pivot_root",
                "open_by_handle_at",
                "add_key",
                "request_key",
                "swapon",
                "acct",
                "fsopen")) {
            assertThat(json).as(denied).doesNotContain("\"" + denied + "\"");
        }
    }

    @Test
    void anImageWithoutACommandIsRefused() {
        ImageConfig none = new ImageConfig(
                "linux",
                "amd64",
                "",
                List.of(),
                List.of(),
                Map.of(),
                "",
                "/",
                "SIGTERM",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        RuntimeSpec some = spec(ContainerUser.ROOT, LIMITS, true);
        RuntimeSpec spec = new RuntimeSpec(
                none,
                some.container(),
                some.user(),
                some.folder(),
                List.of(),
                List.of(),
                some.tini(),
                some.cgroup(),
                some.network(),
                some.machine());

        assertThatThrownBy(spec::json)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("container.no-command"));
    }
}
