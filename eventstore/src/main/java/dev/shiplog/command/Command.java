package dev.shiplog.command;

/** A request to change the cluster. */
public sealed interface Command
        permits SourceCommand, ResourceCommand, SchedulerCommand, NodeCommand, AccessCommand {}
