package dev.shiplog.journal.axon;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.journal.Journal;

import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.common.configuration.ComponentRegistry;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.commandhandling.CommandHandler;
import org.axonframework.messaging.commandhandling.configuration.CommandHandlingModule;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.interception.DefaultDispatchInterceptorRegistry;
import org.axonframework.messaging.core.interception.DefaultHandlerInterceptorRegistry;
import org.axonframework.messaging.core.interception.DispatchInterceptorRegistry;
import org.axonframework.messaging.core.interception.HandlerInterceptorRegistry;

import java.util.function.Function;

/** The whole configuration of Axon: an engine, what events are about, one handler of commands. */
final class AxonParts {
    private static final String VERSION = "1";
    private static final MessageType SOURCE = new MessageType("SourceCommand", VERSION);
    private static final MessageType RESOURCE = new MessageType("ResourceCommand", VERSION);
    private static final MessageType SCHEDULER = new MessageType("SchedulerCommand", VERSION);
    private static final MessageType NODE = new MessageType("NodeCommand", VERSION);
    private static final MessageType ACCESS = new MessageType("AccessCommand", VERSION);

    private AxonParts() {}

    static AxonConfiguration start(
            Journal journal,
            LedgerMessages messages,
            Function<EventStore, CommandHandler> handler) {
        CommandHandlingModule.CommandHandlerPhase handlers =
                CommandHandlingModule.named("cluster").commandHandlers();
        for (MessageType type : new MessageType[] {SOURCE, RESOURCE, SCHEDULER, NODE, ACCESS}) {
            handlers.commandHandler(
                    type.qualifiedName(),
                    parts -> handler.apply(parts.getComponent(EventStore.class)));
        }
        AxonConfiguration configuration =
                EventSourcingConfigurer.create()
                        .registerEventStorageEngine(
                                _ -> new JournalStorageEngine(journal, messages))
                        .registerTagResolver(_ -> LedgerMessages::tags)
                        .registerCommandHandlingModule(handlers)
                        .componentRegistry(AxonParts::withoutInterceptors)
                        .build();
        configuration.start();
        return configuration;
    }

    /** Commands carry their origin themselves; Axon's own would be copied for nobody to read. */
    private static void withoutInterceptors(ComponentRegistry parts) {
        parts.registerComponent(
                        DispatchInterceptorRegistry.class,
                        _ -> new DefaultDispatchInterceptorRegistry())
                .registerComponent(
                        HandlerInterceptorRegistry.class,
                        _ -> new DefaultHandlerInterceptorRegistry());
    }

    static MessageType type(Command command) {
        return switch (command) {
            case SourceCommand _ -> SOURCE;
            case ResourceCommand _ -> RESOURCE;
            case SchedulerCommand _ -> SCHEDULER;
            case NodeCommand _ -> NODE;
            case AccessCommand _ -> ACCESS;
        };
    }
}
