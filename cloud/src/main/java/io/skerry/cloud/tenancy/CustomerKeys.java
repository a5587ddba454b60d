package io.skerry.cloud.tenancy;

/** Makes what a customer's desired states are signed with. */
public interface CustomerKeys {
    /** Makes the customer's keys and has them on the disk when it returns; keys that are there already stay. */
    void make(String customerId);
}
