namespace Peregrine.Load.Workloads;

/// <summary>What an operation asks of a server.</summary>
public enum OperationKind
{
    /// <summary><c>tools/call</c>.</summary>
    CallTool,

    /// <summary><c>tools/list</c>, the first page.</summary>
    ListTools,

    /// <summary><c>resources/list</c>, the first page.</summary>
    ListResources,

    /// <summary><c>resources/read</c>.</summary>
    ReadResource,

    /// <summary><c>prompts/list</c>, the first page.</summary>
    ListPrompts,

    /// <summary><c>prompts/get</c>.</summary>
    GetPrompt,

    /// <summary><c>ping</c> in the session era, <c>server/discover</c> in the stateless era, which has no ping.</summary>
    Ping,
}
