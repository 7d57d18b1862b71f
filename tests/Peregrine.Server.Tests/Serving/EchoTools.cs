using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Serving;

/// <summary>The tool of most tests, as a user writes it.</summary>
[McpTools]
internal sealed class EchoTools
{
    /// <summary>Returns the message.</summary>
    [McpTool]
    public static string Echo(string message) => message;
}
