package io.skerry.device.revision;

/** What carries steps out on a device. */
public record Hands(Images images, Containers containers, Volumes volumes, Machine machine) {}
