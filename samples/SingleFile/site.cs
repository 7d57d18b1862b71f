#:sdk Microsoft.NET.Sdk.Web
#:package Peregrine.AspNetCore@0.1.0
#:property PublishAot=false

// A server over HTTP in one file: dotnet run site.cs --urls http://localhost:3001
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPeregrine("greeter", "1.0").AddTools<Greeter>();
var app = builder.Build();
app.MapPeregrine("/mcp");
app.Run();

[McpTools]
public sealed class Greeter
{
    /// <summary>Greets somebody.</summary>
    /// <param name="name">Whom.</param>
    [McpTool]
    public static string Greet(string name) => $"Hello, {name}!";
}
