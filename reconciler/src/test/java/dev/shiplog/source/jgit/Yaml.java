package dev.shiplog.source.jgit;

/** Manifests for tests. */
final class Yaml {
    private Yaml() {}

    static String namespace(String name) {
        return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n";
    }

    static String deployment(String namespace, String name, int replicas, String image) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %s
          namespace: %s
        spec:
          replicas: %d
          selector:
            matchLabels: {app: %s}
          template:
            metadata:
              labels: {app: %s}
            spec:
              containers:
              - name: main
                image: %s
        """
                .formatted(name, namespace, replicas, name, name, image);
    }

    static String pod(String namespace, String name) {
        return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: %s
        spec:
          containers:
          - name: main
            image: busybox:1.37
        """
                .formatted(name, namespace);
    }
}
