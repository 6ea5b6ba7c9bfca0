package dev.shiplog.event;

/**
 * Something that happened to the cluster. The families follow the parties: Git, the cluster, its
 * schedulers, the nodes, and those who ask for something.
 */
public sealed interface Event
        permits SourceEvent, ResourceEvent, SchedulerEvent, NodeEvent, AccessEvent {}
