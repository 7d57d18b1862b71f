using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>Tools whose methods take services.</summary>
[McpTools]
internal sealed class ParameterTools
{
    /// <summary>Takes a singleton.</summary>
    [McpTool]
    public static string Greet(string name, [FromKeyedServices("night")] string greeting) => $"{greeting}, {name}";

    /// <summary>Takes a scoped service.</summary>
    [McpTool]
    public static string Labour([FromKeyedServices("day")] UnitOfWork work, IServiceProvider services) =>
        $"{work.Number} {ReferenceEquals(work, services.GetRequiredKeyedService<UnitOfWork>("day"))}";
}
