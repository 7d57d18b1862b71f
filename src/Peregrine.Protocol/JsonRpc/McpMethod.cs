namespace Peregrine.Protocol.JsonRpc;

/// <summary>The methods and notifications of all five revisions that a server or a client may receive.</summary>
public enum McpMethod : byte
{
    /// <summary>A method that no revision defines, or none at all.</summary>
    Unknown,

    /// <summary><c>initialize</c></summary>
    Initialize,

    /// <summary><c>ping</c></summary>
    Ping,

    /// <summary><c>server/discover</c></summary>
    ServerDiscover,

    /// <summary><c>tools/list</c></summary>
    ToolsList,

    /// <summary><c>tools/call</c></summary>
    ToolsCall,

    /// <summary><c>resources/list</c></summary>
    ResourcesList,

    /// <summary><c>resources/templates/list</c></summary>
    ResourcesTemplatesList,

    /// <summary><c>resources/read</c></summary>
    ResourcesRead,

    /// <summary><c>resources/subscribe</c></summary>
    ResourcesSubscribe,

    /// <summary><c>resources/unsubscribe</c></summary>
    ResourcesUnsubscribe,

    /// <summary><c>prompts/list</c></summary>
    PromptsList,

    /// <summary><c>prompts/get</c></summary>
    PromptsGet,

    /// <summary><c>completion/complete</c></summary>
    CompletionComplete,

    /// <summary><c>logging/setLevel</c></summary>
    LoggingSetLevel,

    /// <summary><c>subscriptions/listen</c></summary>
    SubscriptionsListen,

    /// <summary><c>sampling/createMessage</c></summary>
    SamplingCreateMessage,

    /// <summary><c>elicitation/create</c></summary>
    ElicitationCreate,

    /// <summary><c>roots/list</c></summary>
    RootsList,

    /// <summary><c>tasks/get</c></summary>
    TasksGet,

    /// <summary><c>tasks/update</c></summary>
    TasksUpdate,

    /// <summary><c>tasks/cancel</c></summary>
    TasksCancel,

    /// <summary><c>tasks/list</c></summary>
    TasksList,

    /// <summary><c>tasks/result</c></summary>
    TasksResult,

    /// <summary><c>notifications/initialized</c></summary>
    NotificationsInitialized,

    /// <summary><c>notifications/cancelled</c></summary>
    NotificationsCancelled,

    /// <summary><c>notifications/progress</c></summary>
    NotificationsProgress,

    /// <summary><c>notifications/message</c></summary>
    NotificationsMessage,

    /// <summary><c>notifications/tools/list_changed</c></summary>
    NotificationsToolsListChanged,

    /// <summary><c>notifications/prompts/list_changed</c></summary>
    NotificationsPromptsListChanged,

    /// <summary><c>notifications/resources/list_changed</c></summary>
    NotificationsResourcesListChanged,

    /// <summary><c>notifications/resources/updated</c></summary>
    NotificationsResourcesUpdated,

    /// <summary><c>notifications/roots/list_changed</c></summary>
    NotificationsRootsListChanged,

    /// <summary><c>notifications/subscriptions/acknowledged</c></summary>
    NotificationsSubscriptionsAcknowledged,

    /// <summary><c>notifications/elicitation/complete</c></summary>
    NotificationsElicitationComplete,

    /// <summary><c>notifications/tasks/status</c></summary>
    NotificationsTasksStatus,

    /// <summary><c>notifications/tasks</c></summary>
    NotificationsTasks,
}
