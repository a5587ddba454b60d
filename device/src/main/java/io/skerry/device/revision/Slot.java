package io.skerry.device.revision;

/** Where a container of a name stands while two of its forms may run at once. */
public enum Slot {
    /** The one that the device runs. */
    MAIN,
    /** The next one, which runs beside it until it takes its place. */
    BESIDE
}
