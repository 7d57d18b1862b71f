#:package Peregrine@0.1.0
#:property PublishAot=false

// A server in one file: dotnet run server.cs
using Peregrine.Server;
using Peregrine.Server.Stdio;
using Peregrine.Server.Tools;

await PeregrineServer.CreateBuilder("greeter", "1.0").AddTools<Greeter>().RunStdioAsync();

[McpTools]
public sealed class Greeter
{
    /// <summary>Greets somebody.</summary>
    /// <param name="name">Whom.</param>
    [McpTool]
    public static string Greet(string name) => $"Hello, {name}!";
}
