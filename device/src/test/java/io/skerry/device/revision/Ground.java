package io.skerry.device.revision;

import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a rig's daemons have under their hands, and what of it outlives them. */
interface Ground extends AutoCloseable {
    /** What a daemon works with that starts now: it takes up what the one before left. */
    Hands open(Life life);

    /**
     * What becomes of a thread of a daemon that is dead.
     *
     * @return to throw, if it comes back at all
     */
    RuntimeException dead(Life life);

    /** Returns once nothing is done any more by a daemon that is dead. */
    void end(Life life);

    /** The machine is off and on again. */
    void cutPower();

    FakeMachine machine();

    /** Tells the daemon's engine that something may have changed. */
    void stir();

    /** How long something takes here that is worth waiting for. */
    Duration pace();

    /** A container's form, with an image that there can be here. */
    Container form(Container container);

    /** The registry has its image, and whole. */
    void publish(Container container);

    /** As {@link #form} of one that starts but never gets well. */
    Container unwell(String name, Container container);

    /** What is in the data folder that daemons read when they start, but for what containers wrote. */
    List<String> files();

    /** The registry gives something else for an image. */
    void spoil(Digest manifest);

    /** What was fetched of an image isn't any more what it was. */
    void spoilFetched(Digest manifest);

    /** The code of the problem for which an update ends when the image of this step is spoilt before it; empty when it doesn't end. */
    Optional<String> corrupted(Step step);

    /** Has a container hold the lock that puts updates off, or let go of it. */
    void lock(String name, boolean held);

    /** A container's program ends with a failure. */
    void end(String name, Slot slot);

    /** A container doesn't get on with its start. */
    void stall(String name, Slot slot);

    /** A container isn't well any more. */
    void ail(String name);

    /** It is as if nothing of that had been; nothing to do when it is gone. */
    void recover(String name, Slot slot, Attempt attempt);

    /** What there is of containers. */
    Map<String, Present> present();

    /** For each container what changes when it is stopped or started. */
    Map<String, String> runs();

    Set<Situation.Network> networks();

    /** Of each volume, the programs that wrote to it, each with a semicolon. */
    Map<VolumeId, String> volumes();

    /**
     * All that there is and shouldn't be when a workload runs, or isn't as it should be.
     *
     * @param needed the manifests of which there may be something
     */
    List<String> remains(Workload workload, Set<Digest> needed);

    /** What was done, for whoever looks into a failure. */
    String story();

    @Override
    void close();
}
