package dev.shiplog.loop;

import dev.shiplog.controller.Controller;
import dev.shiplog.controller.apiservice.ApiServiceController;
import dev.shiplog.controller.certificate.SigningRequestGarbageController;
import dev.shiplog.controller.clusterrole.ClusterRoleController;
import dev.shiplog.controller.daemonset.DaemonSetController;
import dev.shiplog.controller.declaration.DeclarationController;
import dev.shiplog.controller.deployment.DeploymentController;
import dev.shiplog.controller.disruption.DisruptionController;
import dev.shiplog.controller.endpoints.EndpointsController;
import dev.shiplog.controller.garbage.GarbageController;
import dev.shiplog.controller.ingress.IngressController;
import dev.shiplog.controller.namespace.NamespaceController;
import dev.shiplog.controller.node.NodeLifecycleController;
import dev.shiplog.controller.node.PodGarbageController;
import dev.shiplog.controller.quota.QuotaController;
import dev.shiplog.controller.replicaset.ReplicaSetController;
import dev.shiplog.controller.rootcertificate.RootCertificateController;
import dev.shiplog.controller.serviceaccount.ServiceAccountController;
import dev.shiplog.controller.work.WorkController;
import dev.shiplog.scheduler.Scheduler;

import java.util.List;

/** The controllers of a cluster. */
public final class Controllers {
    private Controllers() {}

    /** One fresh set, for one loop. */
    public static List<Controller> all() {
        return List.of(
                new DeclarationController(),
                new NamespaceController(),
                new ServiceAccountController(),
                new RootCertificateController(),
                new ApiServiceController(),
                new ClusterRoleController(),
                new DeploymentController(),
                ReplicaSetController.forReplicaSets(),
                ReplicaSetController.forReplicationControllers(),
                new DaemonSetController(),
                new DisruptionController(),
                new EndpointsController(),
                new IngressController(),
                new QuotaController(),
                new SigningRequestGarbageController(),
                new GarbageController(),
                new PodGarbageController(),
                new NodeLifecycleController(),
                new Scheduler(),
                new WorkController());
    }
}
