package io.skerry.device.link;

import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** What is wrong on the link now, one problem for each of its concerns. Safe for use by several threads. */
final class LinkProblems {
    private static final System.Logger LOG = System.getLogger(LinkProblems.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Problem> problems = new TreeMap<>();
    private final Runnable changed;

    LinkProblems(Runnable changed) {
        this.changed = changed;
    }

    /** This concern stands like this now; logged when that is news. */
    void set(String concern, Optional<Problem> problem) {
        boolean news;
        lock.lock();
        try {
            Problem before = problem.isPresent() ? problems.put(concern, problem.get()) : problems.remove(concern);
            news = !Optional.ofNullable(before).equals(problem);
        } finally {
            lock.unlock();
        }
        if (news) {
            problem.ifPresent(p -> LOG.log(System.Logger.Level.WARNING, p.sentence()));
            changed.run();
        }
    }

    /** Something else of the link is to be told. */
    void changed() {
        changed.run();
    }

    List<Problem> all() {
        lock.lock();
        try {
            return new ArrayList<>(problems.values());
        } finally {
            lock.unlock();
        }
    }
}
