using Peregrine.Server.Tools;

namespace Peregrine.Bench.Micro.Client;

/// <summary>The tool that is called.</summary>
[McpTools]
internal sealed class AddTools
{
    /// <summary>Adds two numbers.</summary>
    [McpTool]
    public static int Add(int a, int b) => a + b;
}
