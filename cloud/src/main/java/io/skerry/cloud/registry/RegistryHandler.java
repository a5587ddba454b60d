package io.skerry.cloud.registry;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.web.Bodies;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.Index;
import io.skerry.content.oci.MediaTypes;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OCI distribution protocol under {@code /v2/}, read only: repository {@code <customer id>/<service name>}, each
 * version's number and {@code latest} as tags. Blocks its thread for the database, so it belongs on virtual threads; blobs
 * hold none while their receiver takes its time.
 */
public final class RegistryHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryHandler.class);
    private static final int BUFFER = 64 << 10;
    private static final int MOST_TAGS = 1000;
    private static final String OCTETS = "application/octet-stream";

    private final StoredImages images;
    private final Blobs blobs;
    private final ReaderAuthenticator authenticator;

    public RegistryHandler(StoredImages images, Blobs blobs, ReaderAuthenticator authenticator) {
        this.images = images;
        this.blobs = blobs;
        this.authenticator = authenticator;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put("Docker-Distribution-API-Version", "registry/2.0");
        Exchange exchange = new Exchange(request, response, callback);
        Optional<Reader> reader = authenticator.reader(request);
        if (reader.isEmpty()) {
            authenticator.challenge().ifPresent(way -> response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, way));
            exchange.refuse(HttpStatus.UNAUTHORIZED_401, "UNAUTHORIZED", "Log in with an API key as the password.");
            return true;
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            exchange.refuse(
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    "UNSUPPORTED",
                    "This registry is read only; images come in by DM_import_node_service.");
            return true;
        }
        try {
            serve(exchange, reader.get());
        } catch (ProblemException e) {
            LOG.error("The registry can't serve {}", Request.getPathInContext(request), e);
            if (e.code().equals("content.unavailable")) {
                exchange.refuse(HttpStatus.SERVICE_UNAVAILABLE_503, "UNKNOWN", "The content can't be reached now.");
            } else {
                exchange.refuse(
                        HttpStatus.INTERNAL_SERVER_ERROR_500, "UNKNOWN", "The content is damaged or can't be read.");
            }
        }
        return true;
    }

    private void serve(Exchange exchange, Reader reader) {
        Optional<RegistryPath> path = RegistryPath.parse(Request.getPathInContext(exchange.request));
        if (path.isEmpty()) {
            exchange.refuse(HttpStatus.NOT_FOUND_404, "NAME_UNKNOWN", "There is nothing here.");
            return;
        }
        switch (path.get()) {
            case RegistryPath.Base base -> exchange.bytes("application/json", "{}".getBytes(StandardCharsets.UTF_8));
            case RegistryPath.Tagged(var repository, var tag) ->
                images.tagged(repository, tag, reader).ifPresentOrElse(exchange::index, exchange::unknownManifest);
            case RegistryPath.Manifest(var repository, var digest) ->
                images.manifest(repository, digest, reader)
                        .ifPresentOrElse(
                                manifest -> exchange.file(manifest, manifest.mediaType()),
                                () -> images.index(repository, digest, reader)
                                        .ifPresentOrElse(exchange::index, exchange::unknownManifest));
            case RegistryPath.Blob(var repository, var digest) ->
                images.blob(repository, digest, reader)
                        .ifPresentOrElse(
                                blob -> exchange.file(blob, OCTETS),
                                () -> exchange.refuse(
                                        HttpStatus.NOT_FOUND_404, "BLOB_UNKNOWN", "There is no such blob here."));
            case RegistryPath.Tags(var repository) ->
                images.tags(repository, reader)
                        .ifPresentOrElse(
                                tags -> exchange.tags(repository, tags),
                                () -> exchange.refuse(
                                        HttpStatus.NOT_FOUND_404, "NAME_UNKNOWN", "There is no such repository here."));
        }
    }

    /** One request and where its answer goes. */
    private final class Exchange {
        private final Request request;
        private final Response response;
        private final Callback callback;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        private boolean head() {
            return request.getMethod().equals("HEAD");
        }

        void unknownManifest() {
            refuse(HttpStatus.NOT_FOUND_404, "MANIFEST_UNKNOWN", "There is no such manifest here.");
        }

        /** An error in the protocol's form. */
        void refuse(int status, String code, String message) {
            Bodies.leave(request, response);
            response.setStatus(status);
            bytes(
                    "application/json",
                    ("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}")
                            .getBytes(StandardCharsets.UTF_8));
        }

        void index(Index index) {
            byte[] json = index.toJson();
            if (named(Digest.of(json))) {
                bytes(MediaTypes.OCI_INDEX, json);
            }
        }

        /** Says what is coming; false when the client has it already and was told so. */
        private boolean named(Digest digest) {
            String tag = "\"" + digest.value() + "\"";
            HttpFields.Mutable headers = response.getHeaders();
            headers.put(HttpHeader.ETAG, tag);
            headers.put("Docker-Content-Digest", digest.value());
            if (request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH).contains(tag)) {
                response.setStatus(HttpStatus.NOT_MODIFIED_304);
                response.write(true, ByteBuffer.allocate(0), callback);
                return false;
            }
            return true;
        }

        void bytes(String mediaType, byte[] bytes) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
            response.write(true, head() ? ByteBuffer.allocate(0) : ByteBuffer.wrap(bytes), callback);
        }

        void file(Descriptor content, String mediaType) {
            long size = blobs.size(content.digest());
            HttpFields.Mutable headers = response.getHeaders();
            headers.put(HttpHeader.ACCEPT_RANGES, "bytes");
            if (!named(content.digest())) {
                return;
            }
            Optional<ByteRange> range = Optional.ofNullable(request.getHeaders().get(HttpHeader.RANGE))
                    .flatMap(header -> ByteRange.parse(header, size));
            if (range.filter(r -> r.length() == 0).isPresent()) {
                headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + size);
                refuse(HttpStatus.RANGE_NOT_SATISFIABLE_416, "RANGE_INVALID", "The blob has no such bytes.");
                return;
            }
            range.ifPresent(r -> {
                response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
                headers.put(HttpHeader.CONTENT_RANGE, r.of(size));
            });
            ByteRange part = range.orElse(new ByteRange(0, size));
            headers.put(HttpHeader.CONTENT_TYPE, mediaType);
            headers.put(HttpHeader.CONTENT_LENGTH, part.length());
            if (head() || part.length() == 0) {
                response.write(true, ByteBuffer.allocate(0), callback);
                return;
            }
            // A stream of fixed length: when it breaks, so does the connection, and nobody takes what came for the
            // whole.
            var buffers = new ByteBufferPool.Sized(request.getComponents().getByteBufferPool(), false, BUFFER);
            Content.copy(
                    Content.Source.from(buffers, blobs.open(content.digest(), part.first(), part.length())),
                    response,
                    callback);
        }

        void tags(RegistryPath.Repository repository, List<String> all) {
            Fields parameters = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
            String last = Optional.ofNullable(parameters.getValue("last")).orElse("");
            int most = most(parameters);
            List<String> after =
                    all.stream().filter(tag -> tag.compareTo(last) > 0).toList();
            List<String> page = after.stream().limit(most).toList();
            if (page.size() < after.size() && !page.isEmpty()) {
                response.getHeaders()
                        .put(new HttpField(
                                "Link",
                                "</v2/" + repository + "/tags/list?n=" + most + "&last=" + page.getLast()
                                        + ">; rel=\"next\""));
            }
            String tags = page.isEmpty() ? "" : "\"" + String.join("\",\"", page) + "\"";
            bytes(
                    "application/json",
                    ("{\"name\":\"" + repository + "\",\"tags\":[" + tags + "]}").getBytes(StandardCharsets.UTF_8));
        }

        private static int most(Fields parameters) {
            String asked = Optional.ofNullable(parameters.getValue("n")).orElse("");
            return asked.matches("[0-9]{1,6}") ? Math.min(MOST_TAGS, Integer.parseInt(asked)) : MOST_TAGS;
        }
    }
}
