package io.skerry.cloud.graphql;

import graphql.language.DirectivesContainer;
import graphql.language.EnumValue;
import graphql.language.FieldDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.diff.SchemaDiff;
import graphql.schema.diff.SchemaDiffSet;
import graphql.schema.diff.reporting.CapturingReporter;
import graphql.schema.idl.SchemaParser;
import io.skerry.cloud.tenancy.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What of a schema's change breaks callers who were written for the schema before. */
final class SchemaChanges {
    private SchemaChanges() {}

    /** One sentence each; empty when whoever was served before is served as well now. */
    static List<String> breaking(String before, String after) {
        var reporter = new CapturingReporter();
        new SchemaDiff().diffSchema(SchemaDiffSet.diffSetFromSdl(before, after), reporter);
        List<String> breaking = new ArrayList<>();
        reporter.getBreakages().stream()
                // It doesn't say which; see below.
                .filter(event -> !event.getReasonMsg().contains("less arguments"))
                .map(event -> event.getTypeName() + ": " + event.getReasonMsg())
                .forEach(breaking::add);
        Set<String> argumentsAfter = arguments(after);
        Set<String> fieldsAfter = fields(after).keySet();
        fields(before)
                .forEach((field, definition) -> definition.getInputValueDefinitions().stream()
                        .map(a -> field + "(" + a.getName() + ")")
                        .filter(a -> fieldsAfter.contains(field) && !argumentsAfter.contains(a))
                        .forEach(a -> breaking.add(a + ": The new API has no such argument.")));
        Map<String, Role> rolesAfter = roles(after);
        roles(before)
                .forEach((field, role) -> Optional.ofNullable(rolesAfter.get(field))
                        .filter(now -> !role.includes(now))
                        .ifPresent(now -> breaking.add(
                                field + " needs the role " + now.word() + ", where " + role.word() + " was enough.")));
        return breaking.stream().distinct().toList();
    }

    private static Map<String, FieldDefinition> fields(String schema) {
        Map<String, FieldDefinition> fields = new TreeMap<>();
        new SchemaParser()
                .parse(schema)
                .getTypes(ObjectTypeDefinition.class)
                .forEach(type -> type.getFieldDefinitions()
                        .forEach(field -> fields.put(type.getName() + "." + field.getName(), field)));
        return fields;
    }

    private static Set<String> arguments(String schema) {
        return fields(schema).entrySet().stream()
                .flatMap(e ->
                        e.getValue().getInputValueDefinitions().stream().map(a -> e.getKey() + "(" + a.getName() + ")"))
                .collect(Collectors.toSet());
    }

    private static Map<String, Role> roles(String schema) {
        Map<String, Role> roles = new TreeMap<>();
        fields(schema).forEach((name, field) -> role(field).ifPresent(role -> roles.put(name, role)));
        return roles;
    }

    private static Optional<Role> role(DirectivesContainer<FieldDefinition> field) {
        return field.getDirectives(NeededRole.DIRECTIVE).stream()
                .map(d -> Objects.requireNonNull(d.getArgument("role")).getValue())
                .map(v -> Role.of(((EnumValue) v).getName()))
                .findFirst();
    }
}
