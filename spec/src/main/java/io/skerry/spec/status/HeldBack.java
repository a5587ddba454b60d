package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.desired.ServiceVersion;

/**
 * A container that is wanted in a form which failed on this device. The device keeps its earlier form (or none, if there was
 * none) and goes on with all else that is wanted, until it is wanted in another form or an operator has it tried again; one that
 * only room, the disk or a reboot is lacking for is tried again by itself, too.
 *
 * @param name the node service instance's id
 * @param wanted which version failed
 * @param result {@link Outcome.Result#ROLLED_BACK} or {@link Outcome.Result#REFUSED}
 * @param reason why
 */
@Json
public record HeldBack(String name, ServiceVersion wanted, Outcome.Result result, Reason reason) {
    public HeldBack {
        Required.field(name, "name");
        Required.field(wanted, "wanted");
        Required.field(result, "result");
        Required.field(reason, "reason");
    }
}
