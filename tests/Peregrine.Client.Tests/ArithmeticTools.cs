using Peregrine.Server.Tools;

namespace Peregrine.Client.Tests;

[McpTools]
public sealed class ArithmeticTools
{
    /// <summary>Adds two numbers.</summary>
    [McpTool]
    public static int Add(int a, int b) => a + b;
}
