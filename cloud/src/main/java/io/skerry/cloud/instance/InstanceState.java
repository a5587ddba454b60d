package io.skerry.cloud.instance;

/** How an instance is. */
public enum InstanceState {
    /** Its device hasn't begun with what is asked of it. */
    PENDING("pending"),
    /** Its device fetches and checks the image. */
    FETCHING("fetching"),
    /** Its device is ready for the change, and a container there puts it off. */
    PUT_OFF("put-off"),
    /** Its device may not fetch it, or not switch to it, before a window opens. */
    AWAITING_WINDOW("awaiting-window"),
    /** It runs, and its device watches whether it works before keeping it. */
    TRIAL("trial"),
    /** What was asked for runs and works. */
    HEALTHY("healthy"),
    /** What was asked for has its root and volumes mounted, and no more of it is asked. */
    MOUNTED("mounted"),
    /** What was asked for runs, and its health check fails. */
    UNHEALTHY("unhealthy"),
    /** What was asked for ended and is being started again. */
    RESTARTING("restarting"),
    /** What was asked for ended and stays so. */
    STOPPED("stopped"),
    /** What was asked for ended too often in a row and isn't started again. */
    GIVEN_UP("given-up"),
    /** What was asked for didn't work, and its device goes back to what was before; why is told once it is there. */
    ROLLING_BACK("rolling-back"),
    /** What was asked for didn't work, and what was before runs again. */
    ROLLED_BACK("rolled-back"),
    /** What was asked for can't be had; what was before goes on. */
    REFUSED("refused"),
    /** Its operator asked for no attention to it. */
    DISABLED("disabled");

    private final String word;

    InstanceState(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
