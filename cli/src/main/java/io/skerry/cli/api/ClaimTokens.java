package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tokens with which new devices enrol. Each call as those of {@link Fleet}. */
public final class ClaimTokens {
    private final Calls calls;

    ClaimTokens(Calls calls) {
        this.calls = calls;
    }

    /** The token itself: a secret that is shown this once. */
    public String create(ClaimRequest claim) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("customer_id", claim.customerId());
        claim.nodeName().ifPresent(name -> variables.put("node_name", name));
        claim.groupId().ifPresent(id -> variables.put("group_id", id));
        claim.uses().ifPresent(uses -> variables.put("uses", uses));
        claim.validMinutes().ifPresent(minutes -> variables.put("valid_minutes", minutes));
        return calls.text(Operation.CREATE_CLAIM_TOKEN, variables);
    }

    /** A customer's tokens, the newest first. */
    public List<ClaimToken> of(String customerId) {
        return calls.pages(ClaimToken.class, Operation.CLAIM_TOKENS, "claim_tokens", Map.of("customer_id", customerId));
    }

    /** No device enrols with it from now on. */
    public void revoke(String claimTokenId) {
        calls.text(Operation.REVOKE_CLAIM_TOKEN, Map.of("claim_token_id", claimTokenId));
    }
}
