package io.skerry.cloud.desired;

import io.skerry.cloud.service.NetworkSettings;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.spec.Architecture;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.window.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the {@link Resolver} decides upon: the part of the fleet's tables that concerns one node. */
final class Fleet {
    private Fleet() {}

    /**
     * A node.
     *
     * @param previous what it was told to run last
     * @param schedule by which windows it goes, if by any
     */
    record Node(
            String nodeId,
            String customerId,
            String name,
            Capabilities capabilities,
            Workload previous,
            Optional<Schedule> schedule) {
        /** The feature of devices that know of windows. */
        static final String WINDOWS = "windows";

        /** What it is to be told of its windows: nothing, where it would refuse a document with them. */
        Optional<Schedule> told() {
            return schedule.filter(_ -> capabilities.features().contains(WINDOWS));
        }
    }

    /**
     * An instance on it.
     *
     * @param held what it keeps running while it is disabled
     * @param due what a roll-out lets it have in place of the newest
     * @param config the files that it is to find in it
     */
    record Instance(
            String instanceId,
            String serviceId,
            Selector selector,
            Optional<Long> held,
            Optional<Long> due,
            Optional<ConfigFiles> config) {}

    /** A service, with those of its versions that may be asked for. */
    record Service(String serviceId, String name, long latest, NetworkSettings network, Map<Long, Version> versions) {
        Service {
            versions = Map.copyOf(versions);
        }
    }

    /** One version of a service. */
    record Version(VersionSettings settings, Map<Architecture, Image> images) {
        Version {
            images = Map.copyOf(images);
        }
    }

    /** A node with all that concerns it. */
    record Question(Node node, List<Instance> instances, Map<String, Service> services) {
        Question {
            instances = List.copyOf(instances);
            services = Map.copyOf(services);
        }
    }

    /**
     * What a node is to run.
     *
     * @param workload its document's half
     * @param targets why, by instance id
     */
    record Answer(Workload workload, Map<String, Target> targets) {
        Answer {
            targets = Map.copyOf(targets);
        }
    }
}
