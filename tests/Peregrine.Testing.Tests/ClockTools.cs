using Peregrine.Server.Tools;

namespace Peregrine.Testing.Tests;

/// <summary>Tools for the tests of tests.</summary>
[McpTools]
public sealed class ClockTools
{
    /// <summary>Says hello.</summary>
    /// <param name="name">To whom.</param>
    [McpTool(ReadOnly = true)]
    public static string Greet(string name) => $"Hello, {name}!";

    /// <summary>Fails.</summary>
    [McpTool]
    public static string Refuse() => throw new McpToolException("not today");

    /// <summary>Breaks.</summary>
    [McpTool]
    public static string Break() => throw new InvalidOperationException("a bug");
}
