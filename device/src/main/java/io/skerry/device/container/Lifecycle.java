package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.container.Launcher.Running;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.util.Optional;

/**
 * How forms of containers come onto the shelf and leave it, as on the disk so in memory. Whoever calls sees to it that each
 * container is one thread's at a time.
 */
final class Lifecycle {
    private final Shelf shelf;
    private final Keeping keeping;
    private final Launcher launcher;
    private final String cgroupScope;

    Lifecycle(Shelf shelf, Keeping keeping, String cgroupScope) {
        this.shelf = shelf;
        this.keeping = keeping;
        this.launcher = keeping.launcher();
        this.cgroupScope = cgroupScope;
    }

    /** Goes on with what an earlier daemon process left in this folder, in this boot of the machine or an earlier one. */
    void takeUp(ContainerFolder folder) throws IOException {
        Optional<ContainerRecord> record = Records.container(folder);
        if (record.isEmpty()) {
            // It was being made, stopped or removed when the daemon ended.
            Records.leaving(folder).ifPresent(leaving -> launcher.finish(folder, leaving));
            launcher.remove(folder, Running.NOTHING);
            return;
        }
        Optional<RunRecord> run = Records.run(folder);
        if (run.filter(keeping::inThisBoot).isPresent()) {
            keeping.hooks().killLeftOver(folder, launcher.cgroup(folder));
            Supervision supervision = new Supervision(folder, record.get(), keeping);
            shelf.put(Form.kept(folder, record.get(), supervision));
            supervision.resume(run.get());
            return;
        }
        shelf.put(Form.known(folder, record.get()));
        if (run.isEmpty()) {
            // Its first start may have been cut off, in this boot too, and may have gone on.
            launcher.tidy(folder, Running.NOTHING);
        }
    }

    /** Brings a form into a slot, in the place of what is there. */
    void start(Optional<Form> there, ContainerFolder folder, ContainerRecord record) throws IOException {
        Optional<Form> same = there.filter(f -> f.kept().isEmpty() && f.record().sameForm(record));
        if (same.isPresent()) {
            release(same.get(), record);
        } else {
            there.ifPresent(this::end);
            startNew(folder, record);
        }
    }

    private void startNew(ContainerFolder folder, ContainerRecord record) throws IOException {
        try {
            launcher.create(folder, record);
            Supervision supervision = new Supervision(folder, record, keeping);
            supervision.start(Optional.empty());
            putKept(folder, record, supervision);
        } catch (IOException | RuntimeException e) {
            try {
                launcher.removeAll(folder);
                removeEmptyScope();
            } catch (ProblemException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Starts what is there from an earlier boot. When that fails it goes on to be there, with the files that it wrote. */
    private void release(Form known, ContainerRecord record) throws IOException {
        if (!record.equals(known.record())) {
            Records.write(known.folder(), record);
        }
        Supervision supervision = new Supervision(known.folder(), record, keeping);
        try {
            supervision.start(Records.run(known.folder()));
        } catch (IOException | RuntimeException e) {
            try {
                launcher.tidy(known.folder(), Running.NOTHING);
                removeEmptyScope();
            } catch (ProblemException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        putKept(known.folder(), record, supervision);
    }

    private void putKept(ContainerFolder folder, ContainerRecord record, Supervision supervision) {
        shelf.put(Form.kept(folder, record, supervision));
        // It may have ended before anybody could find it here.
        supervision.wake();
    }

    /** Stops and removes a form of a container, but for its network. */
    void end(Form form) {
        Running running = form.kept().map(Supervision::end).orElse(Running.NOTHING);
        try {
            // A daemon that finds it half stopped finishes that: kept on, it would stay as it ended.
            Records.leave(form.folder());
            if (running.init().pid() != 0) {
                launcher.end(form.folder(), form.record());
            }
            launcher.remove(form.folder(), running);
        } catch (IOException e) {
            throw stays(form, DurableFiles.failed("rename", form.folder().record(), e));
        } catch (RuntimeException e) {
            throw stays(form, e);
        }
        shelf.remove(form.folder());
    }

    private RuntimeException stays(Form form, RuntimeException why) {
        try {
            Records.stay(form.folder());
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        if (form.kept().isPresent()) {
            keepAgain(form, why);
        }
        return why;
    }

    /** What can't be stopped now mustn't run unattended; whoever wants it gone asks again. */
    private void keepAgain(Form form, RuntimeException why) {
        ContainerFolder folder = form.folder();
        Supervision supervision = new Supervision(folder, form.record(), keeping);
        shelf.put(Form.kept(folder, form.record(), supervision));
        Optional<RunRecord> run = Optional.empty();
        try {
            run = Records.run(folder).filter(keeping::inThisBoot);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        supervision.resume(run.orElseGet(() -> new Course(form.record().container()).note(keeping.bootId())));
    }

    /** Once nothing is kept, no control group of ours is left. */
    void removeEmptyScope() {
        if (shelf.kept().findAny().isEmpty()) {
            keeping.cgroups().removeEmpty(cgroupScope);
        }
    }
}
