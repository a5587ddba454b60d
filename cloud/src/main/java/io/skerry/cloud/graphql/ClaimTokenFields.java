package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.node.ClaimRecord;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.NewClaim;
import io.skerry.cloud.storage.Page;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens with which new devices enrol. */
final class ClaimTokenFields implements Fields {
    private static final String ID = "claim_token_id";
    private static final String CUSTOMER = "customer_id";

    private final ClaimTokens claims;

    ClaimTokenFields(ClaimTokens claims) {
        this.claims = claims;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type("Query", query -> query.dataFetcher("DM_get_claim_tokens", e -> list(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_create_claim_token", e -> create(new Arguments(e)))
                        .dataFetcher("DM_revoke_claim_token", e -> revoke(new Arguments(e))));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Page<ClaimRecord> page = claims.list(arguments.customer(CUSTOMER), arguments.take(), arguments.cursor());
        return new Shape()
                .with("claim_tokens", page.items().stream().map(this::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private String create(Arguments arguments) {
        return claims.create(
                new NewClaim(
                        arguments.customer(CUSTOMER),
                        arguments.optionalText("node_name"),
                        arguments.optionalText("group_id"),
                        arguments.whole("uses", 1),
                        Duration.ofMinutes(arguments.whole("valid_minutes", 1440))),
                arguments.caller().actor());
    }

    private String revoke(Arguments arguments) {
        String id = arguments.text(ID);
        claims.revoke(id, arguments.caller());
        return id;
    }

    private Map<String, @Nullable Object> shape(ClaimRecord claim) {
        return new Shape()
                .with(ID, claim.claimTokenId())
                .with(CUSTOMER, claim.customerId())
                .with("node_name", claim.nodeName())
                .with("group_id", claim.groupId())
                .with("uses_left", claim.usesLeft())
                .with("state", claims.state(claim).word())
                .with("created_at", claim.createdAt())
                .with("expires_at", claim.expiresAt())
                .with("revoked_at", claim.revokedAt())
                .fields();
    }
}
