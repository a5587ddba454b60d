package io.skerry.device.container;

import io.skerry.spec.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The system calls that a container may make: an allow-list in the spirit of Docker's default profile, plus {@code reboot}
 * (which in a PID namespace ends just that namespace), without what makes namespaces, mounts, traces other processes or loads
 * code into the kernel. runc passes over names that a machine doesn't know.
 */
final class Seccomp {
    private static final String RESOURCE = "seccomp-syscalls.json";
    private static final int EPERM = 1;

    private Seccomp() {}

    static Map<String, Object> profile(Architecture architecture) {
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("defaultAction", "SCMP_ACT_ERRNO");
        profile.put("defaultErrnoRet", EPERM);
        profile.put("architectures", architectures(architecture));
        profile.put("syscalls", new OciJson.Text(syscalls()));
        return profile;
    }

    private static List<String> architectures(Architecture architecture) {
        return switch (architecture) {
            case AMD64 -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
            case ARM64 -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
            case ARMHF -> List.of("SCMP_ARCH_ARM");
        };
    }

    private static String syscalls() {
        try (InputStream in = Seccomp.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program's own file " + RESOURCE + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
