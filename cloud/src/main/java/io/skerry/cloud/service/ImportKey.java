package io.skerry.cloud.service;

/** Which import it is: an id is chosen by a customer and is that customer's own. */
record ImportKey(String customerId, String importId) {}
