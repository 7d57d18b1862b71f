using Peregrine.Server.Tools;

namespace Peregrine.Bench.Micro.Server;

/// <summary>The tool that is called.</summary>
[McpTools]
internal sealed class EchoTools
{
    /// <summary>Returns the message.</summary>
    [McpTool]
    public static string Echo(string message) => message;
}
