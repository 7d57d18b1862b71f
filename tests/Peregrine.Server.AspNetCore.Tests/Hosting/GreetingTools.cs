using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Hosting;

/// <summary>A tool class with a service.</summary>
[McpTools]
internal sealed class GreetingTools(Greeting greeting)
{
    /// <summary>Greets somebody.</summary>
    /// <param name="name">Whom.</param>
    [McpTool]
    public string Greet(string name) => $"{greeting.Text}, {name}";
}
