package dev.shiplog.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * One repository, spoken to in Git's smart HTTP protocol (git-scm.com/docs/http-protocol and {@code
 * protocol-v2}). Three requests make up the protocol; the HTTP layer owns status, headers and
 * authentication, this owns every byte of the bodies.
 *
 * <table>
 * <caption>How the HTTP layer maps requests</caption>
 * <tr><td>{@code GET …/info/refs?service=S}</td><td>{@link #infoRefs}; {@code Content-Type:
 * application/x-S-advertisement}</td></tr>
 * <tr><td>{@code POST …/git-upload-pack}</td><td>{@link #uploadPack}; {@code Content-Type:
 * application/x-git-upload-pack-result}</td></tr>
 * <tr><td>{@code POST …/git-receive-pack}</td><td>{@link #receivePack}; {@code Content-Type:
 * application/x-git-receive-pack-result}</td></tr>
 * </table>
 *
 * <p>All answers carry {@code Cache-Control: no-cache}. A refused push is an ordinary answer of
 * status 200: the refusal is inside the body, and {@code git} prints it. An {@link IOException}
 * means that the client went away or sent what is not Git; status 400 if nothing was written yet.
 * Calls may run side by side; pushes take turns by themselves.
 */
public interface GitRepository {
    /**
     * Writes the advertisement of references.
     *
     * @param protocol the {@code Git-Protocol} request header, such as {@code version=2}; empty if
     *     the client sent none
     */
    void infoRefs(Service service, String protocol, OutputStream out) throws IOException;

    /**
     * Serves a fetch or clone.
     *
     * @param gzip whether the request says {@code Content-Encoding: gzip}; this unpacks it
     * @param protocol as in {@link #infoRefs}
     */
    void uploadPack(InputStream in, boolean gzip, OutputStream out, String protocol)
            throws IOException;

    /**
     * Takes a push: checks it, makes it the truth and says so, or refuses it and changes nothing.
     * When this returns, everything that the push changed is durable.
     *
     * @param gzip as in {@link #uploadPack}
     */
    void receivePack(InputStream in, boolean gzip, OutputStream out, Pusher pusher)
            throws IOException;

    /** The two services of the protocol. */
    enum Service {
        /** Fetch and clone. */
        UPLOAD_PACK("git-upload-pack"),
        /** Push. */
        RECEIVE_PACK("git-receive-pack");

        private final String wireName;

        Service(String wireName) {
            this.wireName = wireName;
        }

        /** As in URLs and content types, such as {@code git-upload-pack}. */
        public String wireName() {
            return wireName;
        }

        /** The service of a wire name; empty if Git has none of that name: answer 403. */
        public static Optional<Service> of(String wireName) {
            for (Service service : values()) {
                if (service.wireName.equals(wireName)) {
                    return Optional.of(service);
                }
            }
            return Optional.empty();
        }
    }
}
