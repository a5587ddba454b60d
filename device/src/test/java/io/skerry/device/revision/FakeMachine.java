package io.skerry.device.revision;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A machine that only notes that it was asked to reboot; the test reboots it. */
final class FakeMachine implements Machine {
    final List<String> reboots = new CopyOnWriteArrayList<>();
    private final AtomicInteger boot = new AtomicInteger(1);

    @Override
    public String bootId() {
        return "boot-" + boot.get();
    }

    @Override
    public void reboot(String why) {
        reboots.add(why);
    }

    /** Off and on again. */
    void boot() {
        boot.incrementAndGet();
    }
}
