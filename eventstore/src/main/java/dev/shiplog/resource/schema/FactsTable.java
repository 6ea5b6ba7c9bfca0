package dev.shiplog.resource.schema;

/**
 * What Kubernetes' API says of its fields beyond their types. One line per field, {@code Type.field
 * fact ...}, or per type, {@code Type atomic}; a type that several groups have is written with its
 * group and version. Lists are atomic and mappings granular where nothing else is said.
 *
 * <ul>
 *   <li>{@code atomic}: x-kubernetes-map-type
 *   <li>{@code set}, {@code map(keys)}: x-kubernetes-list-type and x-kubernetes-list-map-keys, with
 *       the default of a key
 *   <li>{@code merge(key)}, {@code retainKeys}, {@code replace}: x-kubernetes-patch-strategy and
 *       x-kubernetes-patch-merge-key
 *   <li>{@code Type ! field ...}: required fields
 * </ul>
 */
final class FactsTable {
    static final String TEXT =
            """
            CertificateSigningRequestStatus.conditions map(type)
            ConfigMapKeySelector atomic
            Container.env map(name) merge(name)
            Container.ports map(containerPort,protocol=TCP) merge(containerPort)
            Container.volumeDevices map(devicePath) merge(devicePath)
            Container.volumeMounts map(mountPath) merge(mountPath)
            ContainerRestartRuleOnExitCodes.values set
            ContainerStatus.allocatedResourcesStatus map(name) merge(name)
            ContainerStatus.volumeMounts map(mountPath) merge(mountPath)
            DaemonSetStatus.conditions map(type) merge(type)
            DeploymentSpec.strategy retainKeys
            DeploymentStatus.conditions map(type) merge(type)
            Endpoint.addresses set
            EndpointAddress atomic
            EphemeralContainer.env map(name) merge(name)
            EphemeralContainer.ports map(containerPort,protocol=TCP) merge(containerPort)
            EphemeralContainer.volumeDevices map(devicePath) merge(devicePath)
            EphemeralContainer.volumeMounts map(mountPath) merge(mountPath)
            EvictionResponder atomic
            FileKeySelector atomic
            JobSchedulingConfiguration.resourceClaims map(name) merge(name)
            JobStatus.conditions merge(type)
            LabelSelector atomic
            LocalObjectReference atomic
            NamespaceStatus.conditions map(type) merge(type)
            NodeAllocatableResourceClaimStatus.containers set
            NodeAllocatableResourceClaimStatus.mapping map(name) merge(name)
            NodeAllocatableResourceClaimStatus.overhead map(name) merge(name)
            NodePodPreemptionPolicy.disableResizePreemption set
            NodeSelector atomic
            NodeSelectorTerm atomic
            NodeSpec.podCIDRs set merge
            NodeStatus.addresses map(type) merge(type)
            NodeStatus.conditions map(type) merge(type)
            ObjectFieldSelector atomic
            ObjectMeta.finalizers set merge
            ObjectMeta.ownerReferences map(uid) merge(uid)
            ObjectReference atomic
            OwnerReference atomic
            PersistentVolumeClaimStatus.conditions map(type) merge(type)
            PodDisruptionBudgetSpec.selector replace
            PodDisruptionBudgetStatus.conditions map(type) merge(type)
            PodFailurePolicyOnExitCodesRequirement.values set
            PodSpec.containers map(name) merge(name)
            PodSpec.ephemeralContainers map(name) merge(name)
            PodSpec.evictionResponders map(name) merge(name)
            PodSpec.hostAliases map(ip) merge(ip)
            PodSpec.imagePullSecrets map(name) merge(name)
            PodSpec.initContainers map(name) merge(name)
            PodSpec.nodeSelector atomic
            PodSpec.resourceClaims map(name) merge(name) retainKeys
            PodSpec.schedulingGates map(name) merge(name)
            PodSpec.topologySpreadConstraints map(topologyKey,whenUnsatisfiable) merge(topologyKey)
            PodSpec.volumes map(name) merge(name) retainKeys
            PodStatus.conditions map(type) merge(type)
            PodStatus.hostIPs merge(ip)
            PodStatus.nodeAllocatableResourceClaimStatuses map(resourceClaimName) merge(resourceClaimName)
            PodStatus.podIPs map(ip) merge(ip)
            PodStatus.resourceClaimStatuses map(name) merge(name) retainKeys
            PodStatus.volumeHealth map(name)
            PodVolumeHealth.healthConditions map(status,reason) merge(status)
            ReplicaSetStatus.conditions map(type) merge(type)
            ReplicationControllerSpec.selector atomic
            ReplicationControllerStatus.conditions map(type) merge(type)
            ResourceFieldSelector atomic
            ResourceRequirements.claims map(name)
            ResourceStatus.resources map(resourceID)
            RoleRef atomic
            ScopeSelector atomic
            SecretKeySelector atomic
            SecretReference atomic
            ServiceAccount.secrets map(name) merge(name)
            ServiceBackendPort atomic
            ServiceSpec.ports map(port,protocol=TCP) merge(port)
            ServiceSpec.selector atomic
            ServiceStatus.conditions map(type) merge(type)
            StatefulSetStatus.conditions map(type) merge(type)
            Subject atomic
            TopologySelectorTerm atomic
            TypedLocalObjectReference atomic
            UncountedTerminatedPods.failed set
            UncountedTerminatedPods.succeeded set
            VolumeHealthStatus.healthConditions map(status,reason) merge(status)
            VolumeMount.bindMountOptions set
            autoscaling.v1.CrossVersionObjectReference atomic
            autoscaling.v2.HorizontalPodAutoscalerStatus.conditions map(type) merge(type)
            core.v1.EndpointPort atomic
            discovery.v1.EndpointPort atomic
            AWSElasticBlockStoreVolumeSource ! volumeID
            AppArmorProfile ! type
            AttachedVolume ! devicePath name
            AzureDiskVolumeSource ! diskName diskURI
            AzureFilePersistentVolumeSource ! secretName shareName
            AzureFileVolumeSource ! secretName shareName
            CSIPersistentVolumeSource ! driver volumeHandle
            CSIVolumeSource ! driver
            CephFSPersistentVolumeSource ! monitors
            CephFSVolumeSource ! monitors
            CertificateSigningRequest ! spec
            CertificateSigningRequestCondition ! status type
            CertificateSigningRequestSpec ! request signerName
            CinderPersistentVolumeSource ! volumeID
            CinderVolumeSource ! volumeID
            ClusterRoleBinding ! roleRef
            ClusterTrustBundleProjection ! path
            Condition ! lastTransitionTime message reason status type
            ConfigMapKeySelector ! key
            ConfigMapNodeConfigSource ! kubeletConfigKey name namespace
            Container ! name
            ContainerExtendedResourceRequest ! containerName requestName resourceName
            ContainerPort ! containerPort
            ContainerResizePolicy ! resourceName restartPolicy
            ContainerResourceMetricSource ! container name target
            ContainerResourceMetricStatus ! container current name
            ContainerStateTerminated ! exitCode
            ContainerStatus ! image imageID name ready restartCount
            CronJobSpec ! jobTemplate schedule
            DaemonEndpoint ! Port
            DaemonSetSpec ! selector template
            DaemonSetStatus ! currentNumberScheduled desiredNumberScheduled
            DaemonSetStatus ! numberMisscheduled numberReady
            DeploymentSpec ! selector template
            DownwardAPIVolumeFile ! path
            Endpoint ! addresses
            EndpointAddress ! ip
            EndpointSlice ! addressType
            EnvVar ! name
            EphemeralContainer ! name
            EvictionResponder ! name priority
            ExternalMetricSource ! metric target
            ExternalMetricStatus ! current metric
            FileKeySelector ! key path volumeName
            FlexPersistentVolumeSource ! driver
            FlexVolumeSource ! driver
            ForNode ! name
            ForZone ! name
            GCEPersistentDiskVolumeSource ! pdName
            GRPCAction ! port
            GitRepoVolumeSource ! repository
            GlusterfsPersistentVolumeSource ! endpoints path
            GlusterfsVolumeSource ! endpoints path
            HPAScalingPolicy ! periodSeconds type value
            HTTPGetAction ! port
            HTTPHeader ! name value
            HTTPIngressPath ! backend pathType
            HTTPIngressRuleValue ! paths
            HorizontalPodAutoscalerCondition ! status type
            HostAlias ! ip
            HostIP ! ip
            HostPathVolumeSource ! path
            IPBlock ! cidr
            ISCSIPersistentVolumeSource ! iqn lun targetPortal
            ISCSIVolumeSource ! iqn lun targetPortal
            IngressClassParametersReference ! kind name
            IngressPortStatus ! port protocol
            IngressServiceBackend ! name
            JobCondition ! status type
            JobSpec ! template
            KeyToPath ! key path
            LabelSelectorRequirement ! key operator
            LimitRangeItem ! type
            LimitRangeSpec ! limits
            LinuxContainerUser ! gid uid
            LocalVolumeSource ! path
            MetricIdentifier ! name
            MetricSpec ! type
            MetricStatus ! type
            MetricTarget ! type
            ModifyVolumeStatus ! status
            NFSVolumeSource ! path server
            NamespaceCondition ! status type
            NodeAddress ! address type
            NodeAllocatableMappedResources ! name quantity
            NodeAllocatableOverheadResources ! name
            NodeAllocatableResourceClaimStatus ! resourceClaimName
            NodeCondition ! status type
            NodeSelector ! nodeSelectorTerms
            NodeSelectorRequirement ! key operator
            NodeSystemInfo ! architecture bootID containerRuntimeVersion kernelVersion
            NodeSystemInfo ! kubeProxyVersion kubeletVersion machineID operatingSystem
            NodeSystemInfo ! osImage systemUUID
            ObjectFieldSelector ! fieldPath
            ObjectMetricSource ! describedObject metric target
            ObjectMetricStatus ! current describedObject metric
            OwnerReference ! apiVersion kind name uid
            PersistentVolumeClaimCondition ! status type
            PersistentVolumeClaimTemplate ! spec
            PersistentVolumeClaimVolumeSource ! claimName
            PhotonPersistentDiskVolumeSource ! pdID
            PodAffinityTerm ! topologyKey
            PodCondition ! status type
            PodExtendedResourceClaimStatus ! requestMappings resourceClaimName
            PodFailurePolicy ! rules
            PodFailurePolicyOnExitCodesRequirement ! operator values
            PodFailurePolicyOnPodConditionsPattern ! type
            PodFailurePolicyRule ! action
            PodIP ! ip
            PodOS ! name
            PodReadinessGate ! conditionType
            PodResourceClaim ! name
            PodResourceClaimStatus ! name
            PodSchedulingGate ! name
            PodSpec ! containers
            PodVolumeHealth ! name
            PodsMetricSource ! metric target
            PodsMetricStatus ! current metric
            PolicyRule ! verbs
            PortStatus ! port protocol
            PortworxVolumeSource ! volumeID
            PreferredSchedulingTerm ! preference weight
            QuobyteVolumeSource ! registry volume
            RBDPersistentVolumeSource ! image monitors
            RBDVolumeSource ! image monitors
            ReplicaSetSpec ! selector
            ReplicaSetStatus ! replicas
            ReplicationControllerCondition ! status type
            ReplicationControllerStatus ! replicas
            ResourceClaim ! name
            ResourceFieldSelector ! resource
            ResourceHealth ! resourceID
            ResourceMetricSource ! name target
            ResourceMetricStatus ! current name
            ResourceStatus ! name
            RoleBinding ! roleRef
            RoleRef ! kind name
            ScaleIOPersistentVolumeSource ! gateway secretRef system
            ScaleIOVolumeSource ! gateway secretRef system
            ScopedResourceSelectorRequirement ! operator scopeName
            SeccompProfile ! type
            SecretKeySelector ! key
            ServiceAccountTokenProjection ! path
            ServicePort ! port
            SleepAction ! seconds
            StatefulSetSpec ! selector template
            StatefulSetStatus ! replicas
            StorageClass ! provisioner
            Subject ! kind name
            SuccessPolicy ! rules
            Sysctl ! name value
            TCPSocketAction ! port
            Taint ! effect key
            TopologySelectorLabelRequirement ! key values
            TopologySpreadConstraint ! maxSkew topologyKey whenUnsatisfiable
            TypedLocalObjectReference ! kind name
            TypedObjectReference ! kind name
            Volume ! name
            VolumeDevice ! devicePath name
            VolumeHealthCondition ! reason status
            VolumeMount ! mountPath name
            VolumeMountStatus ! mountPath name
            VsphereVirtualDiskVolumeSource ! volumePath
            WeightedPodAffinityTerm ! podAffinityTerm weight
            autoscaling.v1.CrossVersionObjectReference ! kind name
            autoscaling.v1.HorizontalPodAutoscalerSpec ! maxReplicas scaleTargetRef
            autoscaling.v1.HorizontalPodAutoscalerStatus ! currentReplicas
            autoscaling.v1.HorizontalPodAutoscalerStatus ! desiredReplicas
            autoscaling.v2.CrossVersionObjectReference ! kind name
            autoscaling.v2.HorizontalPodAutoscalerSpec ! maxReplicas scaleTargetRef
            autoscaling.v2.HorizontalPodAutoscalerStatus ! desiredReplicas
            core.v1.EndpointPort ! port
            core.v1.Event ! involvedObject metadata
            events.v1.Event ! eventTime
            events.v1.EventSeries ! count lastObservedTime
            """;

    private FactsTable() {}
}
