package dev.shiplog.event;

/**
 * Something that happened to the cluster. The three families follow the three parties: Git, the
 * cluster, the nodes.
 */
public sealed interface Event permits SourceEvent, ResourceEvent, SchedulerEvent, NodeEvent {}
