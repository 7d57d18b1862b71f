using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

// A server in a generic host: configuration, logging, services and hosted services as everywhere in .NET. The log goes to standard error by itself.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddHostedService<Stopwatch>();
builder.Services.AddPeregrine("clock", "1.0").AddTools<ClockTools>().AddStdio();
await builder.Build().RunAsync();

public sealed class Stopwatch(ILogger<Stopwatch> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        logger.LogInformation("The stopwatch has begun.");
        Console.WriteLine("What is printed does not disturb the protocol.");
        return Task.CompletedTask;
    }
}

[McpTools]
public sealed class ClockTools(IHostEnvironment environment)
{
    /// <summary>Tells in which environment the server runs.</summary>
    [McpTool(ReadOnly = true)]
    public string GetEnvironment() => environment.EnvironmentName;
}
