using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Matrix;

/// <summary>One tool for each way to take a service, beside arguments.</summary>
[McpTools]
public sealed class ServiceTools
{
    [McpTool] public static string ByInterface(string name, IGreeter greeter) => greeter.Greet(name);

    [McpTool] public static string ByKey([FromKeyedServices("special")] IGreeter greeter, string name) => greeter.Greet(name);

    [McpTool] public static bool Absent(IComparable? absent = null) => absent is null;

    [McpTool] public static bool Provider(IServiceProvider provider) => provider.GetService(typeof(IGreeter)) is not null;

    [McpTool]
    public static string Progress(IProgress<McpProgress> progress, McpCall call)
    {
        progress.Report(new McpProgress(1, 2, "half"));
        return call.Name;
    }
}
