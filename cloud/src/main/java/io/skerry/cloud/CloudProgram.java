package io.skerry.cloud;

import io.skerry.spec.ProblemException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code skerry cloud}. Exit codes: 0 stopped as asked, 1 a problem, 2 wrong usage. */
public final class CloudProgram {
    private static final Logger LOG = LoggerFactory.getLogger(CloudProgram.class);

    private CloudProgram() {}

    /** @param arguments see {@code --help} */
    public static void main(String[] arguments) throws InterruptedException {
        int code = run(Arrays.asList(arguments), System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
            out.print(CommandLine.USAGE);
            return arguments.isEmpty() ? 2 : 0;
        }
        try {
            if (arguments.getFirst().equals("run")) {
                serve(CommandLine.parse(arguments), out);
            } else {
                Maintenance.parse(arguments).carryOut(out);
            }
            return 0;
        } catch (ProblemException e) {
            err.println("skerry cloud: " + e.problem().sentence());
            LOG.debug("It ended with a problem.", e);
            return e.code().equals("usage") ? 2 : 1;
        }
    }

    private static void serve(CloudSettings settings, PrintStream out) throws InterruptedException {
        var ended = new CountDownLatch(1);
        var cloud = new Cloud(settings, out);
        cloud.start();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("cloud-stop").unstarted(() -> {
                    cloud.close();
                    ended.countDown();
                }));
        out.println("Operators:  https://localhost:" + cloud.operatorsPort() + "/graphql");
        out.println("Devices:    https://localhost:" + cloud.devicesPort());
        out.println("Authority:  " + cloud.authorityFile());
        out.flush();
        ended.await();
    }
}
