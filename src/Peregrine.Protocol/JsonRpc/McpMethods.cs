namespace Peregrine.Protocol.JsonRpc;

/// <summary>Recognises method names by their bytes, and gives them back. Pure and thread-safe.</summary>
public static class McpMethods
{
    /// <summary>The method named by <paramref name="name"/> (unescaped UTF-8, no quotes), or <see cref="McpMethod.Unknown"/>.</summary>
    public static McpMethod Parse(ReadOnlySpan<byte> name)
    {
        // The two names that carry nearly all traffic come first; the rest is told apart by length.
        if (name.SequenceEqual("tools/call"u8))
        {
            return McpMethod.ToolsCall;
        }

        if (name.StartsWith("notifications/"u8))
        {
            return ParseNotification(name["notifications/"u8.Length..]);
        }

        return name.Length switch
        {
            4 => Is(name, "ping"u8, McpMethod.Ping),
            9 => Is(name, "tasks/get"u8, McpMethod.TasksGet),
            10 => First(Is(name, "tools/list"u8, McpMethod.ToolsList), Is(name, "initialize"u8, McpMethod.Initialize),
                Is(name, "roots/list"u8, McpMethod.RootsList), Is(name, "tasks/list"u8, McpMethod.TasksList)),
            11 => Is(name, "prompts/get"u8, McpMethod.PromptsGet),
            12 => First(Is(name, "prompts/list"u8, McpMethod.PromptsList), Is(name, "tasks/update"u8, McpMethod.TasksUpdate),
                Is(name, "tasks/cancel"u8, McpMethod.TasksCancel), Is(name, "tasks/result"u8, McpMethod.TasksResult)),
            14 => First(Is(name, "resources/list"u8, McpMethod.ResourcesList), Is(name, "resources/read"u8, McpMethod.ResourcesRead)),
            15 => Is(name, "server/discover"u8, McpMethod.ServerDiscover),
            16 => Is(name, "logging/setLevel"u8, McpMethod.LoggingSetLevel),
            18 => Is(name, "elicitation/create"u8, McpMethod.ElicitationCreate),
            19 => First(Is(name, "resources/subscribe"u8, McpMethod.ResourcesSubscribe),
                Is(name, "completion/complete"u8, McpMethod.CompletionComplete)),
            20 => Is(name, "subscriptions/listen"u8, McpMethod.SubscriptionsListen),
            21 => Is(name, "resources/unsubscribe"u8, McpMethod.ResourcesUnsubscribe),
            22 => Is(name, "sampling/createMessage"u8, McpMethod.SamplingCreateMessage),
            24 => Is(name, "resources/templates/list"u8, McpMethod.ResourcesTemplatesList),
            _ => McpMethod.Unknown,
        };
    }

    /// <summary>The wire name of <paramref name="method"/>; empty for Unknown.</summary>
    public static ReadOnlySpan<byte> ToUtf8(this McpMethod method) => method switch
    {
        McpMethod.Initialize => "initialize"u8,
        McpMethod.Ping => "ping"u8,
        McpMethod.ServerDiscover => "server/discover"u8,
        McpMethod.ToolsList => "tools/list"u8,
        McpMethod.ToolsCall => "tools/call"u8,
        McpMethod.ResourcesList => "resources/list"u8,
        McpMethod.ResourcesTemplatesList => "resources/templates/list"u8,
        McpMethod.ResourcesRead => "resources/read"u8,
        McpMethod.ResourcesSubscribe => "resources/subscribe"u8,
        McpMethod.ResourcesUnsubscribe => "resources/unsubscribe"u8,
        McpMethod.PromptsList => "prompts/list"u8,
        McpMethod.PromptsGet => "prompts/get"u8,
        McpMethod.CompletionComplete => "completion/complete"u8,
        McpMethod.LoggingSetLevel => "logging/setLevel"u8,
        McpMethod.SubscriptionsListen => "subscriptions/listen"u8,
        McpMethod.SamplingCreateMessage => "sampling/createMessage"u8,
        McpMethod.ElicitationCreate => "elicitation/create"u8,
        McpMethod.RootsList => "roots/list"u8,
        McpMethod.TasksGet => "tasks/get"u8,
        McpMethod.TasksUpdate => "tasks/update"u8,
        McpMethod.TasksCancel => "tasks/cancel"u8,
        McpMethod.TasksList => "tasks/list"u8,
        McpMethod.TasksResult => "tasks/result"u8,
        McpMethod.NotificationsInitialized => "notifications/initialized"u8,
        McpMethod.NotificationsCancelled => "notifications/cancelled"u8,
        McpMethod.NotificationsProgress => "notifications/progress"u8,
        McpMethod.NotificationsMessage => "notifications/message"u8,
        McpMethod.NotificationsToolsListChanged => "notifications/tools/list_changed"u8,
        McpMethod.NotificationsPromptsListChanged => "notifications/prompts/list_changed"u8,
        McpMethod.NotificationsResourcesListChanged => "notifications/resources/list_changed"u8,
        McpMethod.NotificationsResourcesUpdated => "notifications/resources/updated"u8,
        McpMethod.NotificationsRootsListChanged => "notifications/roots/list_changed"u8,
        McpMethod.NotificationsSubscriptionsAcknowledged => "notifications/subscriptions/acknowledged"u8,
        McpMethod.NotificationsElicitationComplete => "notifications/elicitation/complete"u8,
        McpMethod.NotificationsTasksStatus => "notifications/tasks/status"u8,
        McpMethod.NotificationsTasks => "notifications/tasks"u8,
        _ => default,
    };

    private static McpMethod ParseNotification(ReadOnlySpan<byte> rest) => rest.Length switch
    {
        5 => Is(rest, "tasks"u8, McpMethod.NotificationsTasks),
        7 => Is(rest, "message"u8, McpMethod.NotificationsMessage),
        8 => Is(rest, "progress"u8, McpMethod.NotificationsProgress),
        9 => Is(rest, "cancelled"u8, McpMethod.NotificationsCancelled),
        11 => Is(rest, "initialized"u8, McpMethod.NotificationsInitialized),
        12 => Is(rest, "tasks/status"u8, McpMethod.NotificationsTasksStatus),
        17 => Is(rest, "resources/updated"u8, McpMethod.NotificationsResourcesUpdated),
        18 => First(Is(rest, "tools/list_changed"u8, McpMethod.NotificationsToolsListChanged),
            Is(rest, "roots/list_changed"u8, McpMethod.NotificationsRootsListChanged)),
        20 => First(Is(rest, "prompts/list_changed"u8, McpMethod.NotificationsPromptsListChanged),
            Is(rest, "elicitation/complete"u8, McpMethod.NotificationsElicitationComplete)),
        22 => Is(rest, "resources/list_changed"u8, McpMethod.NotificationsResourcesListChanged),
        26 => Is(rest, "subscriptions/acknowledged"u8, McpMethod.NotificationsSubscriptionsAcknowledged),
        _ => McpMethod.Unknown,
    };

    private static McpMethod Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected, McpMethod method) =>
        name.SequenceEqual(expected) ? method : McpMethod.Unknown;

    private static McpMethod First(McpMethod a, McpMethod b, McpMethod c = McpMethod.Unknown, McpMethod d = McpMethod.Unknown) =>
        a != McpMethod.Unknown ? a : b != McpMethod.Unknown ? b : c != McpMethod.Unknown ? c : d;
}
