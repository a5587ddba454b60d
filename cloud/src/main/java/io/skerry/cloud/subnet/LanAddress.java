package io.skerry.cloud.subnet;

import io.skerry.spec.network.Subnet;

/**
 * What an instance has on its LAN side.
 *
 * @param address its interface's, with the prefix of the wide subnet; the router that a DHCP server names
 * @param range what a DHCP server there gives out of
 * @param own whether no other instance has this range
 */
public record LanAddress(Subnet address, Subnet range, boolean own) {}
