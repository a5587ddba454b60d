package io.skerry.cli.api;

import java.util.List;
import java.util.Map;

/** The configuration files of instances. Each call as those of {@link Fleet}. */
public final class ConfigFiles {
    private final Calls calls;

    ConfigFiles(Calls calls) {
        this.calls = calls;
    }

    /** An instance's configuration files by path. */
    public List<ConfigFile> of(String instanceId) {
        return calls.list(
                ConfigFile.class,
                calls.required(Operation.CONFIG_FILES, Map.of("node_service_instance_id", instanceId)));
    }

    public void set(String instanceId, List<NewConfigFile> files) {
        calls.required(
                Operation.SET_CONFIG_FILES,
                Map.of(
                        "node_service_instance_id",
                        instanceId,
                        "files",
                        files.stream().map(NewConfigFile::variables).toList()));
    }

    public void remove(String instanceId, List<String> paths) {
        calls.required(Operation.REMOVE_CONFIG_FILES, Map.of("node_service_instance_id", instanceId, "paths", paths));
    }
}
