package io.skerry.device.watch;

import java.time.Duration;

/** By which one loop of the daemon shows that it moves. Cheap; may be called from any thread. */
public interface LifeSign {
    /** For a loop that nobody watches. */
    LifeSign UNWATCHED = new LifeSign() {
        @Override
        public void shown() {}

        @Override
        public void waits(Duration most) {}
    };

    /** It moved: until the next sign it has the limit that it was given. */
    void shown();

    /** It moved, and is silent on purpose for as long as this; the limit begins only then. */
    void waits(Duration most);
}
