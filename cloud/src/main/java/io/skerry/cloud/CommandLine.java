package io.skerry.cloud;

import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.web.Listener;
import io.skerry.cloud.web.WebLimits;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the program's arguments. */
final class CommandLine {
    static final String USAGE = """
            Usage: skerry cloud run --data DIR [options]
                   skerry cloud backup BACKUP --data DIR [--database URL]    copy all that it keeps into the new folder BACKUP,
                                                                             also while it runs; keys are in it: guard it;
                                                                             --shared and --content as for 'run'
                   skerry cloud verify BACKUP                                read a backup whole and compare its digests
                   skerry cloud restore BACKUP --data DIR [--database URL]   into an empty folder (and database, and with
                                                                             --content URL a bucket)
                   skerry cloud copy-content --data DIR --content URL        copy the images' content from the folder into a
                                                                             bucket, also while it runs; with --shared DIR
                   skerry cloud migrate --data DIR --database URL            move the embedded database to PostgreSQL
                   skerry cloud new-epoch --data DIR [--database URL]        after its files or its database were put back
                                                                             from a copy in another way; --after N: when
                                                                             devices know an epoch N from a clock far ahead

              --data DIR                 the folder that holds all that the control plane keeps
              --database URL             a PostgreSQL database instead of the embedded one: postgresql://USER@HOST:PORT/NAME,
                                         with ?sslmode=verify-full (the default but for this machine; &sslrootcert=FILE
                                         names the authority) or ?sslmode=disable
              --database-password-file F where its password stands, on one line
              --shared DIR               a folder that several control planes on one database have in common, for its keys and
                                         its content (default: the data folder)
              --content URL              a bucket of S3-compatible storage for the images' content, instead of a folder:
                                         s3://BUCKET/PREFIX, perhaps with ?endpoint=https://HOST:PORT (default: Amazon's),
                                         &region=NAME, &path-style=false (default: true where there is an endpoint), and
                                         &authority=FILE (PEM; who vouches for the endpoint)
              --content-credentials-file F  its credentials, in the form of ~/.aws/credentials, mode 0600 (default: what
                                         the environment says, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)
              --replica-address H:P      where the others reach its devices' port (default: this machine's name)
              --listen ADDR              where operators reach it (default 0.0.0.0)
              --port N                   operators' port (default 7443; 0: any that is free)
              --device-listen ADDR       where devices reach it; repeatable (default 0.0.0.0)
              --device-port N            devices' port (default 7444; 0: any that is free)
              --host NAME                a name or address by which it is reached, for its certificate; repeatable
              --allow-private-registries imports and webhooks may call private and loopback addresses
              --plain-http-registry H:P  a registry that is called without TLS; repeatable
              --first-key-file FILE      write the first API key there (mode 0600) instead of printing it

            """ + LoginOptions.USAGE;

    private Optional<Path> data = Optional.empty();
    private Optional<String> database = Optional.empty();
    private Optional<Path> databasePasswordFile = Optional.empty();
    private Optional<Path> shared = Optional.empty();
    private Optional<String> content = Optional.empty();
    private Optional<Path> contentCredentialsFile = Optional.empty();
    private Optional<String> replicaAddress = Optional.empty();
    private String listen = "0.0.0.0";
    private int port = CloudSettings.DEFAULT_PORT;
    private final List<String> deviceListen = new ArrayList<>();
    private int devicePort = CloudSettings.DEFAULT_DEVICE_PORT;
    private final Set<String> hosts = new LinkedHashSet<>();
    private boolean privateRegistries;
    private final Set<String> plainHttpRegistries = new LinkedHashSet<>();
    private Optional<Path> firstKeyFile = Optional.empty();
    private final LoginOptions login = new LoginOptions();

    private CommandLine() {}

    /** @throws ProblemException {@code usage} */
    static CloudSettings parse(List<String> arguments) {
        var line = new CommandLine();
        Iterator<String> rest = arguments.iterator();
        if (!rest.hasNext() || !rest.next().equals("run")) {
            throw usage("The verb isn't 'run'.");
        }
        while (rest.hasNext()) {
            line.option(rest.next(), rest);
        }
        return line.settings();
    }

    private void option(String option, Iterator<String> rest) {
        switch (option) {
            case "--data" -> data = Optional.of(path(option, rest));
            case "--database" -> database = Optional.of(value(option, rest));
            case "--database-password-file" -> databasePasswordFile = Optional.of(path(option, rest));
            case "--shared" -> shared = Optional.of(path(option, rest));
            case "--content" -> content = Optional.of(value(option, rest));
            case "--content-credentials-file" -> contentCredentialsFile = Optional.of(path(option, rest));
            case "--replica-address" -> replicaAddress = Optional.of(address(option, rest));
            case "--listen" -> listen = value(option, rest);
            case "--port" -> port = port(option, rest);
            case "--device-listen" -> deviceListen.add(value(option, rest));
            case "--device-port" -> devicePort = port(option, rest);
            case "--host" -> hosts.add(value(option, rest));
            case "--allow-private-registries" -> privateRegistries = true;
            case "--plain-http-registry" -> plainHttpRegistries.add(value(option, rest));
            case "--first-key-file" -> firstKeyFile = Optional.of(path(option, rest));
            default -> {
                if (!login.take(option, rest)) {
                    throw usage("'" + Text.shortened(option, 40) + "' is not an option.");
                }
            }
        }
    }

    private CloudSettings settings() {
        List<String> devices = deviceListen.isEmpty() ? List.of("0.0.0.0") : deviceListen;
        hosts.addAll(List.of("localhost", "127.0.0.1"));
        replicaAddress.ifPresent(a -> hosts.add(host(a)));
        if (database.isEmpty() && (shared.isPresent() || replicaAddress.isPresent())) {
            throw usage("--shared and --replica-address are for several control planes on one --database.");
        }
        ownName().ifPresent(hosts::add);
        // Whoever reaches it at an address that it listens on must find that address in the certificate.
        devices.stream().filter(a -> !anyAddress(a)).forEach(hosts::add);
        if (!anyAddress(listen)) {
            hosts.add(listen);
        }
        return new CloudSettings(
                data.orElseThrow(() -> usage("--data is missing.")),
                database(),
                shared,
                content(content, contentCredentialsFile),
                replicaAddress,
                new Listener(List.of(listen), port, "--port"),
                new Listener(devices, devicePort, "--device-port"),
                List.copyOf(hosts),
                privateRegistries,
                plainHttpRegistries,
                login.settings(),
                firstKeyFile,
                WebLimits.DEFAULT,
                CloudSettings.POLL_WAIT,
                CloudSettings.CERTIFICATE_LIFE,
                CloudSettings.RENEWABLE);
    }

    private Optional<PostgresAddress> database() {
        return database(database, databasePasswordFile);
    }

    static Optional<PostgresAddress> database(Optional<String> database, Optional<Path> databasePasswordFile) {
        if (database.isEmpty() && databasePasswordFile.isPresent()) {
            throw usage("--database-password-file needs --database.");
        }
        try {
            return database.map(url -> PostgresAddress.parse(url, databasePasswordFile));
        } catch (ProblemException e) {
            throw new Problem("usage", e.problem().message(), e.problem().remedy()).asException(e);
        }
    }

    static Optional<BucketAddress> content(Optional<String> content, Optional<Path> credentialsFile) {
        if (content.isEmpty() && credentialsFile.isPresent()) {
            throw usage("--content-credentials-file needs --content.");
        }
        try {
            return content.map(url -> BucketAddress.parse(url, credentialsFile));
        } catch (ProblemException e) {
            throw new Problem("usage", e.problem().message(), e.problem().remedy()).asException(e);
        }
    }

    private static boolean anyAddress(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    private static Optional<String> ownName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName()).filter(n -> n.matches("[A-Za-z0-9.-]{1,253}"));
        } catch (UnknownHostException e) {
            // A machine whose name can't be resolved isn't reached by it.
            return Optional.empty();
        }
    }

    static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw usage(option + " needs a value.");
        }
        return rest.next();
    }

    static Path path(String option, Iterator<String> rest) {
        String value = value(option, rest);
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw usage(option + " isn't a path: '" + Text.shortened(value, 80) + "'.");
        }
    }

    private static String address(String option, Iterator<String> rest) {
        String value = value(option, rest);
        if (!value.matches("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):\\d{1,5}")
                || Integer.parseInt(value.substring(value.lastIndexOf(':') + 1)) > 65_535) {
            throw usage(option + " must be HOST:PORT, not '" + Text.shortened(value, 80) + "'.");
        }
        return value;
    }

    private static String host(String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String option, Iterator<String> rest) {
        String value = value(option, rest);
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            throw usage(option + " must be a number from 0 to 65535, not '" + Text.shortened(value, 40) + "'.");
        }
        return Integer.parseInt(value);
    }

    static ProblemException usage(String message) {
        return new Problem("usage", message, "See 'skerry cloud --help'.").asException();
    }
}
