using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Allocation;

/// <summary>The tool that is measured, as a user writes it.</summary>
[McpTools]
internal sealed class EchoTools
{
    /// <summary>Returns the message.</summary>
    [McpTool]
    public static string Echo(string message) => message;
}
