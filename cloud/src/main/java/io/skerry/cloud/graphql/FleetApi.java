package io.skerry.cloud.graphql;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.analysis.FieldComplexityEnvironment;
import graphql.analysis.MaxQueryComplexityInstrumentation;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.execution.AsyncExecutionStrategy;
import graphql.execution.AsyncSerialExecutionStrategy;
import graphql.execution.instrumentation.ChainedInstrumentation;
import graphql.language.OperationDefinition;
import graphql.language.OperationDefinition.Operation;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.injection.InjectedKeys;
import io.skerry.cloud.instance.AbsentInstances;
import io.skerry.cloud.instance.GroupServices;
import io.skerry.cloud.instance.InstanceConfigs;
import io.skerry.cloud.instance.InstanceViews;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.login.LoginRules;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.rollout.Reports;
import io.skerry.cloud.rollout.Rollouts;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.ServiceImports;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.cloud.webhook.Webhooks;
import io.skerry.cloud.window.WindowChanges;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The fleet API: carries out GraphQL calls within limits. Safe for use by several threads; a call blocks its thread until
 * it is answered, which for an import may take long.
 */
public final class FleetApi {
    private static final String SCHEMA = "schema.graphqls";
    private static final int DEEPEST = 15;
    /** Fields that one answer may have, as far as the query tells. */
    private static final int MOST_FIELDS = 100_000;
    /** How long lists are assumed to be that are no pages. */
    private static final int USUAL_LIST = 5;
    /** How long lists may be that keep a form without pages. */
    private static final Map<String, Integer> WITHOUT_PAGES = Map.of(
            "Authz_customers", TenancyFields.MOST_CUSTOMERS,
            "Authz_group_ids_by_customer_ids", GroupFields.MOST_IDS);

    private static final ParserOptions PARSER_OPTIONS = ParserOptions.newParserOptions()
            .captureIgnoredChars(false)
            .captureLineComments(false)
            .captureSourceLocation(true)
            .maxCharacters(1 << 20)
            .maxTokens(15_000)
            .maxWhitespaceTokens(200_000)
            .maxRuleDepth(200)
            .build();

    private final List<Fields> fields;
    private final Failures failures;
    private final GraphQL engine;
    private final StillGood stillGood;

    /** What the API is about. */
    public record Parts(
            Ids ids,
            Customers customers,
            ApiKeys keys,
            Groups groups,
            AuditLog audit,
            Services services,
            ServiceImports imports,
            Retirement retirement,
            Nodes nodes,
            ClaimTokens claims,
            DesiredStates desired,
            Instances instances,
            InstanceViews views,
            WindowChanges windows,
            Rollouts rollouts,
            Reports reports,
            InstanceConfigs configs,
            GroupServices groupServices,
            AbsentInstances absent,
            InjectedKeys injectedKeys,
            Events events,
            Webhooks webhooks,
            LoginRules loginRules) {}

    /** @param stillGood asked before each thing that a call asks for */
    public FleetApi(Parts parts, StillGood stillGood) {
        this.stillGood = stillGood;
        this.fields = List.of(
                new TenancyFields(parts.customers, parts.keys),
                new GroupFields(parts.groups),
                new AuditFields(parts.audit),
                new ServiceFields(parts.services, parts.imports, parts.retirement),
                new NodeFields(parts.nodes, parts.groups, parts.desired, parts.instances, parts.views),
                new ClaimTokenFields(parts.claims),
                new InstanceFields(parts.instances, parts.views, parts.services),
                new WindowFields(parts.windows),
                new RolloutFields(parts.rollouts, parts.services, parts.reports, parts.instances, parts.views),
                new ConfigFields(parts.configs),
                new GroupServiceFields(parts.groupServices, parts.absent),
                new InjectedKeyFields(parts.injectedKeys),
                new EventFields(parts.events),
                new WebhookFields(parts.webhooks),
                new LoginRuleFields(parts.loginRules));
        this.failures = new Failures(parts.ids);
        this.engine = GraphQL.newGraphQL(schema())
                .queryExecutionStrategy(new AsyncExecutionStrategy(failures))
                // A subscription's answer is what it is about as that is now; who follows it asks again.
                .subscriptionExecutionStrategy(new AsyncExecutionStrategy(failures))
                .mutationExecutionStrategy(new AsyncSerialExecutionStrategy(failures))
                .instrumentation(new ChainedInstrumentation(List.of(
                        new MaxQueryDepthInstrumentation(DEEPEST),
                        new MaxQueryComplexityInstrumentation(MOST_FIELDS, FleetApi::complexity))))
                .build();
    }

    private GraphQLSchema schema() {
        RuntimeWiring.Builder wiring = RuntimeWiring.newRuntimeWiring()
                .scalar(LongScalar.type())
                .directive(NeededRole.DIRECTIVE, new NeededRole());
        fields.forEach(f -> f.wire(wiring));
        return NeededRole.checked(
                new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(text()), wiring.build()));
    }

    /** The public schema as it is documented. */
    static String text() {
        try (InputStream in = Objects.requireNonNull(FleetApi.class.getResourceAsStream(SCHEMA))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int complexity(FieldComplexityEnvironment field, int children) {
        long times = 1;
        Integer most = WITHOUT_PAGES.get(field.getFieldDefinition().getName());
        if (most != null) {
            times = most;
        } else if (field.getFieldDefinition().getArgument("take") != null) {
            times = field.getArguments().get("take") instanceof Integer take
                    ? Math.clamp(take, 1, Arguments.MOST_TAKEN)
                    : Arguments.USUALLY_TAKEN;
        } else if (!isPage(field.getParentType())
                && GraphQLTypeUtil.isList(
                        GraphQLTypeUtil.unwrapNonNull(field.getFieldDefinition().getType()))) {
            times = USUAL_LIST;
        }
        // A list of ids has no fields within and is as long all the same.
        long each = most == null ? children : Math.max(1, children);
        return (int) Math.min(Integer.MAX_VALUE / 4, 1 + times * each);
    }

    /** How long the list in it is has been counted by the {@code take} of the field that it answers. */
    private static boolean isPage(GraphQLCompositeType type) {
        return type instanceof GraphQLObjectType object && object.getFieldDefinition("next_cursor") != null;
    }

    /** Carries out a call. Never throws: whatever fails is an error in the answer. */
    GraphQlAnswer answer(GraphQlCall call, Caller caller) {
        return answer(call, caller, new Watched());
    }

    /** @param watched gets the devices that the answer is about, when the call is a subscription */
    GraphQlAnswer answer(GraphQlCall call, Caller caller, Watched watched) {
        ExecutionInput.Builder input = ExecutionInput.newExecutionInput()
                .query(call.query())
                .variables(new LinkedHashMap<>(call.variables()))
                .graphQLContext(context -> context.put(Caller.class, caller)
                        .put(StillGood.class, stillGood)
                        .put(Watched.class, watched)
                        .put(ParserOptions.class, PARSER_OPTIONS))
                .dataLoaderRegistry(loaders());
        call.operationName().ifPresent(input::operationName);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        try {
            ExecutionResult result = engine.execute(input.build());
            List<GraphQLError> errors = result.getErrors();
            if (!errors.isEmpty()) {
                body.put("errors", errors.stream().map(Failures::sent).toList());
            }
            if (result.isDataPresent()) {
                body.put("data", result.<Object>getData());
            }
            return new GraphQlAnswer(result.isDataPresent(), body);
        } catch (RuntimeException e) {
            body.put("errors", List.of(Failures.sent(failures.problem(e))));
            return new GraphQlAnswer(false, body);
        }
    }

    private DataLoaderRegistry loaders() {
        DataLoaderRegistry.Builder registry = new DataLoaderRegistry.Builder();
        fields.forEach(f -> f.loaders(registry));
        return registry.build();
    }

    /** What the call would do; nothing when that can't be told, which the engine refuses with words. */
    Optional<Operation> operation(GraphQlCall call) {
        try {
            return Parser.parse(ParserEnvironment.newParserEnvironment()
                            .document(call.query())
                            .parserOptions(PARSER_OPTIONS)
                            .build())
                    .getDefinitionsOfType(OperationDefinition.class)
                    .stream()
                    .filter(o -> call.operationName().isEmpty()
                            || call.operationName().equals(Optional.ofNullable(o.getName())))
                    .map(OperationDefinition::getOperation)
                    // Of several without a name the engine carries out none.
                    .max(Comparator.naturalOrder());
        } catch (InvalidSyntaxException e) {
            return Optional.empty();
        }
    }
}
