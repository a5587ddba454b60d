package io.skerry.device;

import io.skerry.device.image.ContentDisk;
import io.skerry.device.remote.LogSource;
import io.skerry.device.revision.Containers;
import io.skerry.device.revision.Machine;
import io.skerry.device.revision.Volumes;
import io.skerry.spec.Problem;
import io.skerry.spec.status.Capabilities;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the daemon needs of the machine on which it runs.
 *
 * @param containers closed by whoever opened them
 * @param volumes of these containers
 * @param machine itself
 * @param logs of these containers
 * @param capabilities what the machine can do now
 * @param problems what it lacks now
 * @param disk on which the data folder lies
 */
record Host(
        Containers containers,
        Volumes volumes,
        Machine machine,
        LogSource logs,
        Supplier<Capabilities> capabilities,
        Supplier<List<Problem>> problems,
        ContentDisk disk) {}
