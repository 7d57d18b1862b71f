namespace Peregrine.Load.Workloads;

/// <summary>The methods of the kinds.</summary>
internal static class OperationKinds
{
    /// <summary>All methods that a workload may name.</summary>
    internal static IReadOnlyList<string> Methods { get; } = [.. Enum.GetValues<OperationKind>().Select(static kind => kind.ToMethod())];

    /// <summary>The method; of a ping that of the session era.</summary>
    internal static string ToMethod(this OperationKind kind) => kind switch
    {
        OperationKind.CallTool => "tools/call",
        OperationKind.ListTools => "tools/list",
        OperationKind.ListResources => "resources/list",
        OperationKind.ReadResource => "resources/read",
        OperationKind.ListPrompts => "prompts/list",
        OperationKind.GetPrompt => "prompts/get",
        _ => "ping",
    };

    /// <summary>The kind of a method, or null.</summary>
    internal static OperationKind? FromMethod(string method)
    {
        foreach (var kind in Enum.GetValues<OperationKind>())
        {
            if (kind.ToMethod() == method)
            {
                return kind;
            }
        }

        return null;
    }
}
