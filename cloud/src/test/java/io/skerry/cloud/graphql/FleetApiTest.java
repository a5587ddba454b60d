package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the Unwired Edge Cloud's documentation run as they are written there, but for ids and hosts. */
@Tag(TestDatabase.TAG)
class FleetApiTest extends FleetApiScene {
    FleetApiTest(@TempDir Path root) {
        super(root);
    }

    @Test
    void importsAsTheDocumentationDoes() {
        Object id = value(fleet.ask("""
                        mutation import_with_gpsd_access {
                          DM_import_node_service(
                            input: {
                              customer_id: "%s"
                              node_service_input: {
                                container_image: "your-image"
                                name: "your-service"
                                access_gpsd_enabled: false
                              }
                              image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}]
                            }
                          )
                        }
                        """.formatted(customer)), "DM_import_node_service");
        Object page = value(fleet.ask("""
                        query DM_get_node_services {
                          DM_get_node_services(customer_id: "%s", take: 10) {
                            services {
                              name
                              node_service_id
                              container_version
                              container_image
                            }
                          }
                        }
                        """.formatted(customer)), "DM_get_node_services");
        assertThat(page)
                .isEqualTo(Map.of(
                        "services",
                        List.of(Map.of(
                                "name",
                                "your-service",
                                "node_service_id",
                                id,
                                "container_version",
                                1L,
                                "container_image",
                                "your-image"))));
    }

    @Test
    void refusesGpsdAccessWithWordsUntilADeviceCanHaveIt() {
        var answer = fleet.ask("""
                mutation import_with_gpsd_access {
                  DM_import_node_service(
                    input: {
                      customer_id: "%s"
                      node_service_input: {
                        container_image: "your-image"
                        name: "your-service"
                        access_gpsd_enabled: true
                      }
                      image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}]
                    }
                  )
                }
                """.formatted(customer));
        assertThat(code(answer)).isEqualTo("capability.unsupported");
        assertThat(message(answer)).contains("access_gpsd_enabled");
        assertThat(registry.asked()).isZero();
    }

    @Test
    void theExampleWithOnlyMetadataSaysWhatNamesTheService() {
        String example = """
                mutation import_container_with_volume {
                  DM_import_node_service(
                    input: {
                      customer_id: "%s"
                      %s
                      metadata: {
                        memory_limit_mb: 50
                        volumes: [
                          {
                            source: "data"
                            target: "/data"
                          }
                        ]
                      }
                    }
                  )
                }
                """;
        assertThat(code(fleet.ask(example.formatted(customer, "")))).isEqualTo("service.unnamed");

        String service = imported("web");
        assertThat(value(
                        fleet.ask(example.formatted(customer, "node_service_id: \"" + service + "\"")),
                        "DM_import_node_service"))
                .isEqualTo(service);
        Map<?, ?> found = object(fleet.ask("""
                        { DM_get_node_service(node_service_id: "%s") { container_version container_image
                            versions { versions { container_version memory_limit_mb volumes { source target }
                                images { arch image_reference } } } } }
                        """.formatted(service)), "DM_get_node_service");
        assertThat(found)
                .isEqualTo(Map.of(
                        "container_version",
                        2L,
                        "container_image",
                        "your-image",
                        "versions",
                        Map.of(
                                "versions",
                                List.of(
                                        Map.of(
                                                "container_version",
                                                2L,
                                                "memory_limit_mb",
                                                50L,
                                                "volumes",
                                                List.of(Map.of("source", "data", "target", "/data")),
                                                "images",
                                                List.of(Map.of(
                                                        "arch",
                                                        "amd64",
                                                        "image_reference",
                                                        "registry.example/your-image:latest"))),
                                        Map.of(
                                                "container_version",
                                                1L,
                                                "memory_limit_mb",
                                                128L,
                                                "volumes",
                                                List.of(),
                                                "images",
                                                List.of(Map.of(
                                                        "arch",
                                                        "amd64",
                                                        "image_reference",
                                                        "registry.example/your-image:latest")))))));
    }

    @Test
    void followsEachSelectorOfTheDocumentation() {
        String service = imported("web");
        String instance = added(service);
        imported("web");
        assertThat(standing(instance)).containsEntry("target_version", 2L);

        assertThat(value(fleet.ask("""
                                mutation DM_update_node_service_instance_rollout_config {
                                  DM_update_node_service_instance_rollout_config(
                                    node_service_instance_ids: ["%s"]
                                    version_target_selector: { value: "version:1" }
                                  )
                                }
                                """.formatted(instance)), "DM_update_node_service_instance_rollout_config"))
                .isEqualTo(List.of(instance));
        assertThat(standing(instance))
                .containsEntry("target_version", 1L)
                .containsEntry("version_target_selector", "version:1");

        select(instance, "{ value: \"disabled\" }");
        imported("web");
        assertThat(standing(instance))
                .containsEntry("target_version", 1L)
                .containsEntry("state", "disabled")
                .containsEntry("version_target_selector", "disabled");

        select(instance, "{ value: null }");
        assertThat(standing(instance))
                .containsEntry("target_version", 3L)
                .containsEntry("version_target_selector", null);

        select(instance, "{ value: \"version:1\" }");
        select(instance, "null");
        assertThat(standing(instance))
                .containsEntry("target_version", 3L)
                .containsEntry("version_target_selector", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"version:201", "version:0", "version:-1", "version:x", "latest", "", "branch:main"})
    void aSelectorThatCanNotBeFollowedIsRefusedAndChangesNothing(String selector) {
        String instance = added(imported("web"));
        var answer = fleet.ask(selection(instance, "{ value: \"" + selector + "\" }"));
        assertThat(code(answer)).isIn("selector.malformed", "service.version-unknown");
        assertThat(standing(instance)).containsEntry("version_target_selector", null);
    }

    @Test
    void aForgottenSelectorIsNotTakenForTheLatest() {
        String instance = added(imported("web"));
        assertThat(code(fleet.ask("mutation { DM_update_node_service_instance_rollout_config("
                        + "node_service_instance_ids: [\"" + instance + "\"]) }")))
                .isEqualTo("selector.missing");
        assertThat(code(fleet.ask(selection(instance, "{}")))).isEqualTo("selector.missing");
    }

    @Test
    void anArchitectureThatTheDeviceHasNotIsRefusedAtAdd() {
        String service = imported("web");
        String arm = fleet.node(customer, "arm", Architecture.ARM64);
        var answer = fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"%s\") }"
                .formatted(service, arm));
        assertThat(code(answer)).isEqualTo("instance.architecture-missing");
        assertThat(message(answer)).contains("arm64").contains("amd64");
        assertThat(fleet.instances.ofService(service)).isEmpty();
    }

    @Test
    void aDeviceMayHaveTwoInstancesOfOneService() {
        String service = imported("web");
        assertThat(added(service)).isNotEqualTo(added(service));
        Map<?, ?> rollout = object(
                fleet.ask("{ DM_get_node_service_rollout(node_service_id: \"" + service
                        + "\") { total waiting_offline container_version } }"),
                "DM_get_node_service_rollout");
        assertThat(rollout).isEqualTo(Map.of("total", 2L, "waiting_offline", 2L, "container_version", 1L));
        Map<?, ?> nodes = object(
                fleet.ask("{ DM_get_nodes(customer_id: \"" + customer
                        + "\") { nodes { name arch phase desired_position instances { service_name state } } } }"),
                "DM_get_nodes");
        assertThat(nodes.toString()).contains("service_name=web", "state=pending", "desired_position=1.3");
    }

    private void select(String instance, String selector) {
        assertThat(value(fleet.ask(selection(instance, selector)), "DM_update_node_service_instance_rollout_config"))
                .isEqualTo(List.of(instance));
    }

    private static String selection(String instance, String selector) {
        return "mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\"" + instance
                + "\"], version_target_selector: " + selector + ") }";
    }
}
